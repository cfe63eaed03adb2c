using Gantry.Agent.Host;
using Gantry.Agent.Report;
using Gantry.Agent.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Agent.Tests.Report;

public sealed class OtlpMetricsReporterTests
{
    private static readonly Metric Gauge = new("test.gauge", "1", MetricKind.Gauge, "");

    private readonly FakeTimeProvider _time = new();
    private readonly RecordedLog _log = new();
    private readonly MetricBatch _batch = new();

    [Fact]
    public async Task Each_sample_is_one_post()
    {
        await using var gateway = await ScriptedServer.StartAsync();
        using var reporter = Create(gateway.Address);

        await SendAsync(reporter, 1);
        await SendAsync(reporter, 2);

        Assert.Equal(1, Value(await gateway.PostAsync()));
        Assert.Equal(2, Value(await gateway.PostAsync()));
        Assert.Empty(_log.Entries);
    }

    [Fact]
    public async Task A_gateway_that_is_away_is_said_once_and_again_when_it_is_back_with_fresh_values_only()
    {
        var gateway = await ScriptedServer.StartAsync();
        var address = gateway.Address;
        await gateway.DisposeAsync();
        using var reporter = Create(address);
        await SendAsync(reporter, 1);
        await SendAsync(reporter, 2);
        Assert.Equal(1, _log.Count("GatewayLost"));

        await using var back = await ScriptedServer.StartAsync(address);
        await SendAsync(reporter, 3);

        Assert.Equal(3, Value(await back.PostAsync()));
        Assert.Equal(0, back.PostsWaiting);
        Assert.Equal((1, 1), (_log.Count("GatewayLost"), _log.Count("GatewayBack")));
    }

    [Fact]
    public async Task Retry_after_is_respected()
    {
        await using var gateway = await ScriptedServer.StartAsync();
        gateway.Refusal = (503, "30");
        using var reporter = Create(gateway.Address);
        await SendAsync(reporter, 1);
        await gateway.PostAsync();
        gateway.Refusal = null;

        _time.Advance(TimeSpan.FromSeconds(29));
        await SendAsync(reporter, 2);
        Assert.Equal(0, gateway.PostsWaiting);

        _time.Advance(TimeSpan.FromSeconds(1));
        await SendAsync(reporter, 3);
        Assert.Equal(3, Value(await gateway.PostAsync()));
        Assert.Equal(1, _log.Count("GatewayBack"));
    }

    private OtlpMetricsReporter Create(string address) =>
        new(new Uri(address), TimeSpan.FromSeconds(10), "test/1", new MetricsEncoder([], "1", 1), _time, _log);

    private async Task SendAsync(OtlpMetricsReporter reporter, double value)
    {
        _batch.Restart(1);
        _batch.Add(Gauge, value);
        reporter.Send(_batch, CancellationToken.None);
        await Eventually.Within(reporter.Completion, "the request ends");
    }

    private static double Value(byte[] post) => OtlpReader.Read(post).Metrics[0].Points[0].Value;
}
