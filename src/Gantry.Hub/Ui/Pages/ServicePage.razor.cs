using Gantry.Hub.Coverage;
using Gantry.Hub.Coverage.Catalogue;
using Gantry.Hub.Ui.Charts;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

/// <summary>How is this service doing, how do we know, what is it, whom does it talk to, and what is its next step?</summary>
public sealed partial class ServicePage
{
    private const int MaxOperations = 25;

    private IReadOnlyList<ChartSpec> _charts = [];

    private IReadOnlyList<OperationRow> _operations = [];

    private IReadOnlyList<EdgeRow> _calls = [];

    private IReadOnlyList<EdgeRow> _callers = [];

    private IReadOnlyList<FindingRow> _findings = [];

    private ILookup<string, string> _readers = null!;

    private ILookup<string, string> _writers = null!;

    private NeighbourDrawing? _map;

    private bool _hasData;

    [Parameter, EditorRequired]
    public ServiceRow Row { get; set; } = null!;

    [Parameter, EditorRequired]
    public ChartRange Range { get; set; } = null!;

    [Inject]
    private EstateQueries Estate { get; set; } = null!;

    [Inject]
    private UiContext Context { get; set; } = null!;

    protected override void OnParametersSet()
    {
        var points = Estate.ServiceRed(Row.Id, Range.Span);
        _charts = RedCharts.Of(points, Range, Context.Now);
        _hasData = points.Count > 0;
        _operations = Estate.Operations(Row.Id);
        var edges = Context.Snapshot.Edges;
        _calls = MostCalled(edges.Where(edge => edge.Caller.ServiceId == Row.Id));
        _callers = MostCalled(edges.Where(edge => edge.Callee.ServiceId == Row.Id));
        var queues = _calls.Select(edge => edge.Callee.Id).Concat(_callers.Select(edge => edge.Caller.Id)).ToHashSet();
        _readers = edges.Where(edge => edge.Caller.Type == "queue" && queues.Contains(edge.Caller.Id)).ToLookup(edge => edge.Caller.Id, edge => edge.Callee.Name);
        _writers = edges.Where(edge => edge.Callee.Type == "queue" && queues.Contains(edge.Callee.Id)).ToLookup(edge => edge.Callee.Id, edge => edge.Caller.Name);
        _map = NeighbourDrawing.Of(Row, _callers, _calls, Context.Now);
        _findings = [.. Context.Snapshot.Findings.Where(finding => finding.ServiceId == Row.Id)];
    }

    private static IReadOnlyList<EdgeRow> MostCalled(IEnumerable<EdgeRow> edges) => [.. edges.OrderByDescending(edge => edge.Red?.Rate ?? 0).ThenByDescending(edge => edge.LastSeen)];

    private string NoFindings => Row.Dark
        ? "It sends nothing, so there is nothing to find."
        : "Nothing was found in what it sent within a day. Every span and resource is looked at for what is missing, refused, out of time or folded.";

    private string Verdict => Row switch
    {
        { IsUnseen: true } => "It is declared, and neither telemetry nor a process of any of its names was seen within a day.",
        { Stale: true } => $"It stood higher, on evidence that is now older than five minutes. Today it stands on rung {Row.Rung}.",
        { Rung: 0, Dark: true } => "It listens, and nothing that it sends is seen.",
        { Rung: 0 } => "Nothing that it sends is seen.",
        { Rung: 1 } => "Its host is measured. Its own requests are not.",
        { Rung: 2 } => "Its requests are counted and timed. It is not joined with another service in a trace.",
        { Rung: 3 } => "Its requests are counted and timed, and its spans are joined with other services' in traces.",
        _ => "It stands on the top rung: joined in traces, with telemetry of its own.",
    };

    /// <summary>Who is asked, and how much it matters.</summary>
    private string Standing => string.Join(" · ", new[] { Row.Title, Row.Owner.Length > 0 ? $"Owner {Row.Owner}" : "No owner", Words.Criticality(Row.Criticality) }.Where(part => part.Length > 0));

    private IEnumerable<(string Name, string Value)> Facts =>
    [
        ("Owner", Row.Owner),
        ("Criticality", Words.Criticality(Row.Criticality)),
        ("Namespace", Row.Namespace),
        ("Environment", Row.Environment),
        ("Language", Row.RuntimeVersion.Length > 0 ? $"{Words.Language(Row.Language)}, {Row.RuntimeVersion}" : Words.Language(Row.Language)),
        ("Recognised by", Row.LanguageRule),
        ("Instrumentation", Row.Instrumentation),
        ("Version", Row.VersionText),
        ("Instances", Row.Instances == 0 ? "" : Figures.Count(Row.Instances)),
        ("Requests seen", Figures.Count(Row.Requests)),
    ];

    private string Matched => Row.MatchedBy.Length > 0
        ? $"Process and telemetry were recognised as one by {Row.MatchedBy}."
        : "No telemetry was matched to a process of this service.";

    private string NoSeries => Row.Rung < 2
        ? "No inbound request of it has been measured, so there is nothing to draw. The evidence below shows what is missing."
        : $"No inbound request was measured in the last {Range.Title}. A longer range may show when it stopped.";

    private string Thinned => $"A point is {(int)_charts[0].Step.TotalSeconds} s: the mean for rates, the highest for durations.";
}
