using Gantry.Hub.Ui.Pipelines;

namespace Gantry.Hub.Ui.Lists;

internal static class PipelineList
{
    public static ListShape<PipelineRow> Shape { get; } = new(
        [
            new("name", "Pipeline", Text: row => row.Name),
            new("type", "Type", Text: row => row.Type),
            new("matchers", "Matchers", Text: row => row.Matchers),
            // The count is made for the rows of a page, so there is no order by it.
            new("agents", "Agents now", Css: "num"),
            new("enabled", "State", Text: row => row.Enabled ? "enabled" : "off"),
            new("owner", "Owner", Text: row => row.Owner, Css: "wide"),
            new("generation", "Generation", Number: row => row.Generation, DescendingFirst: true, Css: "num wide"),
            new("applied", "Changed", Number: row => row.Applied.UtcTicks, DescendingFirst: true, Css: "num"),
        ],
        [
            new("enabled", "Enabled", row => row.Enabled),
            new("off", "Off", row => !row.Enabled),
            new("otelcol", "Collector", row => row.Type == "otelcol"),
            new("alloy", "Alloy", row => row.Type == "alloy"),
            new("obi", "eBPF", row => row.Type == "obi"),
            new("sdk", "SDK", row => row.Type == "sdk"),
            new("instrumentation", "Instrumentation", row => row.Type == "instrumentation"),
        ],
        Matches,
        row => row.Name);

    private static bool Matches(PipelineRow row, string word) =>
        row.Name.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Matchers.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Owner.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Type.Contains(word, StringComparison.OrdinalIgnoreCase);
}
