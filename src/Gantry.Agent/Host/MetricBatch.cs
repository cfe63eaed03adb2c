using System.Runtime.InteropServices;

namespace Gantry.Agent.Host;

/// <summary>All points of one sample. Cleared and filled again each interval, so it stops allocating after the first.</summary>
internal sealed class MetricBatch
{
    private readonly List<MetricPoint> _points = new(256);
    private readonly List<Metric> _metrics = new(64);

    public ReadOnlySpan<MetricPoint> Points => CollectionsMarshal.AsSpan(_points);

    /// <summary>Every metric that has a point, in the order of their first ones.</summary>
    public IReadOnlyList<Metric> Metrics => _metrics;

    /// <summary>When the sample was taken.</summary>
    public ulong TimeUnixNano { get; private set; }

    public void Restart(ulong timeUnixNano)
    {
        TimeUnixNano = timeUnixNano;
        _points.Clear();
        _metrics.Clear();
    }

    public void Add(Metric metric, long value, Tag a = default, Tag b = default, Tag c = default, Tag d = default,
        Tag e = default) =>
        Add(new MetricPoint(metric, true, value, 0, a, b, c, d, e));

    public void Add(Metric metric, ulong value, Tag a = default, Tag b = default, Tag c = default, Tag d = default,
        Tag e = default) =>
        Add(new MetricPoint(metric, true, (long)value, 0, a, b, c, d, e));

    public void Add(Metric metric, double value, Tag a = default, Tag b = default, Tag c = default, Tag d = default,
        Tag e = default) =>
        Add(new MetricPoint(metric, false, 0, value, a, b, c, d, e));

    public void Add(Metric metric, long value, PointLabels labels, Tag a = default) =>
        Add(new MetricPoint(metric, true, value, 0, a, default, default, default, default) { Labels = labels });

    public void Add(Metric metric, double value, PointLabels labels) =>
        Add(new MetricPoint(metric, false, 0, value, default, default, default, default, default) { Labels = labels });

    private void Add(MetricPoint point)
    {
        _points.Add(point);
        if (!_metrics.Contains(point.Metric))
        {
            _metrics.Add(point.Metric);
        }
    }
}
