namespace Gantry.Hub.Quality;

/// <summary>
/// What is known of one check of one service. Times say everything that a verdict over any window needs, and taking the same sighting twice, or two in
/// another order, changes nothing. Guarded by the lock of the observations.
/// </summary>
internal sealed class CheckEvidence
{
    /// <summary>After a pause of this length it begins anew.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromDays(1);

    private static readonly TimeSpan WriteEvery = TimeSpan.FromMinutes(1);

    private DateTimeOffset _written;

    private DateTimeOffset? _writtenBad;

    public DateTimeOffset First { get; init; }

    /// <summary>When something was last looked at.</summary>
    public DateTimeOffset Last { get; private set; }

    /// <summary>When something was last not as it should be; null for never.</summary>
    public DateTimeOffset? LastBad { get; private set; }

    /// <summary>Since when it is bad without a pause of a day.</summary>
    public DateTimeOffset? BadSince { get; private set; }

    public string Example { get; private set; } = "";

    public bool IsDirty => Last - _written >= WriteEvery || (LastBad is { } bad && (_writtenBad is not { } known || bad - known >= WriteEvery));

    public static CheckEvidence Restore(DateTimeOffset first, DateTimeOffset last, DateTimeOffset? bad, DateTimeOffset? since, string example) =>
        new() { First = first, Last = last, LastBad = bad, BadSince = since, Example = example, _written = last, _writtenBad = bad };

    public void See(DateTimeOffset at) => Last = at > Last ? at : Last;

    public void SeeBad(DateTimeOffset at, string example)
    {
        See(at);
        if (LastBad is not { } last || at - last > Pause)
        {
            BadSince = at;
        }
        else if (BadSince - at <= Pause && at < BadSince)
        {
            BadSince = at;
        }

        if (LastBad is null || at >= LastBad)
        {
            (LastBad, Example) = (at, example);
        }
    }

    /// <summary>It is written as it is now.</summary>
    /// <returns>Takes that back.</returns>
    public Action Written()
    {
        var (before, beforeBad) = (_written, _writtenBad);
        (_written, _writtenBad) = (Last, LastBad);
        return () => (_written, _writtenBad) = (before, beforeBad);
    }

    public CheckSeen ToSeen() => new(First, Last, LastBad, BadSince, Example);
}

/// <summary>A copy, for those who judge without the lock.</summary>
internal readonly record struct CheckSeen(DateTimeOffset First, DateTimeOffset Last, DateTimeOffset? LastBad, DateTimeOffset? BadSince, string Example);
