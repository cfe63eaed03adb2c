namespace Gantry.Hub.Observations.Traces;

/// <summary>Of which times one gateway has told every chosen span. What it did not tell is a hole: of a trace of that time nobody can say what is missing.</summary>
/// <param name="until">When it last reported, where that was before this hub began.</param>
internal sealed class GatewayCover(DateTimeOffset until = default)
{
    /// <summary>Silent for longer, a gateway is taken for gone, with what it had not told. One that only cannot reach the hub still takes its share of all spans: to judge without them
    /// would call every link broken.</summary>
    public static readonly TimeSpan Gone = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Kept = Gone + TimeSpan.FromMinutes(2);

    private readonly List<(DateTimeOffset From, DateTimeOffset To)> _holes = [];
    private ulong _untilUnixNano;
    private bool _hasLeft;

    /// <summary>By the hub's clock.</summary>
    public DateTimeOffset Until { get; private set; } = until;

    /// <param name="sinceUnixNano">By the gateway's clock, as <paramref name="untilUnixNano"/>: what is compared is its own.</param>
    /// <param name="since">The same by the hub's clock.</param>
    public void Told(ulong sinceUnixNano, ulong untilUnixNano, DateTimeOffset since, DateTimeOffset now, bool isLast)
    {
        if (_untilUnixNano == 0)
        {
            // What it told another hub before, or took before this one began, is not here.
            _holes.Add((DateTimeOffset.MinValue, since));
        }
        else if (sinceUnixNano > _untilUnixNano)
        {
            _holes.Add((Until, now));
        }

        _untilUnixNano = Math.Max(_untilUnixNano, untilUnixNano);
        (Until, _hasLeft) = (now, isLast);
        _holes.RemoveAll(hole => now - hole.To > Kept);
    }

    /// <summary>It told everything that it had.</summary>
    public void Leaves() => _hasLeft = true;

    /// <summary>Another gateway took its place then: what it had not told by that time is lost, and nothing more will come. One that reports all the same is there.</summary>
    public void Ended(DateTimeOffset at)
    {
        if (!_hasLeft && Until < at)
        {
            _holes.Add((Until, at));
            _hasLeft = true;
        }
    }

    /// <summary>Whether it can still say something of that time, or never will.</summary>
    public bool IsWaitedFor(DateTimeOffset to, DateTimeOffset now) => !_hasLeft && Until < to && now - Until <= Gone;

    public bool HasHole(DateTimeOffset from, DateTimeOffset to, DateTimeOffset now) =>
        _holes.Exists(hole => hole.From < to && from < hole.To) || (!_hasLeft && now - Until > Gone && from < Until + Gone && Until < to);

    /// <summary>Nothing that is still looked at has to do with it.</summary>
    public bool IsForgotten(DateTimeOffset now) => now - Until > Kept;
}
