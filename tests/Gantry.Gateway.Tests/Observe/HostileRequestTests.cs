using Gantry.Gateway.Observe;
using Gantry.Gateway.Report;
using Gantry.Protocol.Observations;
using Gantry.Testing.Otlp;
using Google.Protobuf;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Gateway.Tests.Observe;

/// <summary>What a sender invents must not grow without bound, and what is refused must leave nothing behind.</summary>
public class HostileRequestTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Kinds_and_codes_that_OTLP_does_not_define_are_one_series()
    {
        var observer = new Observer(_time, shards: 1);
        var spans = Enumerable.Range(0, 5000).Select(i => Spans.Span("op", kind: i % 2 == 0 ? -i : i + 6, status: (i + 3) << 4)).ToArray();

        observer.Commit(observer.ScanTraces(Spans.Request("shop", spans).ToByteArray())!);

        Assert.Equal(1, observer.Shards[0].Spans.Red.Count);
        Assert.Equal(5000UL, Drain(observer));
    }

    [Fact]
    public void A_malformed_request_leaves_no_series_and_no_resource()
    {
        var observer = new Observer(_time, shards: 1);
        observer.Commit(observer.ScanTraces(Spans.Request("shop", Spans.Span("before")).ToByteArray())!);
        var request = Spans.Request("shop", Enumerable.Range(0, 2500).Select(i => Spans.Span($"junk {i}")).ToArray());
        for (var i = 0; i < 100; i++)
        {
            request.ResourceSpans.Add(new ResourceSpans { Resource = Spans.Resource(("service.name", $"junk {i}")) });
        }

        byte[] bytes = [.. request.ToByteArray(), 0x0A, 0x7F];

        Assert.Null(observer.ScanTraces(bytes));
        Assert.Equal((1, 1), (observer.Shards[0].Spans.Red.Count, observer.Shards[0].Resources.Count));
        observer.Commit(observer.ScanTraces(Spans.Request("shop", Spans.Span("after"), Spans.Span("before")).ToByteArray())!);
        var names = new SortedDictionary<string, ulong>();
        observer.Shards[0].Spans.Red.Drain(drained => names.Add(global::System.Text.Encoding.UTF8.GetString(SpanKey.NameIn(drained.Key)), drained.Counts.Calls));
        Assert.Equal(new SortedDictionary<string, ulong> { ["after"] = 1, ["before"] = 2 }, names);
    }

    [Fact]
    public void A_huge_resource_is_counted_and_not_kept()
    {
        var observer = new Observer(_time, shards: 1);
        var request = Spans.Request("shop", Spans.Span());
        request.ResourceSpans[0].Resource.Attributes.AddRange(Spans.Resource(("filler", new string('x', 100_000))).Attributes);

        observer.Commit(observer.ScanTraces(request.ToByteArray())!);

        Assert.Equal(0, observer.Shards[0].Resources.Count);
        Assert.Equal(1UL, Drain(observer));
    }

    [Fact]
    public void Services_have_a_bound_that_no_name_escapes()
    {
        var services = new ServiceRegistry();
        for (var i = 0; i < ServiceRegistry.MaxServices + 5000; i++)
        {
            services.IdOf(i % 2 == 0 ? $"service {i}" : ServiceRegistry.OverflowName, $"namespace {i}", "");
        }

        Assert.Equal(services.IdOf(ServiceRegistry.OverflowName, "", ""), services.IdOf("one more", "", ""));
        Assert.True(services.IdOf("one more", "", "") <= ServiceRegistry.MaxServices + 1);
    }

    [Fact]
    public void A_cumulative_series_that_cannot_be_remembered_is_not_counted_again_and_again()
    {
        var observer = new Observer(_time, shards: 1);
        for (var i = 0; i <= RequestMetrics.MaxSeries; i += 500)
        {
            observer.Commit(Signal.Metrics, Histograms(i, Math.Min(500, RequestMetrics.MaxSeries - i)));
        }

        Drain(observer);
        for (var i = 0; i < 5; i++)
        {
            observer.Commit(Signal.Metrics, Histograms(1_000_000, 1));
        }

        Assert.Equal(0UL, Drain(observer));
        _time.Advance(TimeSpan.FromMinutes(17));
        observer.Commit(Signal.Metrics, Histograms(1_000_000, 1));
        Assert.Equal(10UL, Drain(observer));
    }

    [Fact]
    public void A_large_report_goes_in_parts_that_are_complete_in_themselves()
    {
        var services = new ServiceRegistry();
        var report = new ObservationBatch { GatewayId = "g" };
        for (var i = 0; i < 25_000; i++)
        {
            report.Red.Add(new RedSeries { Service = services.IdOf($"service {i % 300}", "", ""), Operation = $"op {i}", Calls = 1 });
        }

        report.Sources.AddRange(Enumerable.Range(0, 1500).Select(_ => new TelemetrySource { Service = 1 }));
        report.HostPoints.Add(new HostPoint());

        var parts = ReportParts.Of(report, services).ToList();

        Assert.Equal(3, parts.Count);
        Assert.Equal(25_000, parts.Sum(part => part.Red.Count));
        Assert.Equal(1500, parts.Sum(part => part.Sources.Count));
        Assert.Equal(1, parts.Sum(part => part.HostPoints.Count));
        Assert.All(parts, part => Assert.Empty(part.Red.Select(series => series.Service).Except(part.Services.Select(service => service.Id))));
    }

    private static ulong Drain(Observer observer)
    {
        ulong sum = 0;
        observer.Shards[0].Spans.Red.Drain(drained => sum += drained.Counts.Calls);
        return sum;
    }

    /// <summary>Cumulative histograms of ten requests each, that began after the gateway.</summary>
    private static byte[] Histograms(int first, int count)
    {
        var histogram = new Histogram { AggregationTemporality = 2 };
        for (var i = 0; i < count; i++)
        {
            var point = new HistogramDataPoint { StartTimeUnixNano = ulong.MaxValue / 2, Count = 10, Sum = 0.1, ExplicitBounds = { 1 }, BucketCounts = { 10, 0 } };
            point.Attributes.AddRange(Spans.Resource(("http.route", $"/{first + i}")).Attributes);
            histogram.DataPoints.Add(point);
        }

        return new ExportMetricsServiceRequest
        {
            ResourceMetrics =
            {
                new ResourceMetrics
                {
                    Resource = Spans.Resource(("service.name", "shop")),
                    ScopeMetrics = { new ScopeMetrics { Metrics = { new Metric { Name = "http.server.request.duration", Histogram = histogram } } } },
                },
            },
        }.ToByteArray();
    }
}
