namespace Gantry.Hub.Coverage.Changes;

/// <summary>Something that changed: of a service, of a host, or of all that is declared.</summary>
/// <param name="Id">Number of the change, ascending.</param>
/// <param name="Kind">"version" (service.version), "instances", "rung", "configuration" (revision of its agent), "instrumentation", "sampling" or "resource" (a declared document).</param>
/// <param name="Subject">"service", "host" or "estate".</param>
/// <param name="SubjectId">Id of the row; "" for the estate.</param>
/// <param name="From">Before; "" where there was nothing.</param>
/// <param name="Text">In one line, for a person: "rung 3 to 2: joined in a trace not seen for 5 min".</param>
public sealed record ChangeRow(long Id, DateTimeOffset At, string Kind, string Subject, string SubjectId, string SubjectName, string From, string To, string Text);

/// <summary>Reads what changed, newest first; kept for 30 days.</summary>
public abstract class ChangeQueries
{
    /// <param name="filter">Null: all. It is asked before <paramref name="most"/> counts: what is rare is found among much else.</param>
    /// <param name="most">At most so many.</param>
    public abstract IReadOnlyList<ChangeRow> Since(DateTimeOffset since, ChangeFilter? filter = null, int most = 1000);
}

/// <summary>Which changes are asked for; what is left out is no condition.</summary>
public sealed record ChangeFilter
{
    /// <summary>Ids of services and hosts; "" is the estate. A service is found by each id that leads to it. Null: of all.</summary>
    public IReadOnlyCollection<string>? Subjects { get; init; }

    /// <summary>One of the kinds of <see cref="ChangeRow.Kind"/>; "": all.</summary>
    public string Kind { get; init; } = "";

    /// <summary>A kind that is left out; "": none.</summary>
    public string ExceptKind { get; init; } = "";

    /// <summary>That something was seen for the first time is left out.</summary>
    public bool WithoutFirstSeen { get; init; }

    public static ChangeFilter Of(params IReadOnlyCollection<string> subjects) => new() { Subjects = subjects };
}
