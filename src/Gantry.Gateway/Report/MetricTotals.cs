using Gantry.Gateway.Observe;

namespace Gantry.Gateway.Report;

/// <summary>
/// What goes out as metrics: spans by all their dimensions, edges by what a service graph tells apart. Not thread-safe: <see cref="ObservedTotals"/>
/// holds the lock.
/// </summary>
/// <param name="keepPending">For delta temporality: what was not accepted yet is kept beside the total.</param>
internal sealed class MetricTotals(bool keepPending)
{
    /// <summary>Series that ended with counts that no destination took. Beyond it they go to the overflow series of their service.</summary>
    private const int MaxEnded = 50_000;

    private readonly Dictionary<byte[], SpanSeries> _spans = new(SpanKeyComparer.Instance);
    private readonly Dictionary<EdgeLabels, EdgeMetric> _edges = [];
    private readonly HashSet<MetricSeries> _ended = [];

    public int SpanCount => _spans.Count;

    public int EdgeCount => _edges.Count;

    public IReadOnlyCollection<SpanSeries> Spans => _spans.Values;

    public IReadOnlyCollection<EdgeMetric> Edges => _edges.Values;

    /// <summary>Idle for too long, and not told yet.</summary>
    public IReadOnlyCollection<MetricSeries> Ended => _ended;

    public SpanSeries? Find(ReadOnlySpan<byte> key) => _spans.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out var series) ? series : null;

    public SpanSeries Add(SpanSeries series)
    {
        _spans.Add(series.KeyBytes, series);
        return series;
    }

    public void Add(PeerKey peer, scoped in Drained drained, ulong startUnixNano)
    {
        var labels = EdgeLabels.Of(peer);
        if (!_edges.TryGetValue(labels, out var edge))
        {
            _edges.Add(labels, edge = new EdgeMetric(labels, startUnixNano));
        }

        edge.Add(drained, keepPending);
    }

    public void Count(SpanSeries series, scoped in Drained drained) => series.Add(drained, keepPending);

    public void Expire(ulong beforeUnixNano, ulong nowUnixNano)
    {
        foreach (var (key, series) in _spans)
        {
            if (series.LastUnixNano < beforeUnixNano)
            {
                _spans.Remove(key);
                End(series);
            }
        }

        foreach (var (labels, edge) in _edges)
        {
            if (edge.LastUnixNano < beforeUnixNano)
            {
                _edges.Remove(labels);
                End(edge);
            }
        }

        _ended.RemoveWhere(series => series.Pending is null);
        Fold(nowUnixNano);
    }

    /// <summary>It was not accepted.</summary>
    public void GiveBack(MetricSeries series, Delta delta)
    {
        series.GiveBack(delta);
        if (series.HasEnded)
        {
            _ended.Add(series);
        }
    }

    private void End(MetricSeries series)
    {
        series.HasEnded = true;
        if (series.Pending is not null)
        {
            _ended.Add(series);
        }
    }

    /// <summary>A destination that is away for hours, and names that change meanwhile: totals stay right, operations are told apart no more.</summary>
    private void Fold(ulong nowUnixNano)
    {
        if (_ended.Count <= MaxEnded)
        {
            return;
        }

        var folded = _ended.ToList();
        _ended.Clear();
        foreach (var series in folded)
        {
            OverflowOf(series, nowUnixNano).Absorb(series);
        }
    }

    private MetricSeries OverflowOf(MetricSeries series, ulong nowUnixNano)
    {
        if (series is EdgeMetric)
        {
            var labels = EdgeLabels.Of(PeerKey.Overflow(series.Service));
            return _edges.GetValueOrDefault(labels) ?? (_edges[labels] = new EdgeMetric(labels, nowUnixNano));
        }

        var red = ((SpanSeries)series).Red with { IsOverflow = true };
        var key = SpanLabels.Plain(red, []);
        return Find(key) ?? Add(new SpanSeries(red, key, nowUnixNano));
    }
}
