using Gantry.Gateway.Observe;
using Gantry.Gateway.Report;
using Gantry.Gateway.Tests.Metrics;
using Gantry.Protocol.Observations;
using Gantry.Testing;
using Gantry.Testing.Otlp;

namespace Gantry.Gateway.Tests.Report;

public class ReportContentTests
{
    [Fact]
    public async Task Edges_and_findings_reach_the_hub_exactly()
    {
        await using var sink = await OtlpSink.StartAsync();
        await using var gateway = await MetricsGateway.StartAsync(sink, forward: false);
        var spans = Shop.Spans(seed: 3, count: 500);
        await gateway.PostAsync(Shop.Requests(spans));
        await gateway.PostAsync(Shop.Requests(spans));
        var truth = spans.Where(item => item.Span.Kind is 3 or 4)
            .GroupBy(item => (item.Service, item.Span.Find("db.namespace") ?? item.Span.Find("messaging.destination.name") ?? item.Span.Find("service.peer.name")!, item.Span.Find("server.address") ?? ""))
            .ToDictionary(group => group.Key, group => (ulong)group.Count() * 2);

        await Eventually.True("all calls are told", () => Newest(sink).Values.Aggregate(0UL, (sum, edge) => sum + edge.Calls) == truth.Values.Aggregate(0UL, (sum, calls) => sum + calls));

        var edges = Newest(sink);
        Assert.Equal(truth, edges.ToDictionary(pair => pair.Key, pair => pair.Value.Calls));
        Assert.All(edges.Values, edge => Assert.Equal(edge.Calls, edge.Buckets.Aggregate(0UL, (sum, count) => sum + count)));
        Assert.Equal(2UL * (ulong)spans.Count(item => item.Span.Kind is 3 or 4 && item.Span.Status.Code == 2), edges.Values.Aggregate(0UL, (sum, edge) => sum + edge.Failed));
        Assert.All(edges.Values, edge => Assert.True(edge.StartUnixNano > 0 && edge.StartUnixNano < edge.LastUnixNano));
        // The same two resources' requests went through both shards and came twice: each attribute is missing once a resource.
        var missing = sink.Reports.SelectMany(report => report.Findings.Select(finding => (Service: report.Services.Single(item => item.Id == finding.Service).Name, finding)))
            .Where(item => item.finding.Code == FindingCodes.MissingResourceAttribute).ToList();
        Assert.All(missing, item => Assert.Equal(1UL, item.finding.Count));
        Assert.Equal(["host.id", "process.pid", "service.instance.id", "service.version", "telemetry.sdk.language"],
            missing.Where(item => item.Service == "cart").Select(item => item.finding.Example).Order());
    }

    [Theory]
    [InlineData("", "service.name")]
    [InlineData("service.name=unknown_service:java", "service.name")]
    [InlineData("service.name=shop", "service.instance.id")]
    [InlineData("service.name=shop;service.instance.id=1", "service.version")]
    [InlineData("service.name=shop;service.instance.id=1;service.version=1", "deployment.environment.name")]
    [InlineData("service.name=shop;service.instance.id=1;service.version=1;deployment.environment=old", "telemetry.sdk.language")]
    [InlineData("service.name=shop;service.instance.id=1;service.version=1;deployment.environment.name=e;telemetry.sdk.language=go", "host.id")]
    [InlineData("service.name=shop;service.instance.id=1;service.version=1;deployment.environment.name=e;telemetry.sdk.language=go;host.name=h", "process.pid")]
    [InlineData("service.name=shop;service.instance.id=1;service.version=1;deployment.environment.name=e;telemetry.sdk.language=go;container.id=c", "")]
    public void The_first_attribute_that_is_missing(string attributes, string first)
    {
        var given = attributes.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);

        Assert.Equal(first, ResourceAttributes.MissingIn(given).FirstOrDefault(""));
    }

    /// <summary>Somebody scrapes while a report is under way: what is drained then must be in the next one.</summary>
    [Fact]
    public void What_moves_while_a_report_is_under_way_is_in_the_next_one()
    {
        var totals = new HubTotals();
        totals.Add(Finding(1));
        var round = totals.CopyTo(new ObservationBatch(), all: true);
        totals.Add(Finding(2));
        totals.Acknowledge(round);

        var next = new ObservationBatch();
        totals.Acknowledge(totals.CopyTo(next, all: false));
        var quiet = new ObservationBatch();
        totals.CopyTo(quiet, all: false);

        Assert.Equal(3UL, Assert.Single(next.Findings).Count);
        Assert.Empty(quiet.Findings);
    }

    [Fact]
    public void A_report_is_cut_into_parts_that_have_everything_once()
    {
        var services = new ServiceRegistry();
        var report = new ObservationBatch();
        for (var i = 0; i < 25_000; i++)
        {
            report.Edges.Add(new EdgeSeries { Service = services.IdOf($"s{i % 7}", "", ""), Name = $"{i}" });
            report.Findings.Add(new ServiceFinding { Service = services.IdOf($"f{i % 3}", "", ""), Example = $"{i}" });
        }

        var parts = ReportParts.Of(report, services).ToList();

        Assert.Equal(report.Edges, parts.SelectMany(part => part.Edges));
        Assert.Equal(report.Findings, parts.SelectMany(part => part.Findings));
        Assert.All(parts, part => Assert.InRange(part.Edges.Count + part.Findings.Count, 1, 2 * ReportParts.MaxSeries));
        Assert.All(parts, part => Assert.Empty(part.Edges.Select(edge => edge.Service).Except(part.Services.Select(service => service.Id))));
        Assert.All(parts, part => Assert.Empty(part.Findings.Select(finding => finding.Service).Except(part.Services.Select(service => service.Id))));
    }

    private static ServiceFinding Finding(ulong count) => new() { Service = 1, Code = FindingCodes.InvalidIds, Count = count };

    private static Dictionary<(string Service, string Name, string Address), EdgeSeries> Newest(OtlpSink sink)
    {
        var newest = new Dictionary<(string, string, string), EdgeSeries>();
        foreach (var report in sink.Reports)
        {
            foreach (var edge in report.Edges)
            {
                newest[(report.Services.Single(service => service.Id == edge.Service).Name, edge.Name, edge.Address)] = edge;
            }
        }

        return newest;
    }
}
