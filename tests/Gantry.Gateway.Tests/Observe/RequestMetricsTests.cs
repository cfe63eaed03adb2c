using Gantry.Gateway.Observe;
using Gantry.Protocol.Otlp.Traces;
using Gantry.Testing.Otlp;
using Google.Protobuf;

namespace Gantry.Gateway.Tests.Observe;

/// <summary>Cumulative points become increases, and no request is counted twice. Times are minutes since the gateway started.</summary>
public class RequestMetricsTests
{
    private const ulong GatewayStart = 1_800_000_000_000_000_000;
    private const ulong Second = 1_000_000_000;

    private readonly RequestMetrics _metrics = new(GatewayStart);
    private readonly SpanResolver _spans = new(exponential: false);
    private readonly ResourceEntry _resource =
        new ResourceTable(new ServiceRegistry(), () => GatewayStart).Find(Spans.Resource(("service.name", "shop")).ToByteArray());

    [Fact]
    public void A_commit_that_is_overtaken_by_a_newer_one_leaves_what_is_remembered()
    {
        Add(start: At(1), count: 10, now: At(1));
        Add(start: At(1), count: 12, now: At(3));

        // Its clock was read before the commit above, on another shard.
        Add(start: At(1), count: 1, now: At(3) - Second, route: "/other");
        Add(start: At(1), count: 15, now: At(3) + Second);

        Assert.Equal(15UL + 1, Total());
    }

    [Fact]
    public void Replicas_that_say_the_same_of_themselves_are_told_apart_by_their_start()
    {
        Add(start: At(1), count: 10, now: At(2));
        Add(start: At(1) + 1, count: 20, now: At(2));
        Add(start: At(1), count: 11, now: At(3));
        Add(start: At(1) + 1, count: 22, now: At(3));

        Assert.Equal(11UL + 22, Total());
    }

    [Fact]
    public void A_restart_counts_from_its_first_request()
    {
        Add(start: At(1), count: 10, now: At(2));
        Add(start: At(3), count: 4, now: At(4));
        Add(start: At(3), count: 5, now: At(5));
        // The last word of before came late.
        Add(start: At(1), count: 10, now: At(5));

        Assert.Equal(10UL + 5, Total());
    }

    [Fact]
    public void Without_a_start_fewer_requests_than_before_are_a_restart()
    {
        Add(start: 0, count: 10, now: At(1));
        Add(start: 0, count: 13, now: At(2));
        Add(start: 0, count: 2, now: At(3));

        Assert.Equal(3UL + 2, Total());
    }

    [Fact]
    public void A_series_that_was_forgotten_in_its_silence_is_not_counted_whole_again()
    {
        Add(start: At(1), count: 10, now: At(1));
        Add(start: At(17), count: 1, now: At(18), route: "/other");

        Add(start: At(1), count: 12, now: At(19));
        Add(start: At(1), count: 13, now: At(20));

        Assert.Equal(10UL + 1 + 1, Total());
    }

    [Fact]
    public void A_series_that_another_gateway_had_before_counts_from_now_on()
    {
        Add(start: At(1), count: 1000, now: At(60));
        Add(start: At(1), count: 1005, now: At(61));

        Assert.Equal(5UL, Total());
    }

    [Fact]
    public void A_series_that_began_before_the_gateway_counts_from_now_on()
    {
        Add(start: GatewayStart - 1, count: 1000, now: At(1));
        Add(start: GatewayStart - 1, count: 1005, now: At(2));

        Assert.Equal(5UL, Total());
    }

    private static ulong At(ulong minutes) => GatewayStart + (minutes * 60 * Second);

    private void Add(ulong start, ulong count, ulong now, string route = "/items")
    {
        var point = new HistogramDataPoint { StartTimeUnixNano = start, Count = count, Sum = 0.1, ExplicitBounds = { 1 }, BucketCounts = { count, 0 } };
        point.Attributes.AddRange(Spans.Resource(("http.route", route)).Attributes);
        var metric = new Metric
        {
            Name = "http.server.request.duration",
            Unit = "s",
            Histogram = new Histogram { AggregationTemporality = 2, DataPoints = { point } },
        };

        _metrics.Add(_resource, scope: 1, MetricView.Read(metric.ToByteArray()), SpanKinds.Server, _spans, now);
    }

    private ulong Total()
    {
        ulong sum = 0;
        _spans.Red.Drain(drained => sum += drained.Counts.Calls);
        return sum;
    }
}
