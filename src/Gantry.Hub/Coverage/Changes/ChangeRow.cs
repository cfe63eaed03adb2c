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
    /// <param name="subjectId">Of one row; null for all.</param>
    /// <param name="most">At most so many.</param>
    public abstract IReadOnlyList<ChangeRow> Since(DateTimeOffset since, string? subjectId = null, int most = 1000);
}
