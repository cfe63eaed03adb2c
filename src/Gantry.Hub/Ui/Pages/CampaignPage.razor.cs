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

    private ChartSpec? _chart;

    [Parameter, EditorRequired]
    public CampaignRow Row { get; set; } = null!;

    [Parameter, EditorRequired]
    public IReadOnlyList<CampaignPoint> Points { get; set; } = [];

    protected override void OnParametersSet() => _chart = Points.Count > 1 ? Burnup(Points) : null;

    private IEnumerable<(string Name, string Value)> Facts =>
    [
        ("Owner", Row.Owner),
        ("Journey", Row.Journey.Length > 0 ? Row.Journey : "none; services by owner, namespace or environment"),
        ("Start", Row.Start is { } start ? $"{start:yyyy-MM-dd}" : "since it was declared"),
        ("Last day", Row.By is { } by ? $"{by:yyyy-MM-dd}" : "none: a draft"),
    ];

    private string NoPoints => Row.State switch
    {
        "draft" => "A draft is not measured. Give it a last day with by.",
        "scheduled" => "It has not begun.",
        _ => "The line begins with the second hour that was measured.",
    };

    private string NoServices => Row.Journey.Length > 0
        ? "No service of this journey is known: its traces have not been seen, or the journey is not declared."
        : "No service has this owner, namespace and environment.";

    private static ChartSpec Burnup(IReadOnlyList<CampaignPoint> points)
    {
        // The last of each stretch: how far it was by then.
        var merge = (points.Count / MostPoints) + 1;
        var shown = points.Chunk(merge).Select(chunk => chunk[^1]).ToList();
        var (from, to) = (shown[0].At, shown[^1].At);
        var tick = (to - from).TotalHours switch { <= 12 => TimeSpan.FromHours(3), <= 48 => TimeSpan.FromHours(12), <= 240 => TimeSpan.FromDays(2), <= 1000 => TimeSpan.FromDays(7), _ => TimeSpan.FromDays(28) };
        return new ChartSpec(
            "burn-up-chart", "Services on the target", null, ChartUnit.Count, from, to, tick, TimeSpan.FromHours(merge), [.. shown.Select(point => point.At)],
            [new("on the target", LineStyle.Main, [.. shown.Select(point => (double?)point.Reached)]), new("all", LineStyle.Second, [.. shown.Select(point => (double?)point.Services)])], LeastTop: 1);
    }
}
