using Gantry.Hub.Coverage;
using Gantry.Hub.Coverage.Changes;
using Gantry.Hub.Coverage.Steps;
using Gantry.Hub.Journeys;
using Gantry.Hub.Observations;
using Gantry.Hub.Ui.Charts;
using Gantry.Hub.Ui.Controls;
using Gantry.Hub.Ui.Journeys;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

/// <summary>Is this journey whole, where does it break and why, how is it doing, and what is next?</summary>
public sealed partial class JourneyPage
{
    private const int MaxSteps = 8;

    private const int MaxHops = 14;

    // More upright lines than this hide the chart.
    private const int MaxMarks = 40;

    private IReadOnlyList<StepRow> _steps = [];

    private IReadOnlyList<ChartSpec> _charts = [];

    private IReadOnlyList<ChartMark> _marks = [];

    private IReadOnlyList<HopRow> _drawable = [];

    private HopRow? _charted;

    private IReadOnlyList<Cause> _causes = [];

    private bool _hasData;

    private bool _ofService;

    [Parameter, EditorRequired]
    public JourneyRow Row { get; set; } = null!;

    /// <summary>Whose figures are drawn; null for the entry.</summary>
    [Parameter]
    public HopRow? Hop { get; set; }

    [Parameter, EditorRequired]
    public ChartRange Range { get; set; } = null!;

    /// <summary>Null where no changes are kept.</summary>
    [Parameter]
    public ChangeQueries? Changes { get; set; }

    [Inject]
    private UiContext Context { get; set; } = null!;

    [Inject]
    private EstateQueries Estate { get; set; } = null!;

    protected override void OnParametersSet()
    {
        _steps = Context.Snapshot.Steps.OfJourney(Row.Name);
        _causes = Row is { State: "dark", Breaks.Count: 0 } ? UnseenJourney.Causes(Row, Context.Snapshot, Row.Entry.ServiceId is { } entry ? Estate.Operations(entry) : []) : [];
        // A journey may call one operation at several places; its figures are the same.
        _drawable = [.. Row.Hops.Where(hop => hop.End.ServiceId is not null && hop.Operation.Length > 0).DistinctBy(hop => (hop.End.ServiceId, hop.Operation))];
        var chosen = Hop is null ? null : _drawable.FirstOrDefault(hop => (hop.End.ServiceId, hop.Operation) == (Hop.End.ServiceId, Hop.Operation));
        _charted = chosen ?? (_drawable is [var first, ..] ? first : null);
        if (_charted is not { End.ServiceId: { } service } charted)
        {
            return;
        }

        // Counts by operation are kept for an hour; beyond it there are only the service's own.
        _ofService = Range.Span > RedWindow.Kept;
        var points = _ofService ? Estate.ServiceRed(service, Range.Span) : Estate.OperationRed(service, charted.Operation, Range.Span);
        _hasData = points.Count > 0;
        // "" is what is declared for all.
        var subjects = Row.Hops.Select(hop => hop.End.ServiceId).OfType<string>().Append("").ToHashSet();
        _marks = [.. (Changes?.Since(Context.Now - Range.Span, ChangeFilter.Of(subjects), MaxMarks) ?? []).Select(change => new ChartMark(change.At, $"{change.SubjectName}: {change.Text}"))];
        _charts = [.. RedCharts.Of(points, Range, Context.Now).Select(chart => chart with { Marks = _marks })];
    }

    private StepRow? StepOf(BreakRow item) => _steps.FirstOrDefault(step => step.Gain.Closes.Contains(item.Id));

    private string Learnt => Row.IsDeclared ? "hops as declared, with what was seen" : "learnt from traces";

    private string NoBreaks => Row.State switch
    {
        "whole" => "No link on its way loses traces.",
        "dark" => "Nothing was seen of it, so nothing can be said about its links.",
        _ => "No link on its way is known to lose traces. That is not the same as whole: see how many traces were looked at.",
    };

    private string Drawn => _ofService
        ? $"Counts by operation are kept for one hour, so over {Range.Title} these are all inbound requests of {_charted!.End.Name}."
        : $"Requests of {_charted!.Operation} at {_charted.End.Name}, from all its callers, by the minute.";

    private string NoSeries => $"No request of {_charted?.Operation} at {_charted?.End.Name} was measured in the last {Range.Title}.";
}
