using Gantry.Estate.Red;
using Gantry.Testing;
using Gantry.Testing.Otlp;

namespace Gantry.Gateway.Tests.Metrics;

/// <summary>A real Prometheus reads the gateway; what it answers is held against what was sent.</summary>
public class PrometheusTests
{
    private static readonly string[] Names = ["", "SPAN_KIND_INTERNAL", "SPAN_KIND_SERVER", "SPAN_KIND_CLIENT", "SPAN_KIND_PRODUCER", "SPAN_KIND_CONSUMER"];

    private static readonly string[] Dimensions =
    [
        "http.request.method", "http.route", "http.response.status_code", "rpc.system.name", "db.system.name", "db.namespace", "db.operation.name",
        "messaging.system", "messaging.destination.name", "error.type",
    ];

    [Fact]
    public async Task Counts_rates_errors_and_percentiles_are_those_of_the_spans()
    {
        await using var sink = await OtlpSink.StartAsync();
        await using var gateway = await MetricsGateway.StartAsync(sink, forward: true);
        var increase = Shop.Spans(seed: 5, count: 400);
        // Three times as much before, of each series: so no rate is bent by a counter that began at 0 a moment ago.
        List<(string Service, Span Span)> before = [.. increase, .. increase, .. increase, .. Shop.Spans(seed: 6, count: 100)];
        await gateway.PostAsync(Shop.Requests(before));
        await using var prometheus = await PrometheusServer.StartAsync(gateway.Http);
        await prometheus.UntilAsync("sum(traces_span_metrics_calls_total)", before.Count);

        await gateway.PostAsync(Shop.Requests(increase));
        var now = await prometheus.UntilAsync("sum(traces_span_metrics_calls_total)", before.Count + increase.Count);

        await CountsAreExactAsync(prometheus, now, [.. before, .. increase]);
        await RatesAreRightAsync(prometheus, now, increase);
        await DashboardsFindWhatTheyAskForAsync(prometheus, now, [.. before, .. increase]);
        await ExemplarsAreSpansAsync(prometheus, [.. before, .. increase]);
        var refused = Assert.Single(await prometheus.QueryAsync("gantry_gateway_spans_refused_total", now));
        Assert.Equal(0, refused.Value);
        var received = Assert.Single(await prometheus.QueryAsync("gantry_gateway_spans_received_total", now));
        Assert.Equal(before.Count + increase.Count, received.Value);
    }

