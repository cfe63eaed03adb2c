using Gantry.Estate.Use;

namespace Gantry.Estate.Red;

/// <summary>What rate, errors and duration mean, wherever they are shown.</summary>
public static class RedDefinitions
{
    public static MetricDefinition Rate { get; } = new(
        "red.rate", "Request rate", "{request}/s",
        "Inbound requests a second: SERVER and CONSUMER spans, each counted once by the gateway before any sampling; without spans, the count of http.server.request.duration.",
        "sum by (service_name) (rate(traces_span_metrics_calls_total{span_kind=~\"SPAN_KIND_SERVER|SPAN_KIND_CONSUMER\"}[1m]))");

    public static MetricDefinition Errors { get; } = new(
        "red.errors", "Error share", "1",
        "Inbound requests with status ERROR (from metrics: error.type present or status code 5xx) over all inbound requests.",
        "sum by (service_name) (rate(traces_span_metrics_calls_total{status_code=\"STATUS_CODE_ERROR\"}[1m])) / sum by (service_name) (rate(traces_span_metrics_calls_total[1m]))");

    public static MetricDefinition Duration { get; } = new(
        "red.duration", "Request duration", "s",
        "Percentiles of inbound request duration, interpolated within the buckets of the semantic conventions (5 ms to 10 s).",
        "histogram_quantile(0.95, sum by (service_name, le) (rate(traces_span_metrics_duration_seconds_bucket[1m])))");
}
