using Gantry.Estate.Sampling;
using Gantry.Gateway.Metrics;
using Gantry.Gateway.Sample;
using Gantry.Testing;
using Gantry.Testing.Otlp;

namespace Gantry.Gateway.Tests.Metrics;

public class MetricsExportTests
{
    private const string Calls = "traces.span.metrics.calls";
    private const string Duration = "traces.span.metrics.duration";
    private const string EdgeCalls = "traces_service_graph_request_total";
    private const int Delta = 1;
    private const int Cumulative = 2;

    private static readonly MetricsOptions InDeltas = new() { Temporality = MetricsTemporality.Delta };

    [Fact]
    public async Task Cumulative_points_go_on_from_one_start_and_end_at_the_truth()
    {
        await using var sink = await OtlpSink.StartAsync();
        await using var gateway = await MetricsGateway.StartAsync(sink);
        var spans = new List<(string Service, Span Span)>();
        for (var round = 0; round < 4; round++)
        {
            var more = Shop.Spans(seed: round, count: 150);
            spans.AddRange(more);
            await gateway.PostAsync(Shop.Requests(more));
            Assert.True(await gateway.ExportAsync());
        }

        var exports = Exported.In(sink);
        Assert.Equal(4, exports.Count);
        foreach (var series in exports.SelectMany(points => points).GroupBy(point => point.Series))
        {
            Assert.Single(series.Select(point => point.Start).Distinct());
            Assert.Equal(series.Select(point => point.Count), series.Select(point => point.Count).Order());
            Assert.All(series, point => Assert.True(point.Start > 0 && point.Start < point.Time && point.Temporality == Cumulative));
        }

        var last = exports[^1];
        Assert.Equal(Truth(spans), last.Where(point => point.Name == Calls).ToDictionary(Key, point => point.Count));
        Assert.Equal(Truth(spans), last.Where(point => point.Name == Duration).ToDictionary(Key, point => point.Count));
        Assert.Equal(spans.Sum(item => item.Span.Duration() / 1e9), last.Where(point => point.Name == Duration).Sum(point => point.Sum), 1e-6);
        Assert.Equal((ulong)spans.Count(item => item.Span.Kind is 3 or 4), Sum(last, EdgeCalls));
        Assert.Equal((ulong)spans.Count(item => item.Span.Kind is 3 or 4 && item.Span.Status.Code == 2), Sum(last, "traces_service_graph_request_failed_total"));
        Assert.Equal((ulong)spans.Count(item => item.Span.Kind is 3 or 4), Sum(last, "traces_service_graph_request_client_seconds"));
        Assert.All(last, point => Assert.True(Guid.TryParse(point.Gateway, out _)));
        Assert.All(last.Where(point => point.Name is Calls or Duration), point => Assert.Equal(point.Service, point.Labels["service.name"]));
    }

    [Fact]
    public async Task Deltas_add_up_and_follow_each_other_without_a_gap()
    {
        await using var sink = await OtlpSink.StartAsync();
        await using var gateway = await MetricsGateway.StartAsync(sink, InDeltas);
        var spans = new List<(string Service, Span Span)>();
        for (var round = 0; round < 4; round++)
        {
            var more = Shop.Spans(seed: round, count: 150);
            spans.AddRange(more);
            await gateway.PostAsync(Shop.Requests(more));
            Assert.True(await gateway.ExportAsync());
        }

        Assert.True(await gateway.ExportAsync());

        // The last one had nothing to say, so nothing was sent.
        Assert.Equal(4, Exported.In(sink).Count);
        DeltasAre(spans, Exported.In(sink));
    }

    [Fact]
    public async Task Deltas_that_were_refused_go_with_the_next_ones()
    {
        await using var sink = await OtlpSink.StartAsync();
        await using var gateway = await MetricsGateway.StartAsync(sink, InDeltas);
        var spans = new List<(string Service, Span Span)>();
        int[] answers = [200, 503, 400, 429, 200, 404, 200];
        for (var round = 0; round < answers.Length; round++)
        {
            var more = Shop.Spans(seed: round, count: 80);
            spans.AddRange(more);
            await gateway.PostAsync(Shop.Requests(more));
            sink.Answer = _ => answers[round];
            Assert.Equal(answers[round] == 200, await gateway.ExportAsync());
            sink.Answer = _ => 200;
        }

        Assert.Equal(answers.Count(answer => answer == 200), Exported.In(sink).Count);
        DeltasAre(spans, Exported.In(sink));
    }

    [Fact]
    public async Task What_a_gateway_counted_last_is_sent_when_it_stops()
    {
        await using var sink = await OtlpSink.StartAsync();
        var spans = Shop.Spans(seed: 1, count: 50);
        await using (var gateway = await MetricsGateway.StartAsync(sink, InDeltas))
        {
            await gateway.PostAsync(Shop.Requests(spans));
        }

        DeltasAre(spans, Exported.In(sink));
    }

