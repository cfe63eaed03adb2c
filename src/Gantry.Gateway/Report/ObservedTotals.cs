using Gantry.Gateway.Forward;
using Gantry.Gateway.Metrics;
using Gantry.Gateway.Observe;
using Gantry.Protocol.Observations;

namespace Gantry.Gateway.Report;

/// <summary>
/// The gateway's counts as one: what the shards counted, added up, cumulative by series since it began. The report to the hub, the metrics that go out
/// and whoever scrapes take from here, each when it wants; whoever comes first empties the shards. Thread-safe.
/// </summary>
/// <remarks>A series that was idle for <see cref="MetricsOptions.SeriesExpiry"/> is gone, here and in the shards; when it comes back it is a new one, which
/// began later and counts from 0. The limits on series are the shards' (<see cref="CountTable"/>): nothing comes here that they did not let in.</remarks>
internal sealed class ObservedTotals
{
    /// <summary>Longer than any request is under way: what a request found is not forgotten at the next sweep.</summary>
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Observer _observer;
    private readonly ulong _expiryNano;
    private readonly HubTotals _hub = new();
    private readonly MetricTotals _metrics;
    private readonly DrainCounts _addSpan;
    private readonly DrainCounts _addEdge;
    private readonly Action<ServiceFinding> _addFinding;

    // What is drained now was counted after this.
    private ulong _drainedUnixNano;
    private ulong _sweptUnixNano;

    public ObservedTotals(Observer observer, GatewayIdentity identity, Forwarder forwarder, GatewayOptions options)
    {
        _observer = observer;
        _expiryNano = (ulong)options.Metrics.SeriesExpiry.Ticks * 100;
        _metrics = new MetricTotals(keepPending: options.Metrics.IsDelta && forwarder.IsOn);
        (_addSpan, _addEdge, _addFinding) = (AddSpan, AddEdge, _hub.Add);
        (_drainedUnixNano, _sweptUnixNano) = (identity.StartUnixNano, identity.StartUnixNano);
    }

    /// <summary>Fills a report to the hub with what it has not acknowledged.</summary>
    /// <param name="all">With everything.</param>
    /// <returns>For <see cref="Acknowledge"/>, once the hub has it.</returns>
    public ulong CopyTo(ObservationBatch report, bool all)
    {
        lock (_gate)
        {
            Drain_NeedsLock();
            return _hub.CopyTo(report, all);
        }
    }

    public void Acknowledge(ulong round)
    {
        lock (_gate)
        {
            _hub.Acknowledge(round);
        }
    }

    /// <summary>Empties the shards, then reads or takes from the series under the lock.</summary>
    public T Collect<T>(Func<MetricTotals, T> read)
    {
        lock (_gate)
        {
            Drain_NeedsLock();
            return read(_metrics);
        }
    }

    /// <summary>Reads from the series as they stand; for those who go through many in pieces, so that nobody waits for long.</summary>
    public void Read<T>(T state, Action<T> read)
    {
        lock (_gate)
        {
            read(state);
        }
    }

    /// <summary>These deltas were not accepted: they go with the next ones.</summary>
    public void GiveBack(IEnumerable<(MetricSeries Series, Delta Delta)> deltas)
    {
        lock (_gate)
        {
            foreach (var (series, delta) in deltas)
            {
                _metrics.GiveBack(series, delta);
            }
        }
    }

    private void Drain_NeedsLock()
    {
        var now = _observer.Now;
        foreach (var shard in _observer.Shards)
        {
            lock (shard.Gate)
            {
                shard.Spans.Red.Drain(_addSpan);
                shard.Spans.Edges.Drain(_addEdge);
                shard.Findings.Drain(_addFinding);
                shard.Quality.LookAt(shard.Resources.Entries);
                shard.Quality.Facts.Drain(_hub.Add);
                shard.Quality.Metrics.Drain(_hub.Add);
                shard.Quality.Values.Drain(_hub.Add);
            }
        }

        _drainedUnixNano = now;
        if (now >= _sweptUnixNano + ((ulong)SweepInterval.Ticks * 100))
        {
            _sweptUnixNano = now;
            Expire_NeedsLock(now);
        }
    }

    private void Expire_NeedsLock(ulong now)
    {
        var before = now - _expiryNano;
        foreach (var shard in _observer.Shards)
        {
            lock (shard.Gate)
            {
                shard.Expire_NeedsLock(before);
                shard.Quality.Expire(before);
            }
        }

        _metrics.Expire(before, now);
        _hub.Expire(before);
    }

    private void AddSpan(scoped Drained drained)
    {
        if (_metrics.Find(drained.Key) is not { Operation: { } operation } series)
        {
            var key = SpanLabels.KeyIn(drained.Key);
            operation = _hub.Operation(key, SpanKey.NameIn(drained.Key), _drainedUnixNano);
            if (key.Source != RedSource.Spans)
            {
                // The service sends these metrics itself: the hub is told, and nobody gets them twice.
                _hub.Add(operation, drained);
                return;
            }

            series = _metrics.Find(drained.Key) ?? _metrics.Add(new SpanSeries(key, drained.Key.ToArray(), _drainedUnixNano));
            series.Operation = operation;
        }

        _hub.Add(operation, drained);
        _metrics.Count(series, drained);
    }

    private void AddEdge(scoped Drained drained)
    {
        var peer = PeerKey.From(drained.Key);
        _hub.Add(peer, drained, _drainedUnixNano);
        _metrics.Add(peer, drained, _drainedUnixNano);
    }
}
