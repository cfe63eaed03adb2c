using System.Text;
using Gantry.Protocol.Otlp.Traces;

namespace Gantry.Gateway.Metrics;

/// <summary>
/// Names that dashboards know: those of the collector's span-metrics and service-graph connectors, which Tempo's generator and Grafana share. In
/// Prometheus a dot is an underscore.
/// </summary>
internal static class MetricWords
{
    public const string ScopeName = "gantry.gateway";

    public const string Calls = "traces.span.metrics.calls";
    public const string Duration = "traces.span.metrics.duration";

    // With underscores also in OTLP: the service-graph connector writes them so, and a translation to Prometheus leaves them as they are.
    public const string EdgeCalls = "traces_service_graph_request_total";
    public const string EdgeFailed = "traces_service_graph_request_failed_total";
    public const string EdgeDuration = "traces_service_graph_request_client_seconds";

    public const string CallsHelp = "Spans, each counted once before any sampling";
    public const string DurationHelp = "Duration of spans";
    public const string EdgeCallsHelp = "Calls from client to server, as the client's spans say";
    public const string EdgeFailedHelp = "Of those, the ones with status ERROR";
    public const string EdgeDurationHelp = "Their duration as the client saw it";

    private static readonly byte[][] Kinds =
        [.. new[] { "UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER" }.Select(word => Encoding.ASCII.GetBytes("SPAN_KIND_" + word))];

    private static readonly byte[][] Statuses = [.. new[] { "UNSET", "OK", "ERROR" }.Select(word => Encoding.ASCII.GetBytes("STATUS_CODE_" + word))];

    private static readonly byte[][] Attributes =
        [.. Enumerable.Range(0, SpanAttributes.Count).Select(i => Encoding.ASCII.GetBytes(SpanAttributes.NameOf((SpanAttribute)i)))];

    private static readonly byte[][] Labels = [.. Attributes.Select(name => name.Select(c => c == (byte)'.' ? (byte)'_' : c).ToArray())];

    public static ReadOnlySpan<byte> Kind(int kind) => Kinds[kind];

    public static ReadOnlySpan<byte> Status(int status) => Statuses[status];

    /// <summary>As OTLP has it: "http.route".</summary>
    public static ReadOnlySpan<byte> Attribute(SpanAttribute attribute) => Attributes[(int)attribute];

    /// <summary>As Prometheus has it: "http_route".</summary>
    public static ReadOnlySpan<byte> Label(SpanAttribute attribute) => Labels[(int)attribute];
}
