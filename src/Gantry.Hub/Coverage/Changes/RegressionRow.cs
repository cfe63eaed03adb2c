namespace Gantry.Hub.Coverage.Changes;

/// <summary>A service or host that stands lower than it did within the last week, and has for some minutes.</summary>
/// <param name="Severity">"high", "medium" or "low".</param>
/// <param name="Subject">"service" or "host".</param>
/// <param name="From">The highest rung of the last seven days.</param>
/// <param name="To">The rung that it stands on.</param>
/// <param name="Lost">"traces", "requests", "custom telemetry", "telemetry" or "measurements".</param>
/// <param name="Title">"cart lost traces since Tue 14:05 UTC".</param>
/// <param name="Detail">What is missing, and what that may mean.</param>
/// <param name="Since">When what is lost was last seen.</param>
/// <param name="FellAt">When its rung fell for it: evidence is believed for five minutes.</param>
/// <param name="Changes">What changed from half an hour before until it fell, nearest first: of itself, of its hosts, and of all that is declared.</param>
public sealed record RegressionRow(
    string Id,
    string Severity,
    string Subject,
    string SubjectId,
    string SubjectName,
    int From,
    int To,
    string Lost,
    string Title,
    string Detail,
    DateTimeOffset Since,
    DateTimeOffset FellAt,
    IReadOnlyList<ChangeRow> Changes)
{
    public string Href => $"/{Subject}s/{SubjectId}";
}

/// <summary>The regressions that there are now. Written by what watches, read by the snapshot that it watches: so it stands between the two.</summary>
internal sealed class RegressionBoard
{
    private volatile IReadOnlyList<RegressionRow> _current = [];

    /// <summary>Worst first.</summary>
    public IReadOnlyList<RegressionRow> Current
    {
        get => _current;
        set => _current = value;
    }
}