    /// <summary>Every value comes out as it went in, however odd, and no two are taken for one.</summary>
    [Fact]
    public async Task Label_values_may_hold_anything()
    {
        string[] pieces = ["\\", "\"", "\n", "\\n", "\r", "\t", "{", "}", ",", "=", "#", " ", "ä", "漢", "🜁", "\u2028", "\u00a0", "\u0001", "\u007f", "e\u0301", "\uFEFF", "\0", "a", "le", "0"];
        var random = new Random(3);
        var values = new HashSet<string>();
        while (values.Count < 400)
        {
            values.Add(string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => pieces[random.Next(pieces.Length)])));
        }

        await using var sink = await OtlpSink.StartAsync();
        await using var gateway = await MetricsGateway.StartAsync(sink, forward: false);
        await gateway.PostAsync(
            [.. values.Select(value => Shop.Request($"service {value}", Spans.Span("op", kind: 3).With("error.type", value).With("service.peer.name", value.Replace('\0', '0'))))]);
        await using var prometheus = await PrometheusServer.StartAsync(gateway.Http);

        var now = await prometheus.UntilAsync("sum(traces_span_metrics_calls_total)", values.Count);
        var spans = await prometheus.QueryAsync("traces_span_metrics_calls_total", now);
        var edges = await prometheus.QueryAsync("traces_service_graph_request_total", now);

        Assert.Equal(values.Order(StringComparer.Ordinal), spans.Select(sample => sample["error_type"]).Order(StringComparer.Ordinal));
        Assert.All(spans, sample => Assert.Equal($"service {sample["error_type"]}", sample["service_name"]));
        Assert.Equal(values.Select(value => value.Replace('\0', '0')).Distinct().Order(StringComparer.Ordinal), edges.Select(sample => sample["server"]).Distinct().Order(StringComparer.Ordinal));
    }

    private static async Task CountsAreExactAsync(PrometheusServer prometheus, double now, List<(string Service, Span Span)> spans)
    {
        var truth = spans.GroupBy(Labels).ToDictionary(group => group.Key, group => group.ToList());

        var calls = await prometheus.QueryAsync("traces_span_metrics_calls_total", now);
        var buckets = await prometheus.QueryAsync("traces_span_metrics_duration_seconds_bucket", now);
        var counts = await prometheus.QueryAsync("traces_span_metrics_duration_seconds_count", now);
        var sums = await prometheus.QueryAsync("traces_span_metrics_duration_seconds_sum", now);

        Assert.Equal(truth.Count, calls.Count);
        Assert.All(calls, sample => Assert.Equal(truth[Labels(sample)].Count, sample.Value));
        Assert.Equal(truth.Count, counts.Count);
        Assert.All(counts, sample => Assert.Equal(truth[Labels(sample)].Count, sample.Value));
        Assert.Equal(truth.Count * DurationBuckets.Count, buckets.Count);
        Assert.All(buckets, sample =>
        {
            var bound = sample["le"] == "+Inf" ? double.PositiveInfinity : double.Parse(sample["le"], System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(truth[Labels(sample)].Count(item => item.Span.Duration() / 1e9 <= bound), sample.Value);
        });
        Assert.All(sums, sample => Assert.Equal(truth[Labels(sample)].Sum(item => item.Span.Duration() / 1e9), sample.Value, 1e-6));
    }

    private static async Task RatesAreRightAsync(PrometheusServer prometheus, double now, List<(string Service, Span Span)> increase)
    {
        var rates = await prometheus.QueryAsync(RedDefinitions.Rate.Query, now);
        var errors = await prometheus.QueryAsync(RedDefinitions.Errors.Query, now);
        var durations = await prometheus.QueryAsync(RedDefinitions.Duration.Query, now);

        // rate() stretches to the edges of the window by one factor, the same for all.
        var factor = rates[0].Value * 60 / Inbound(rates[0]["service_name"]);
        Assert.InRange(factor, 1, 3.5);
        Assert.Equal(3, rates.Count);
        Assert.All(rates, sample => Assert.Equal(Inbound(sample["service_name"]) * factor / 60, sample.Value, 1e-9));
        Assert.Equal(3, errors.Count);
        Assert.All(errors, sample => Assert.Equal(Of(sample["service_name"]).Average(span => span.Status.Code == 2 ? 1.0 : 0), sample.Value, 1e-9));
        Assert.Equal(3, durations.Count);
        Assert.All(durations, sample =>
        {
            var buckets = new ulong[DurationBuckets.Count];
            foreach (var span in Of(sample["service_name"]))
            {
                buckets[DurationBuckets.IndexOf(span.Duration())]++;
            }

            Assert.Equal(DurationBuckets.Quantile(buckets, 0.95)!.Value, sample.Value, 1e-6);
        });

        IEnumerable<Span> Of(string service) => increase.Where(item => item.Service == service).Select(item => item.Span);
        int Inbound(string service) => Of(service).Count(span => span.Kind is 2 or 5);
    }

    /// <summary>Queries in the form in which dashboards for the span-metrics connector and Grafana's service graph ask them.</summary>
    private static async Task DashboardsFindWhatTheyAskForAsync(PrometheusServer prometheus, double now, List<(string Service, Span Span)> spans)
    {
        var operations = await prometheus.QueryAsync(
            """sum by (span_name) (rate(traces_span_metrics_calls_total{service_name=~"shop|cart", span_kind="SPAN_KIND_SERVER", deployment_environment_name="test"}[1m])) > 0""", now);
        Assert.Equal(["GET /cart", "GET /orders"], operations.Select(sample => sample["span_name"]).Order());

        var percentiles = await prometheus.QueryAsync(
            """histogram_quantile(0.99, sum by (le, service_name, span_name) (rate(traces_span_metrics_duration_seconds_bucket{span_name=~"GET .*"}[1m])))""", now);
        Assert.All(percentiles, sample => Assert.InRange(sample.Value, 0, 10));
        Assert.NotEmpty(percentiles);

        var routes = await prometheus.QueryAsync("""sum by (http_route, http_response_status_code) (traces_span_metrics_calls_total{http_request_method="GET"})""", now);
        Assert.Equal(4, routes.Count);

        var edges = await prometheus.QueryAsync("sum by (client, server, connection_type) (traces_service_graph_request_total)", now);
        var failed = await prometheus.QueryAsync("sum by (client, server, connection_type) (traces_service_graph_request_failed_total)", now);
        var seconds = await prometheus.QueryAsync("sum by (client, server, connection_type) (traces_service_graph_request_client_seconds_sum)", now);
        var truth = spans.Where(item => item.Span.Kind is 3 or 4).GroupBy(item => (item.Service, Peer(item.Span)))
            .ToDictionary(group => (group.Key.Service, group.Key.Item2.Server, group.Key.Item2.Type), group => group.Select(item => item.Span).ToList());
        Assert.Equal(truth.Count, edges.Count);
        Assert.All(edges, sample => Assert.Equal(truth[Edge(sample)].Count, sample.Value));
        Assert.All(failed, sample => Assert.Equal(truth[Edge(sample)].Count(span => span.Status.Code == 2), sample.Value));
        Assert.All(seconds, sample => Assert.Equal(truth[Edge(sample)].Sum(span => span.Duration() / 1e9), sample.Value, 1e-6));

        static (string, string, string) Edge(PrometheusServer.Sample sample) => (sample["client"], sample["server"], sample["connection_type"]);
        static (string Server, string Type) Peer(Span span) => span.Find("db.namespace") is { } database ? (database, "database")
            : span.Find("messaging.destination.name") is { } queue ? (queue, "messaging_system") : (span.Find("service.peer.name")!, "");
    }

    private static async Task ExemplarsAreSpansAsync(PrometheusServer prometheus, List<(string Service, Span Span)> spans)
    {
        var sent = spans.Select(item => (Hex(item.Span.TraceId), Hex(item.Span.SpanId), item.Span.Duration() / 1e9)).ToHashSet();
        foreach (var metric in new[] { "traces_span_metrics_calls_total", "traces_span_metrics_duration_seconds_bucket" })
        {
            var exemplars = await prometheus.ExemplarsAsync(metric);
            Assert.NotEmpty(exemplars);
            Assert.All(exemplars, exemplar => Assert.Contains(exemplar, sent));
        }

        static string Hex(Google.Protobuf.ByteString id) => Convert.ToHexStringLower(id.Span);
    }

    private static string Labels((string Service, Span Span) item) => string.Join('|',
    [
        item.Service, "store", "test", item.Span.Name, Names[item.Span.Kind], item.Span.Status.Code == 2 ? "STATUS_CODE_ERROR" : "STATUS_CODE_UNSET",
        .. Dimensions.Select(name => item.Span.Find(name) ?? ""),
    ]);

    private static string Labels(PrometheusServer.Sample sample)
    {
        string[] known =
        [
            "service_name", "service_namespace", "deployment_environment_name", "span_name", "span_kind", "status_code",
            .. Dimensions.Select(name => name.Replace('.', '_')),
        ];
        Assert.Empty(sample.Labels.Keys.Except([.. known, "__name__", "job", "instance", "le"]));
        return string.Join('|', known.Select(name => sample[name]));
    }
}
