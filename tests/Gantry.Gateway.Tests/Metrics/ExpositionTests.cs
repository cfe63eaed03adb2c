using Gantry.Gateway.Metrics.Prometheus;
using Gantry.Gateway.Receive;
using Gantry.Testing;

namespace Gantry.Gateway.Tests.Metrics;

public class ExpositionTests
{
    private const string OfPrometheus = "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

    [Theory]
    [InlineData(OfPrometheus, true)]
    [InlineData("application/openmetrics-text; version=1.0.0; charset=utf-8", true)]
    [InlineData("application/openmetrics-text;version=0.0.1", false)]
    [InlineData("text/plain;version=0.0.4;q=0.9,application/openmetrics-text;version=1.0.0;q=0.5", false)]
    [InlineData("application/openmetrics-text;version=1.0.0;q=0", false)]
    [InlineData("text/html,*/*;q=0.8", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void The_format_is_the_one_that_is_liked_best(string? accept, bool openMetrics) =>
        Assert.Equal(openMetrics, ExpositionFormats.Of(accept) == ExpositionFormat.OpenMetrics);

    [Fact]
    public async Task Both_formats_say_the_same_and_only_OpenMetrics_has_exemplars()
    {
        await using var sink = await OtlpSink.StartAsync();
        await using var gateway = await MetricsGateway.StartAsync(sink, forward: true);
        await gateway.PostAsync(Shop.Requests(Shop.Spans(seed: 1, count: 100)));

        var (text, textType) = await gateway.ScrapeAsync();
        var (open, openType) = await gateway.ScrapeAsync(OfPrometheus);

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", textType);
        Assert.Equal("application/openmetrics-text; version=1.0.0; charset=utf-8", openType);
        Assert.Contains("# TYPE traces_span_metrics_calls_total counter\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE traces_span_metrics_calls counter\n", open, StringComparison.Ordinal);
        Assert.EndsWith("\n# EOF\n", open, StringComparison.Ordinal);
        Assert.DoesNotContain("EOF", text, StringComparison.Ordinal);
        Assert.DoesNotContain("trace_id", text, StringComparison.Ordinal);
        Assert.Contains(" # {trace_id=\"", open, StringComparison.Ordinal);
        Assert.Equal(Samples(text), Samples(open));
    }

    [Fact]
    public async Task Where_senders_need_a_token_a_scraper_does_too()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "a-token-of-this-test\n");
        await using var sink = await OtlpSink.StartAsync();
        await using var gateway = await MetricsGateway.StartAsync(sink, receive: new ReceiveOptions { TokenFile = file });
        using var client = new HttpClient();

        using var without = await client.GetAsync(new Uri(gateway.Http, "/metrics"));
        client.DefaultRequestHeaders.Authorization = new("Bearer", "a-token-of-this-test");
        using var with = await client.GetAsync(new Uri(gateway.Http, "/metrics"));

        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, without.StatusCode);
        Assert.DoesNotContain("traces_span", await without.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("gantry_gateway_requests_unauthenticated_total 1\n", await with.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        File.Delete(file);
    }

    /// <summary>Lines without comments and exemplars, whole bounds written alike.</summary>
    private static List<string> Samples(string exposition) =>
        [.. exposition.Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(" # ")[0].Replace(".0\"", "\"", StringComparison.Ordinal)).Order()];
}
