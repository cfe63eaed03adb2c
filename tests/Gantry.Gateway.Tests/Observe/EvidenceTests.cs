using Gantry.Protocol.Observations;
using Gantry.Testing;
using Gantry.Testing.Otlp;
using Gantry.Protocol.Wire;
using Google.Protobuf;

namespace Gantry.Gateway.Tests.Observe;

public class EvidenceTests
{
    // The SDK started after the gateway, so that its first cumulative point counts whole.
    private static readonly ulong Started = (ulong)DateTimeOffset.UtcNow.AddMinutes(10).ToUnixTimeMilliseconds() * 1_000_000;

    [Fact]
    public async Task Identity_scopes_and_skeletons_travel_and_private_attributes_do_not()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        var request = Spans.Request("shop", Spans.Span(kind: 3, parent: [1, 2, 3, 4, 5, 6, 7, 8]), Spans.Span(kind: 1));
        request.ResourceSpans[0].Resource.Attributes.AddRange(Spans.Resource(("host.id", "h1"), ("process.pid", "42"), ("customer.secret", "s3cret")).Attributes);

        await gateway.PostAsync("/v1/traces", request.ToByteArray());

        await gateway.CountedAsync(2);
        var report = gateway.Sink.Reports.First(report => report.Sources.Count > 0);
        var source = Assert.Single(report.Sources);
        Assert.Equal("42", source.Find("process.pid"));
        Assert.Null(source.Find("customer.secret"));
        Assert.DoesNotContain("s3cret", System.Text.Encoding.UTF8.GetString(WireMessage.ToArray(report)), StringComparison.Ordinal);
        Assert.Equal("test", Assert.Single(source.Scopes).Name);
        var groups = report.Groups.ToDictionary(group => group.Id);
        Assert.Equal([(3, 0x0102030405060708UL), (1, 0UL)], report.Spans.Select(span => (groups[span.Group].Kind, span.Parent)));
        Assert.All(report.Groups, group => Assert.Contains(report.Services, service => service.Id == group.Service && service.Name == "shop"));
    }

    [Theory]
    // Delta points add up (3 + 5); cumulative ones replace each other (5).
    [InlineData(1, 8UL)]
    [InlineData(2, 5UL)]
    public async Task Request_metrics_become_red_by_increase(int temporality, ulong expected)
    {
        await using var gateway = await GatewayFixture.StartAsync();

        await gateway.PostAsync("/v1/metrics", Histogram(temporality, 3, errors: false).ToByteArray());
        await gateway.PostAsync("/v1/metrics", Histogram(temporality, 5, errors: false).ToByteArray());
        await gateway.PostAsync("/v1/metrics", Histogram(temporality, 2, errors: true).ToByteArray());

        await gateway.CountedAsync(expected + 2);
        var red = gateway.Sink.Red();
        Assert.Equal(expected, red[("shop", "GET /items", 2, 0, RedSource.Metrics)].Calls);
        Assert.Equal(2UL, red[("shop", "GET /items", 2, 2, RedSource.Metrics)].Calls);
        Assert.Equal(expected, red[("shop", "GET /items", 2, 0, RedSource.Metrics)].Buckets[1]);
    }

    [Fact]
    public async Task A_histogram_without_buckets_is_counted_by_its_mean()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        var request = Histogram(1, 7, errors: false);
        var point = request.ResourceMetrics[0].ScopeMetrics[0].Metrics[0].Histogram.DataPoints[0];
        point.BucketCounts.Clear();
        point.ExplicitBounds.Clear();

        await gateway.PostAsync("/v1/metrics", request.ToByteArray());

        await gateway.CountedAsync(7);
        Assert.Equal(7UL, Assert.Single(gateway.Sink.Red()).Value.Buckets[1]);
    }

    [Fact]
    public async Task Spans_of_a_resource_without_a_service_name_are_counted_too()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        var request = Spans.Request("x", Spans.Span());
        request.ResourceSpans[0].Resource = Spans.Resource(("host.name", "web-1"));

        await gateway.PostAsync("/v1/traces", request.ToByteArray());

        await gateway.CountedAsync(1);
        Assert.Equal("unknown_service", Assert.Single(gateway.Sink.Red()).Key.Service);
    }

    [Fact]
    public async Task Host_metrics_travel_with_their_attributes()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        var point = new NumberDataPoint { TimeUnixNano = 5, AsInt = 7 };
        point.Attributes.Add(new KeyValue { Key = "network.io.direction", Value = new AnyValue { StringValue = "receive" } });
        var request = new ExportMetricsServiceRequest
        {
            ResourceMetrics =
            {
                new ResourceMetrics
                {
                    Resource = Spans.Resource(("host.id", "h1"), ("host.name", "web-1")),
                    ScopeMetrics =
                    {
                        new ScopeMetrics { Metrics = { new Metric { Name = "system.network.io", Sum = new Sum { AggregationTemporality = 2, IsMonotonic = true, DataPoints = { point } } } } },
                    },
                },
            },
        };

        await gateway.PostAsync("/v1/metrics", request.ToByteArray());

        await Eventually.True("the point is reported", () => gateway.Sink.Reports.Any(report => report.HostPoints.Count > 0));
        var got = Assert.Single(gateway.Sink.Reports.SelectMany(report => report.HostPoints));
        Assert.Equal(("h1", "web-1", "system.network.io", 7.0, true), (got.HostId, got.HostName, got.Metric, got.Value, got.Cumulative));
        Assert.Equal("receive", Assert.Single(got.Attributes).Value);
    }

    private static ExportMetricsServiceRequest Histogram(int temporality, ulong count, bool errors)
    {
        var point = new HistogramDataPoint { StartTimeUnixNano = Started, Count = count, Sum = count * 0.008 };
        point.ExplicitBounds.AddRange([0.005, 0.01, 0.025]);
        point.BucketCounts.AddRange([0, count, 0, 0]);
        point.Attributes.AddRange(Spans.Resource(("http.request.method", "GET"), ("http.route", "/items")).Attributes);
        if (errors)
        {
            point.Attributes.AddRange(Spans.Resource(("error.type", "500")).Attributes);
        }

        return new ExportMetricsServiceRequest
        {
            ResourceMetrics =
            {
                new ResourceMetrics
                {
                    Resource = Spans.Resource(("service.name", "shop")),
                    ScopeMetrics =
                    {
                        new ScopeMetrics
                        {
                            Metrics = { new Metric { Name = "http.server.request.duration", Unit = "s", Histogram = new Histogram { AggregationTemporality = temporality, DataPoints = { point } } } },
                        },
                    },
                },
            },
        };
    }
}
