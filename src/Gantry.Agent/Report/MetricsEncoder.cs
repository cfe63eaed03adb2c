using Gantry.Agent.Host;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Otlp.Metrics;
using Gantry.Protocol.Wire;

namespace Gantry.Agent.Report;

/// <summary>A sample as an OTLP request, in a buffer that is kept. Sums are cumulative since the host booted, which is their start time, unless they say otherwise.</summary>
internal sealed class MetricsEncoder(IReadOnlyList<KeyValue> resource, string scopeVersion, ulong bootUnixNano) : IDisposable
{
    public const string Scope = "io.gantry.agent/host";

    private readonly ProtoWriter _writer = new(32 * 1024);

    /// <summary>Valid until the next call.</summary>
    public ReadOnlyMemory<byte> Encode(MetricBatch batch)
    {
        _writer.Clear();
        var request = new MetricsRequestWriter(_writer);
        request.Begin(resource, Scope, scopeVersion);
        foreach (var metric in batch.Metrics)
        {
            WriteMetric(request, metric, batch);
        }

        request.End();
        return _writer.WrittenMemory;
    }

    public void Dispose() => _writer.Dispose();

    private void WriteMetric(MetricsRequestWriter request, Metric metric, MetricBatch batch)
    {
        var isGauge = metric.Kind == MetricKind.Gauge;
        if (isGauge)
        {
            request.BeginGauge(metric.Name, metric.Unit, metric.Description);
        }
        else
        {
            request.BeginSum(metric.Name, metric.Unit, metric.Description, metric.Kind == MetricKind.Counter);
        }

        // Points of one metric are not neighbours: a reader fills several metrics from one line. Some 300 points make the search cheap.
        foreach (ref readonly var point in batch.Points)
        {
            if (ReferenceEquals(point.Metric, metric))
            {
                request.BeginPoint(isGauge ? 0 : point.Labels?.StartUnixNano ?? bootUnixNano, batch.TimeUnixNano);
                WritePoint(request, point);
            }
        }

        request.EndMetric();
    }

    private static void WritePoint(MetricsRequestWriter request, in MetricPoint point)
    {
        foreach (var tag in point.Labels?.Tags ?? [])
        {
            WriteTag(request, tag);
        }

        WriteTag(request, point.A);
        WriteTag(request, point.B);
        WriteTag(request, point.C);
        WriteTag(request, point.D);
        WriteTag(request, point.E);
        if (point.IsInteger)
        {
            request.EndPoint(point.Integer);
        }
        else
        {
            request.EndPoint(point.Number);
        }
    }

    private static void WriteTag(MetricsRequestWriter request, Tag tag)
    {
        if (tag.Key is not null)
        {
            request.Attribute(tag.Key, tag.Value);
        }
    }
}
