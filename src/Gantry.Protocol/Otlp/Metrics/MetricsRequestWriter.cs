using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;

namespace Gantry.Protocol.Otlp.Metrics;

/// <summary>
/// Writes an ExportMetricsServiceRequest of one resource and one scope, from the outside inwards, into a buffer that it keeps:
/// <code>
/// Begin(resource, scope) { BeginSum | BeginGauge { BeginPoint, Attribute*, EndPoint }* EndMetric }* End
/// </code>
/// It checks no order: the caller's code is the order. Not thread-safe.
/// </summary>
/// <remarks>
/// opentelemetry/proto/metrics/v1/metrics.proto. ExportMetricsServiceRequest: resource_metrics = 1. ResourceMetrics: resource = 1,
/// scope_metrics = 2. ScopeMetrics: scope = 1, metrics = 2. Metric: name = 1, description = 2, unit = 3, gauge = 5, sum = 7.
/// Gauge: data_points = 1. Sum: data_points = 1, aggregation_temporality = 2, is_monotonic = 3. NumberDataPoint:
/// start_time_unix_nano = 2, time_unix_nano = 3, as_double = 4, as_int = 6, attributes = 7.
/// </remarks>
public sealed class MetricsRequestWriter(ProtoWriter writer)
{
    private const int Cumulative = 2;

    private int _resourceMetrics;
    private int _scopeMetrics;
    private int _metric;
    private int _data;
    private int _point;
    private bool _isSum;
    private bool _isMonotonic;

    public void Begin(IReadOnlyList<KeyValue> resource, string scopeName, string scopeVersion)
    {
        _resourceMetrics = writer.Begin(1);
        var mark = writer.Begin(1);
        writer.Messages(1, resource);
        writer.End(mark);
        _scopeMetrics = writer.Begin(2);
        mark = writer.Begin(1);
        writer.String(1, scopeName);
        writer.String(2, scopeVersion);
        writer.End(mark);
    }

    /// <summary>A cumulative sum: a counter when it only grows, else an up-down counter.</summary>
    public void BeginSum(string name, string unit, string description, bool isMonotonic)
    {
        BeginMetric(name, unit, description);
        _isSum = true;
        _isMonotonic = isMonotonic;
        _data = writer.Begin(7);
    }

    public void BeginGauge(string name, string unit, string description)
    {
        BeginMetric(name, unit, description);
        _isSum = false;
        _data = writer.Begin(5);
    }

    /// <param name="startUnixNano">0 for gauges, which have no start.</param>
    public void BeginPoint(ulong startUnixNano, ulong timeUnixNano)
    {
        _point = writer.Begin(1);
        writer.Fixed64(2, startUnixNano);
        writer.Fixed64(3, timeUnixNano);
    }

    public void Attribute(string key, string value)
    {
        var pair = writer.Begin(7);
        writer.String(1, key);
        var any = writer.Begin(2);
        writer.PresentString(1, value);
        writer.End(any);
        writer.End(pair);
    }

    public void EndPoint(double value)
    {
        writer.PresentDouble(4, value);
        writer.End(_point);
    }

    public void EndPoint(long value)
    {
        // sfixed64 and part of a oneof: 0 is a value too.
        writer.Tag(6, WireType.Fixed64);
        writer.RawFixed64((ulong)value);
        writer.End(_point);
    }

    public void EndMetric()
    {
        if (_isSum)
        {
            writer.Int(2, Cumulative);
            writer.Bool(3, _isMonotonic);
        }

        writer.End(_data);
        writer.End(_metric);
    }

    public void End()
    {
        writer.End(_scopeMetrics);
        writer.End(_resourceMetrics);
    }

    private void BeginMetric(string name, string unit, string description)
    {
        _metric = writer.Begin(2);
        writer.String(1, name);
        writer.String(2, description);
        writer.String(3, unit);
    }
}
