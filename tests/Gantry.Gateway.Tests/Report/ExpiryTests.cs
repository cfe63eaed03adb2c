using Gantry.Gateway.Metrics;
using Gantry.Gateway.Observe;
using Gantry.Gateway.Tests.Metrics;
using Gantry.Protocol.Wire;
using Gantry.Testing;
using Google.Protobuf;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Gateway.Tests.Report;

public class ExpiryTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task An_idle_series_is_gone_everywhere_and_begins_anew_when_it_returns()
    {
        await using var sink = await OtlpSink.StartAsync();
        await using var gateway = await MetricsGateway.StartAsync(sink, forward: true, time: _time);
        await gateway.PostAsync(Shop.Request("shop", Client("rare"), Client("often")), Shop.Request("shop", Client("rare")));
        Assert.True(await gateway.ExportAsync());
        await ToldAsync(sink, "rare", 2);

        for (var minute = 0; minute < 20; minute++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            await gateway.PostAsync(Shop.Request("shop", Client("often")));
            await gateway.ScrapeAsync();
        }

        var (text, _) = await gateway.ScrapeAsync();
        Assert.DoesNotContain("rare", text, StringComparison.Ordinal);
        Assert.Contains("traces_span_metrics_calls_total{service_name=\"shop\",service_namespace=\"store\",deployment_environment_name=\"test\",span_name=\"often\"", text, StringComparison.Ordinal);
        // The edge of "often" was in use all the time.
        Assert.Contains("server=\"often peer\"", text, StringComparison.Ordinal);
        Assert.True(await gateway.ExportAsync());
        Assert.DoesNotContain(Exported.In(sink)[^1], point => point.Labels.GetValueOrDefault("span.name") == "rare");
        // Nothing of it is left in the shards: one series, one edge.
        Assert.All(gateway.Get<Observer>().Shards, shard => Assert.InRange(shard.Spans.Red.Count + shard.Spans.Edges.Count, 0, 2));

        var before = sink.Red().Single(pair => pair.Key.Operation == "rare").Value;
        await gateway.PostAsync(Shop.Request("shop", Client("rare")));
        Assert.True(await gateway.ExportAsync());
        var exports = Exported.In(sink);
        var (old, anew) = (Rare(exports[0]), Rare(exports[^1]));
        Assert.Equal((2UL, 1UL), (old.Count, anew.Count));
        Assert.True(anew.Start >= old.Time, "it counts from 0 since a later time");
        await ToldAsync(sink, "rare", 1);
        Assert.True(sink.Red().Single(pair => pair.Key.Operation == "rare").Value.StartUnixNano > before.StartUnixNano);
    }

    [Fact]
    public async Task Deltas_that_nobody_took_outlive_their_series()
    {
        await using var sink = await OtlpSink.StartAsync();
        await using var gateway = await MetricsGateway.StartAsync(sink, new MetricsOptions { Temporality = MetricsTemporality.Delta }, time: _time);
        await gateway.PostAsync(Shop.Request("shop", Client("rare"), Client("rare")));
        sink.Answer = _ => 503;
        Assert.False(await gateway.ExportAsync());
        for (var minute = 0; minute < 20; minute++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            Assert.False(await gateway.ExportAsync());
        }

        sink.Answer = _ => 200;
        await gateway.PostAsync(Shop.Request("shop", Client("rare")));
        Assert.True(await gateway.ExportAsync());
        Assert.True(await gateway.ExportAsync());

        var points = Assert.Single(Exported.In(sink)).Where(point => point.Name == "traces.span.metrics.calls").ToList();
        Assert.Equal(3UL, points.Aggregate(0UL, (sum, point) => sum + point.Count));
    }

    /// <summary>A request waits at its destination while the series that it found is looked at for being idle.</summary>
    [Fact]
    public void A_series_that_a_request_under_way_has_found_stays()
    {
        var observer = new Observer(_time, shards: 1);
        var spans = observer.Shards[0].Spans;
        // A folded name is not remembered by its raw key: only the series itself knows that it was found.
        var ticket = observer.ScanTraces(Shop.Request("shop", Client("GET /users/4f1c2a90-7d3e-4b56-9a1f-0c2d3e4f5a6b")).ToByteArray())!;
        spans.Expire(uint.MaxValue, ulong.MaxValue);
        var other = observer.ScanTraces(Shop.Request("shop", Client("other")).ToByteArray())!;
        observer.Commit(ticket);
        observer.Discard(other);

        var counted = new List<(string Name, ulong Calls)>();
        spans.Red.Drain(drained => counted.Add((System.Text.Encoding.UTF8.GetString(SpanKey.NameIn(drained.Key)), drained.Counts.Calls)));

        var (name, calls) = Assert.Single(counted);
        Assert.StartsWith("GET /users/", name, StringComparison.Ordinal);
        Assert.Equal(1UL, calls);
    }

    private static Gantry.Testing.Otlp.Span Client(string name) => Spans.Span(name, kind: 3).With("service.peer.name", $"{name} peer");

    private static Exported Rare(List<Exported> points) =>
        points.Single(point => point.Name == "traces.span.metrics.calls" && point.Labels["span.name"] == "rare");

    /// <summary>The reporter's clock is the test's, too.</summary>
    private async Task ToldAsync(OtlpSink sink, string operation, ulong calls) => await Eventually.True($"the hub knows {calls} calls of {operation}", () =>
    {
        _time.Advance(TimeSpan.FromMilliseconds(60));
        return sink.Red().Any(pair => pair.Key.Operation == operation && pair.Value.Calls == calls);
    });
}
