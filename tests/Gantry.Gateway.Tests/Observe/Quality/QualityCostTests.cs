using Gantry.Estate.Quality;
using Gantry.Gateway.Observe;
using Gantry.Gateway.Observe.Quality;
using Gantry.Gateway.Report;
using Gantry.Protocol.Observations;
using Gantry.Testing.Otlp;
using Google.Protobuf;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Gateway.Tests.Observe.Quality;

/// <summary>What looking at metrics costs, and that it is bounded whatever a sender does.</summary>
public class QualityCostTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void A_point_that_was_looked_at_within_the_hour_allocates_nothing()
    {
        var observer = new Observer(_time, shards: 1);
        var request = Request("shop", points: 5000).ToByteArray();
        Commit(observer, request);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Commit(observer, request);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        var validating = Nanoseconds(() => Observer.Validate(Signal.Metrics, request));
        var all = Nanoseconds(() => Commit(observer, request));
        TestContext.Current.TestOutputHelper!.WriteLine($"a point: {validating:F0} ns to validate, {all:F0} ns to observe; {allocated} bytes a request of 5,000 points");
        // A little is of the request; a byte a point would be 5,000.
        Assert.InRange(allocated, 0, 1000);
    }

    [Fact]
    public void What_a_sender_invents_is_bounded()
    {
        var shard = new QualityShard();
        Span<byte> name = stackalloc byte[12];
        for (var i = 0; i < MetricTable.MaxPerService * 2; i++)
        {
            System.Text.Encoding.UTF8.GetBytes($"metric{i:D6}", name);
            shard.Metrics.Find(1, new MetricView { Name = name, Unit = "s"u8, Shape = MetricShape.Gauge }, 0, default);
            shard.Values.Add(1, name, "key"u8, name);
        }

        Assert.Equal(MetricTable.MaxPerService, shard.Metrics.Count);
        // Another service still has room.
        Assert.True(shard.Metrics.Find(2, new MetricView { Name = "m"u8, Unit = "s"u8, Shape = MetricShape.Gauge }, 0, default) >= 0);
    }

    [Fact]
    public void Metrics_are_told_once_and_then_seldom()
    {
        var observer = new Observer(_time, shards: 2);
        var totals = new QualityTotals();
        ulong round = 0;
        int Told()
        {
            round++;
            foreach (var shard in observer.Shards)
            {
                shard.Quality.LookAt(shard.Resources.Entries);
                shard.Quality.Metrics.Drain(fact => totals.Add(fact, round));
                shard.Quality.Facts.Drain(fact => totals.Add(fact, round));
            }

            var report = new ObservationBatch();
            totals.CopyTo(report, round - 1);
            return report.MetricFacts.Count;
        }

        var request = Request("shop", points: 3).ToByteArray();
        Commit(observer, request);
        Assert.Equal(1, Told());
        for (var i = 0; i < 60; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            Commit(observer, request);
            Assert.Equal(0, Told());
        }

        _time.Advance(TimeSpan.FromMinutes(6));
        Commit(observer, request);
        Assert.Equal(1, Told());
    }

    [Fact]
    public void An_attribute_with_many_values_becomes_a_sketch_and_one_with_few_is_not_told()
    {
        var observer = new Observer(_time, shards: 1);
        Commit(observer, Request("shop", points: 5000).ToByteArray());
        List<AttributeSketch> told = [];

        observer.Shards[0].Quality.Values.Drain(told.Add);

        var sketch = Assert.Single(told);
        Assert.Equal(("queue.wait", "id"), (sketch.Metric, sketch.Key));
        Assert.InRange(CardinalitySketch.Estimate(sketch.Registers), 4750, 5250);
    }

    private static void Commit(Observer observer, byte[] request) => observer.Commit(Signal.Metrics, request);

    /// <summary>Of processor time for one of 5,000 points, once the code is compiled well; for the eye, as machines differ.</summary>
    private static double Nanoseconds(Action observe)
    {
        const int Times = 60;
        for (var i = 0; i < Times; i++)
        {
            observe();
        }

        var before = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < Times; i++)
        {
            observe();
        }

        return (Environment.CpuUsage.TotalTime - before).TotalNanoseconds / (5000.0 * Times);
    }

    /// <summary>Each point has an id of its own, and a region of three.</summary>
    private static ExportMetricsServiceRequest Request(string service, int points)
    {
        var gauge = new Gauge();
        for (var i = 0; i < points; i++)
        {
            gauge.DataPoints.Add(new NumberDataPoint
            {
                AsInt = i,
                Attributes =
                {
                    new KeyValue { Key = "id", Value = new AnyValue { StringValue = $"{i}" } },
                    new KeyValue { Key = "region", Value = new AnyValue { StringValue = $"eu-{i % 3}" } },
                },
            });
        }

        var scope = new ScopeMetrics { Metrics = { new Metric { Name = "queue.wait", Unit = "s", Gauge = gauge } } };
        return new ExportMetricsServiceRequest { ResourceMetrics = { new ResourceMetrics { Resource = Spans.Resource(("service.name", service)), ScopeMetrics = { scope } } } };
    }
}