    [Fact]
    public async Task Two_gateways_are_two_writers_whose_counts_add_up()
    {
        await using var sink = await OtlpSink.StartAsync();
        await using var one = await MetricsGateway.StartAsync(sink);
        await using var two = await MetricsGateway.StartAsync(sink);
        var (first, second) = (Shop.Spans(seed: 1, count: 200), Shop.Spans(seed: 2, count: 300));
        await one.PostAsync(Shop.Requests(first));
        await two.PostAsync(Shop.Requests(second));
        Assert.True(await one.ExportAsync());
        Assert.True(await two.ExportAsync());

        var points = Exported.In(sink).SelectMany(export => export).ToList();

        // No series has two writers.
        Assert.Equal(points.Count, points.Select(point => point.Series).Distinct().Count());
        Assert.Equal(2, points.Select(point => point.Gateway).Distinct().Count());
        var sums = points.Where(point => point.Name == Calls).GroupBy(Key).ToDictionary(group => group.Key, group => Sum(group, Calls));
        Assert.Equal(Truth([.. first, .. second]), sums);
    }

    [Fact]
    public async Task Exponential_buckets_are_those_of_the_definition()
    {
        await using var sink = await OtlpSink.StartAsync();
        await using var gateway = await MetricsGateway.StartAsync(sink, new MetricsOptions { Histogram = MetricsHistogram.Exponential });
        // Far below, far above, and on and beside the bounds.
        ulong[] edges = [0, 1, 953, 954, 1134, 1135, 999_999_999, 1_000_000_000, 1_000_000_001, 4_000_000_000, 4_000_000_001, 2_000_000_000_000_000];
        List<(string Service, Span Span)> spans = Shop.Spans(seed: 8, count: 600);
        foreach (var nano in edges)
        {
            var span = Spans.Span("edge");
            span.EndTimeUnixNano = span.StartTimeUnixNano + nano;
            spans.Add(("shop", span));
        }

        await gateway.PostAsync(Shop.Requests(spans));
        Assert.True(await gateway.ExportAsync());

        var points = Assert.Single(Exported.In(sink)).Where(point => point.Name == Duration).ToList();
        var truth = spans.GroupBy(Key).ToDictionary(group => group.Key, group => group.Select(item => item.Span.Duration() / 1e9).ToList());
        Assert.Equal(truth.Count, points.Count);
        foreach (var point in points)
        {
            var histogram = point.Exponential!;
            var seconds = truth[Key(point)];
            Assert.Equal(2, histogram.Scale);
            Assert.Equal((ulong)seconds.Count, histogram.Count);
            Assert.Equal((ulong)seconds.Count(value => value <= histogram.ZeroThreshold), histogram.ZeroCount);
            Assert.Equal(histogram.Count, histogram.ZeroCount + histogram.Positive.BucketCounts.Aggregate(0UL, (sum, count) => sum + count));
            for (var i = 0; i < histogram.Positive.BucketCounts.Count; i++)
            {
                // (base^index, base^(index+1)], base = 2^(2^-scale); the last of 160 has all above.
                var index = histogram.Positive.Offset + i;
                var (low, high) = (Math.Pow(2, index / 4.0), index == -80 + 159 ? double.PositiveInfinity : Math.Pow(2, (index + 1) / 4.0));
                Assert.Equal((ulong)seconds.Count(value => value > low && value <= high), histogram.Positive.BucketCounts[i]);
            }
        }
    }

    [Fact]
    public async Task Exemplars_are_spans_that_were_passed_on()
    {
        await using var sink = await OtlpSink.StartAsync();
        await using var gateway = await MetricsGateway.StartAsync(sink);
        gateway.Get<SamplerState>().Swap(new SamplingModel { Revision = "tenth", Default = 0.1 });
        var spans = Shop.Spans(seed: 4, count: 2000);
        await gateway.PostAsync(Shop.Requests(spans));
        Assert.True(await gateway.ExportAsync());
        Assert.True(await gateway.ExportAsync());

        var passedOn = sink.Requests.Where(request => request.Path == "/v1/traces")
            .SelectMany(request => ExportTraceServiceRequest.Parser.ParseFrom(request.Body).ResourceSpans)
            .SelectMany(resource => resource.ScopeSpans).SelectMany(scope => scope.Spans)
            .ToDictionary(span => (span.TraceId, span.SpanId), span => span.Duration() / 1e9);
        var exports = Exported.In(sink);
        var exemplars = exports[0].SelectMany(point => point.Exemplars).ToList();

        Assert.InRange(passedOn.Count, 120, 300);
        Assert.Equal((ulong)spans.Count, Sum(exports[0], Calls));
        Assert.NotEmpty(exemplars);
        Assert.All(exemplars, exemplar => Assert.Equal(passedOn[(exemplar.TraceId, exemplar.SpanId)], exemplar.AsDouble));
        // Each is told once.
        Assert.DoesNotContain(exports[1], point => point.Exemplars.Count > 0);
    }

