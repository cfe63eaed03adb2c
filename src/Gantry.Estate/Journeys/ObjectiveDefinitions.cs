using Gantry.Estate.Use;

namespace Gantry.Estate.Journeys;

/// <summary>What each figure of an objective means, wherever it is shown. The queries are of an objective about errors of 99.5 % over 28 days; `gantry openslo export` writes those of a declared one.</summary>
public static class ObjectiveDefinitions
{
    private const string GoodCalls = "sum by (service_name, span_name) (increase(traces_span_metrics_calls_total{span_kind=~\"SPAN_KIND_SERVER|SPAN_KIND_CONSUMER\",status_code!=\"STATUS_CODE_ERROR\"}[{window}]))";

    private const string AllCalls = "sum by (service_name, span_name) (increase(traces_span_metrics_calls_total{span_kind=~\"SPAN_KIND_SERVER|SPAN_KIND_CONSUMER\"}[{window}]))";

    /// <summary>Share of good requests.</summary>
    public static MetricDefinition Good { get; } = new(
        "objective.good", "Good requests", "1",
        "Good requests over all of the window, counted by the gateway before any sampling. Good is a request without status ERROR, or one that took no longer than the threshold. The query is for errors and 28 days.",
        $"{GoodCalls} / {AllCalls}".Replace("{window}", "28d", StringComparison.Ordinal));

    public static MetricDefinition Budget { get; } = new(
        "objective.budget", "Budget left", "1",
        "1 − (share of bad requests) / (1 − target): 1 is untouched, 0 is spent, below 0 is overspent. The query is for errors, 28 days and a target of 99.5 %.",
        $"1 - (1 - {GoodCalls} / {AllCalls}) / (1 - 0.995)".Replace("{window}", "28d", StringComparison.Ordinal));

    public static MetricDefinition Burn { get; } = new(
        "objective.burn", "Burn rate", "{burn}",
        "Share of bad requests within a window of the alert / (1 − target): 1 spends the budget exactly within the objective's window. An alert holds while its long and its short window both burn faster than its threshold. The query is for errors, one hour and a target of 99.5 %.",
        $"(1 - {GoodCalls} / {AllCalls}) / (1 - 0.995)".Replace("{window}", "1h", StringComparison.Ordinal));

    public static IReadOnlyList<MetricDefinition> All { get; } = [Good, Budget, Burn];
}
