using Gantry.Estate.Use;

namespace Gantry.Estate.Journeys;

/// <summary>What each figure of an objective means, wherever it is shown. The queries are of one with indicator errors, a target of 99.5 % and a window of 28 days; `gantry openslo export` writes each one's own.</summary>
public static class ObjectiveDefinitions
{
    private const string Inbound = "span_kind=~\"SPAN_KIND_SERVER|SPAN_KIND_CONSUMER\"";

    public static MetricDefinition Good { get; } = new(
        "objective.good", "Good requests", "1",
        "(requests − bad) / requests over the objective's rolling window, from every span, before any sampling. Bad is a span with status ERROR, or one that took longer than the threshold.",
        $"1 - {BadOver("28d")}");

    public static MetricDefinition Budget { get; } = new(
        "objective.budget", "Error budget left", "1",
        "1 − (bad / requests) / (1 − target) over the window: 100 % is untouched, 0 is spent, and spent 2× is twice what was allowed.",
        $"1 - {BadOver("28d")} / (1 - 0.995)");

    public static MetricDefinition Burn { get; } = new(
        "objective.burn", "Burn rate", "×",
        "(bad / requests) / (1 − target) over a short window: 1× spends the budget exactly within the objective's window. An alert holds while its long and its short window both burn faster than it allows.",
        $"{BadOver("1h")} / (1 - 0.995)");

    public static IReadOnlyList<MetricDefinition> All { get; } = [Good, Budget, Burn];

    private static string BadOver(string window) =>
        $"sum by (service_name, span_name) (increase(traces_span_metrics_calls_total{{{Inbound},status_code=\"STATUS_CODE_ERROR\"}}[{window}])) / sum by (service_name, span_name) (increase(traces_span_metrics_calls_total{{{Inbound}}}[{window}]))";
}
