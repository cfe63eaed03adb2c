namespace Gantry.Gateway.Report;

/// <summary>
/// Counts of the buckets between the lowest and the highest that has any: durations of one operation lie close together, so of 160 buckets some twenty
/// are kept, and sent.
/// </summary>
internal sealed class FineCounts
{
    private ulong[] _counts = [];

    /// <summary>Index of the first of <see cref="Counts"/>.</summary>
    public int First { get; private set; }

    public ReadOnlySpan<ulong> Counts => _counts;

    /// <param name="first">Index of the first of <paramref name="counts"/>.</param>
    public void Add(int first, ReadOnlySpan<ulong> counts)
    {
        var start = counts.IndexOfAnyExcept(0UL);
        if (start < 0)
        {
            return;
        }

        var end = counts.LastIndexOfAnyExcept(0UL) + 1;
        MakeRoom(first + start, first + end);
        for (var i = start; i < end; i++)
        {
            _counts[first + i - First] += counts[i];
        }
    }

    private void MakeRoom(int from, int to)
    {
        if (_counts.Length == 0)
        {
            (First, _counts) = (from, new ulong[to - from]);
            return;
        }

        var (low, high) = (Math.Min(First, from), Math.Max(First + _counts.Length, to));
        if (high - low > _counts.Length)
        {
            var wider = new ulong[high - low];
            _counts.CopyTo(wider, First - low);
            (First, _counts) = (low, wider);
        }
    }
}
