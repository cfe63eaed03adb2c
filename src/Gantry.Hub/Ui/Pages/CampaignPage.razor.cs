using Gantry.Hub.Campaigns;
using Gantry.Hub.Ui.Charts;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

/// <summary>How far is this campaign, on what evidence, and who is not there yet?</summary>
public sealed partial class CampaignPage
{
    private const int MostShown = 50;

    // More points than this cannot be told apart.
    private const int MostPoints = 360;

    private const int LongestAhead = 4;

    private static readonly TimeSpan Least = TimeSpan.FromHours(6);

    private ChartSpec? _chart;

    [Parameter, EditorRequired]
    public CampaignRow Row { get; set; } = null!;

    [Parameter, EditorRequired]
    public IReadOnlyList<CampaignPoint> Points { get; set; } = [];

    [Inject]
    private UiContext Context { get; set; } = null!;

    protected override void OnParametersSet() => _chart = Points.Count > 0 ? Burnup(Now()) : null;

    /// <summary>The points, the newest as it stands now: it is written down once a minute, and the page says both.</summary>
    private IReadOnlyList<CampaignPoint> Now() =>
        Row.State is "in progress" or "late" or "done" && Points[^1].At > Context.Now - TimeSpan.FromHours(1) ? [.. Points.Take(Points.Count - 1), Points[^1] with { Reached = Row.Reached, Services = Row.Services }] : Points;

    private IEnumerable<(string Name, string Value)> Facts =>
    [
        ("Services", Row.Journey.Length > 0 ? $"those of the journey {Row.Journey}" : "by owner, namespace or environment"),
        ("On the target", $"{Figures.Count(Row.Reached)} of {Figures.Count(Row.Services)}"),
        ("Start", Row.Start is { } start ? $"{start:yyyy-MM-dd}" : "since it was declared"),
        ("Last day", Row.By is { } by ? $"{by:yyyy-MM-dd}" : "none: a draft"),
    ];

    private string NoPoints => Row.State switch
    {
        "draft" => "A draft is not measured. Give it a last day with by.",
        "scheduled" => "It has not begun.",
        _ => "The first point is written within a minute.",
    };

    private string LastDay => Row.By is { } by ? _chart!.Marks.Count > 0 ? $" The upright line is the end of {by:yyyy-MM-dd}, the last day." : $" The last day is {by:yyyy-MM-dd}." : "";

    private string NoServices => Row.Journey.Length > 0
        ? "No service of this journey is known: its traces have not been seen, or the journey is not declared."
        : "No service has this owner, namespace and environment.";

    /// <summary>From the first point towards the last day. It is never stretched to more than a few times of what was measured: on the first day of a year there would be nothing to see.</summary>
    private ChartSpec Burnup(IReadOnlyList<CampaignPoint> points)
    {
        // The last of each stretch: how far it was by then.
        var merge = (points.Count / MostPoints) + 1;
        var shown = points.Chunk(merge).Select(chunk => chunk[^1]).ToList();
        var (from, last) = (shown[0].At, shown[^1].At);
        var end = Row.By is { } by ? new DateTimeOffset(by.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : last;
        var furthest = from + (LongestAhead * (last - from > Least ? last - from : Least));
        var to = end > last ? (end < furthest ? end : furthest) : last > from ? last : from + Least;
        var tick = (to - from).TotalHours switch { <= 12 => TimeSpan.FromHours(3), <= 48 => TimeSpan.FromHours(12), <= 240 => TimeSpan.FromDays(2), <= 1000 => TimeSpan.FromDays(7), _ => TimeSpan.FromDays(28) };
        return new ChartSpec(
            "burn-up-chart", "Services on the target", null, ChartUnit.Count, from, to, tick, TimeSpan.FromHours(merge), [.. shown.Select(point => point.At)],
            [new("on the target", LineStyle.Main, [.. shown.Select(point => (double?)point.Reached)]), new("all", LineStyle.Second, [.. shown.Select(point => (double?)point.Services)])], LeastTop: 1)
        {
            GoesBeyondNow = true,
            Marks = Row.By is { } day && end <= to ? [new ChartMark(end, $"{day:yyyy-MM-dd}, the last day")] : [],
        };
    }
}