    [Fact]
    public async Task Many_series_go_out_in_parts_that_every_receiver_takes()
    {
        await using var sink = await OtlpSink.StartAsync();
        await using var gateway = await MetricsGateway.StartAsync(sink);
        var services = Enumerable.Range(0, 6).Select(i => $"service {(char)('a' + i)}").ToList();
        await gateway.PostAsync([.. services.Select(service => Shop.Request(service, [.. Names(1500).Select(name => Spans.Span(name))]))]);

        Assert.True(await gateway.ExportAsync());

        var parts = sink.Requests.Where(request => request.Path == "/v1/metrics").ToList();
        Assert.InRange(parts.Count, 3, 100);
        Assert.All(parts, part => Assert.InRange(part.Body.Length, 1, 4 * 1024 * 1024));
        var calls = Exported.In(sink).SelectMany(points => points).Where(point => point.Name == Calls).ToList();
        Assert.Equal(6 * 1500, calls.Select(Key).Distinct().Count());
        Assert.Equal(6 * 1500, (int)Sum(calls, Calls));
    }

    [Fact]
    public async Task What_a_service_has_too_many_of_is_one_overflow_point_that_keeps_rates_right()
    {
        await using var sink = await OtlpSink.StartAsync();
        await using var gateway = await MetricsGateway.StartAsync(sink);
        await gateway.PostAsync(Shop.Request("shop", [.. Names(2600).Select((name, i) => Spans.Span(name, kind: 2, status: i % 4 == 0 ? 2 : 0))]));
        Assert.True(await gateway.ExportAsync());

        var calls = Exported.In(sink).SelectMany(points => points).Where(point => point.Name == Calls).ToList();
        var overflow = calls.Where(point => point.Labels.GetValueOrDefault("otel.metric.overflow") == "true").ToList();

        Assert.Equal(2600UL, Sum(calls, Calls));
        Assert.Equal(650UL, Sum(calls.Where(point => point.Labels["status.code"] == "STATUS_CODE_ERROR"), Calls));
        Assert.Equal(["STATUS_CODE_ERROR", "STATUS_CODE_UNSET"], overflow.Select(point => point.Labels["status.code"]).Order());
        Assert.All(overflow, point => Assert.False(point.Labels.ContainsKey("span.name")));
        var (text, _) = await gateway.ScrapeAsync();
        Assert.Equal(2, text.Split('\n').Count(line => line.StartsWith("traces_span_metrics_calls_total", StringComparison.Ordinal) && line.Contains("otel_metric_overflow=\"true\"", StringComparison.Ordinal)));
    }

    /// <summary>Names of letters only: nothing in them looks like an id.</summary>
    private static IEnumerable<string> Names(int count) =>
        Enumerable.Range(0, count).Select(i => string.Concat("op ", (char)('a' + (i % 26)), (char)('a' + (i / 26 % 26)), (char)('a' + (i / 676))));

    private static void DeltasAre(List<(string Service, Span Span)> spans, List<List<Exported>> exports)
    {
        var points = exports.SelectMany(export => export).ToList();
        Assert.All(points, point => Assert.Equal(Delta, point.Temporality));
        foreach (var metric in new[] { Calls, Duration })
        {
            Assert.Equal(Truth(spans), points.Where(point => point.Name == metric).GroupBy(Key).ToDictionary(group => group.Key, group => Sum(group, metric)));
        }

        Assert.Equal(spans.Sum(item => item.Span.Duration() / 1e9), points.Where(point => point.Name == Duration).Sum(point => point.Sum), 1e-6);
        Assert.Equal((ulong)spans.Count(item => item.Span.Kind is 3 or 4), Sum(points, EdgeCalls));
        foreach (var series in points.GroupBy(point => point.Series))
        {
            var ordered = series.OrderBy(point => point.Time).ToList();
            Assert.All(ordered, point => Assert.True(point.Start > 0 && point.Start < point.Time));
            Assert.All(ordered.Zip(ordered.Skip(1)), pair => Assert.Equal(pair.First.Time, pair.Second.Start));
        }
    }

    private static Dictionary<string, ulong> Truth(List<(string Service, Span Span)> spans) => spans.GroupBy(Key).ToDictionary(group => group.Key, group => (ulong)group.Count());

    private static ulong Sum(IEnumerable<Exported> points, string metric) =>
        points.Where(point => point.Name == metric).Aggregate(0UL, (sum, point) => sum + point.Count);

    private static string Key((string Service, Span Span) item) =>
        $"{item.Service} {item.Span.Name} {item.Span.Kind} {item.Span.Status.Code} {item.Span.Find("http.route")} {item.Span.Find("http.response.status_code")} {item.Span.Find("error.type")}";

    private static string Key(Exported point)
    {
        string Label(string name) => point.Labels.GetValueOrDefault(name, "");

        string[] kinds = ["SPAN_KIND_UNSPECIFIED", "SPAN_KIND_INTERNAL", "SPAN_KIND_SERVER", "SPAN_KIND_CLIENT", "SPAN_KIND_PRODUCER", "SPAN_KIND_CONSUMER"];
        string[] statuses = ["STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"];
        return $"{point.Service} {Label("span.name")} {Array.IndexOf(kinds, Label("span.kind"))} {Array.IndexOf(statuses, Label("status.code"))} "
            + $"{Label("http.route")} {Label("http.response.status_code")} {Label("error.type")}";
    }
}
