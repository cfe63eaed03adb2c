using Gantry.Hub.Coverage;
using Gantry.Hub.Ui.Charts;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

/// <summary>Is this host in trouble, in which resource, how do we know, and what runs on it?</summary>
public sealed partial class HostPage
{
    private const int MaxServices = 100;

    private IReadOnlyList<UseRow> _rows = [];

    private IReadOnlyList<ChartSpec> _charts = [];

    private IReadOnlyList<(ServiceRow Service, ProcessRow Process)> _services = [];

    private bool _hasData;

    [Parameter, EditorRequired]
    public HostRow Row { get; set; } = null!;

    [Parameter, EditorRequired]
    public ChartRange Range { get; set; } = null!;

    [Inject]
    private EstateQueries Estate { get; set; } = null!;

    [Inject]
    private UiContext Context { get; set; } = null!;

    protected override void OnParametersSet()
    {
        var points = Estate.HostUse(Row.Id, Range.Span);
        _hasData = points.Count > 0;
        _rows = UseCharts.Of(points, Range, Context.Now);
        _charts = [.. _rows.SelectMany(row => row.Cells).OfType<ChartSpec>()];
        _services =
        [
            .. Context.Snapshot.Services
                .SelectMany(service => service.Processes.Where(process => process.HostId == Row.Id).Select(process => (service, process)))
                .OrderBy(pair => pair.service.Name, StringComparer.OrdinalIgnoreCase),
        ];
    }

    private string Verdict => Row switch
    {
        { Stale: true } => "It was measured, and the evidence is now older than five minutes.",
        { Rung: 0 } => "It is known, and its utilisation, saturation and errors are not fully seen.",
        _ => "Its utilisation, saturation and errors are seen.",
    };

    private IEnumerable<(string Name, string Value)> Facts =>
    [
        ("System", Row.Os),
        ("Architecture", Row.Arch),
        ("Processes found", Figures.Count(Row.Processes)),
        ("Services", Figures.Count(Row.Services)),
        ("Dark", Figures.Count(Row.Dark)),
    ];

    private string Thinned => $"A point is {(int)_charts[0].Step.TotalSeconds} s: the mean for rates, the highest for shares.";
}
