using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Otlp.Metrics;
using Gantry.Protocol.Otlp.Schema;
using Gantry.Protocol.Wire;

namespace Gantry.Protocol.Tests.Otlp;

public class MetricsRequestWriterTests
{
    [Fact]
    public void What_the_agent_writes_the_official_parser_reads()
    {
        using var writer = new ProtoWriter(16);
        var metrics = new MetricsRequestWriter(writer);
        metrics.Begin([new KeyValue("host.id", "h1"), new KeyValue("host.arch", "amd64")], "scope", "1.0");
        WriteMetrics(metrics);
        metrics.End();

        var request = Theirs.ExportMetricsServiceRequest.Parser.ParseFrom(writer.Written);

        Assert.Null(SchemaValidator.Validate(OtlpSchema.Metrics, writer.Written));
        var block = Assert.Single(request.ResourceMetrics);
        Assert.Equal(["host.id=h1", "host.arch=amd64"], block.Resource.Attributes.Select(pair => $"{pair.Key}={pair.Value.StringValue}"));
        var scope = Assert.Single(block.ScopeMetrics);
        Assert.Equal(("scope", "1.0"), (scope.Scope.Name, scope.Scope.Version));
        var sum = scope.Metrics[0];
        Assert.Equal(("system.disk.io", "By", 2, true), (sum.Name, sum.Unit, sum.Sum.AggregationTemporality, sum.Sum.IsMonotonic));
        Assert.Equal([0L, 1L << 40], sum.Sum.DataPoints.Select(point => point.AsInt));
        Assert.Equal(["sda", "sdb"], sum.Sum.DataPoints.Select(point => Assert.Single(point.Attributes).Value.StringValue));
        Assert.All(sum.Sum.DataPoints, point => Assert.Equal((5UL, 9UL), (point.StartTimeUnixNano, point.TimeUnixNano)));
        Assert.Equal(0.25, Assert.Single(scope.Metrics[1].Gauge.DataPoints).AsDouble);
    }

    private static void WriteMetrics(MetricsRequestWriter metrics)
    {
        metrics.BeginSum("system.disk.io", "By", "Disk bytes transferred.", isMonotonic: true);
        foreach (var (device, value) in new[] { ("sda", 0L), ("sdb", 1L << 40) })
        {
            metrics.BeginPoint(5, 9);
            metrics.Attribute("system.device", device);
            metrics.EndPoint(value);
        }

        metrics.EndMetric();
        metrics.BeginGauge("system.cpu.utilization", "1", "Share.");
        metrics.BeginPoint(0, 9);
        metrics.EndPoint(0.25);
        metrics.EndMetric();
    }
}
