using Gantry.Estate.Use;

namespace Gantry.Estate.Journeys;

/// <summary>What each figure of a journey means, wherever it is shown.</summary>
public static class JourneyDefinitions
{
    /// <summary>Nothing that leaves Gantry says it: it needs whole traces.</summary>
    public static MetricDefinition Complete { get; } = new(
        "journey.complete", "Complete requests", "1",
        "Share of the journey's requests whose trace is whole from entry to leaves: no call without an answering span to somebody who could answer, and every declared hop that is not optional. "
        + "Looked at are whole traces that were chosen by their ids alone; the interval holds for all requests with 99 % confidence (Wilson score).",
        "");

    public static MetricDefinition Lost { get; } = new(
        "journey.lost", "Lost at a link", "1",
        "Share of the calls over a link whose trace ends there: the caller's span has no answering span on the other side. Measured on chosen traces, with the same interval; the requests beside it are counted by every gateway.",
        "");

    public static MetricDefinition Share { get; } = new(
        "journey.share", "Share of the journey", "1",
        "Calls that come by a hop over the journey's requests, on the chosen traces. More than 100 % where one request calls it several times.",
        "");

    public static MetricDefinition Rate { get; } = new(
        "journey.rate", "Journey rate", "{request}/s",
        "Requests a second of the entry operation: inbound spans of that name, counted by the gateway before any sampling.",
        "sum by (service_name, span_name) (rate(traces_span_metrics_calls_total{span_kind=~\"SPAN_KIND_SERVER|SPAN_KIND_CONSUMER\"}[1m]))");

    public static MetricDefinition Errors { get; } = new(
        "journey.errors", "Journey errors", "1",
        "Requests of the entry operation that ended with status ERROR over all of them, last minute with data.",
        "sum by (service_name, span_name) (rate(traces_span_metrics_calls_total{span_kind=~\"SPAN_KIND_SERVER|SPAN_KIND_CONSUMER\",status_code=\"STATUS_CODE_ERROR\"}[1m])) / sum by (service_name, span_name) (rate(traces_span_metrics_calls_total{span_kind=~\"SPAN_KIND_SERVER|SPAN_KIND_CONSUMER\"}[1m]))");

    public static MetricDefinition Duration { get; } = new(
        "journey.duration", "Journey duration", "s",
        "Percentiles of the duration of the entry operation's spans, interpolated within the buckets of the semantic conventions (5 ms to 10 s).",
        "histogram_quantile(0.95, sum by (service_name, span_name, le) (rate(traces_span_metrics_duration_seconds_bucket{span_kind=~\"SPAN_KIND_SERVER|SPAN_KIND_CONSUMER\"}[1m])))");

    public static MetricDefinition Reached { get; } = new(
        "journey.reached", "Rung reached", "{rung}",
        "The lowest rung of the services on the journey's way: a journey stands where its weakest service stands.",
        "");

    public static IReadOnlyList<MetricDefinition> All { get; } = [Complete, Lost, Share, Rate, Errors, Duration, Reached];
}
