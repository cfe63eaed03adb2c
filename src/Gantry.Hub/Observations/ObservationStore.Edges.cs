using Gantry.Estate.Red;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Observations;

/// <summary>How the edges that gateways count come together. Names stay as the callers' spans have them; who they are is found when somebody asks.</summary>
internal sealed partial class ObservationStore
{
    /// <summary>Peers of one service that are kept apart; the rest is counted in <see cref="PeerKey.Overflow"/>.</summary>
    public const int MaxEdgesPerService = 500;

    public const int MaxEdges = 100_000;

    // Counts as last told, also of peers that are not kept apart: without them no increase could be known. Past that, nothing is counted.
    private const int MaxTotals = 200_000;

    private int _edgeCount;
    private int _edgeTotals;

    private void TakeEdges(GatewayState gateway, List<EdgeSeries> edges, Dictionary<uint, ServiceState> services, BatchTimes times)
    {
        foreach (var series in edges.Where(IsSound))
        {
            if (services.TryGetValue(series.Service, out var service) && PeerKey.Of(series) is { } peer)
            {
                TakeEdge(gateway, service, peer, series, times);
            }
        }
    }

    private static bool IsSound(EdgeSeries series) => series.Buckets.Length == DurationBuckets.Count;

    private void TakeEdge(GatewayState gateway, ServiceState service, PeerKey peer, EdgeSeries series, BatchTimes times)
    {
        var at = series.LastUnixNano == 0 ? times.Now : times.Of(series.LastUnixNano);
        if (times.Now - at > Kept)
        {
            // A full report names everything that the gateway remembers: what was a day ago is forgotten here.
            return;
        }

        var id = service.Edges.TryGetValue(peer, out var edge) ? edge.Id : EdgeState.IdOf(service.Key, peer);
        if (!gateway.EdgeTotals.TryGetValue(id, out var total))
        {
            if (_edgeTotals >= MaxTotals)
            {
                return;
            }

            _edgeTotals++;
            gateway.EdgeTotals.Add(id, total = new SeriesTotal { Buckets = new ulong[DurationBuckets.Count] });
        }

        total.LastSeen = Max(total.LastSeen, at);
        if (!total.Continues(series.StartUnixNano) || series.Calls <= total.Calls)
        {
            return;
        }

        var (calls, failed) = (series.Calls - total.Calls, series.Failed < total.Failed ? 0 : series.Failed - total.Failed);
        var buckets = series.Buckets.Zip(total.Buckets, static (a, b) => a < b ? 0 : a - b).ToArray();
        (total.Calls, total.Failed, total.Buckets, total.Dirty) = (series.Calls, series.Failed, series.Buckets, true);
        total.StartUnixNano = Math.Max(total.StartUnixNano, series.StartUnixNano);
        edge ??= EdgeOf(service, peer);
        edge.Window.At(at, times.Now).Add(calls, Math.Min(failed, calls), buckets);
        edge.LastSeen = Max(edge.LastSeen, at);
        edge.Dirty = true;
        service.LastSeen = Max(service.LastSeen, at);
        service.Dirty = true;
    }

    private EdgeState EdgeOf(ServiceState service, PeerKey peer)
    {
        var full = service.Edges.Count >= MaxEdgesPerService || _edgeCount >= MaxEdges;
        var kept = full ? PeerKey.Overflow : peer;
        if (!service.Edges.TryGetValue(kept, out var edge))
        {
            service.Edges.Add(kept, edge = new EdgeState(service.Key, kept));
            _edgeCount++;
        }

        return edge;
    }

    public void Restore(ServiceState service, EdgeState edge)
    {
        service.Edges[edge.Peer] = edge;
        _edgeCount++;
    }

    public void RestoreTotal(GatewayState gateway, string edge, SeriesTotal total)
    {
        gateway.EdgeTotals[edge] = total;
        _edgeTotals++;
    }

    /// <returns>Ids of the edges and, by gateway, of the totals that were forgotten.</returns>
    private (List<string> Edges, List<(string Gateway, string Edge)> Totals) ForgetEdges(DateTimeOffset now)
    {
        var edges = new List<string>();
        foreach (var service in _services.Values)
        {
            foreach (var (peer, edge) in service.Edges.Where(item => now - item.Value.LastSeen > Kept).ToList())
            {
                service.Edges.Remove(peer);
                edges.Add(edge.Id);
            }
        }

        // A gateway forgets an idle series long before, and begins it anew; without a start the same count may still come again.
        var totals = new List<(string Gateway, string Edge)>();
        foreach (var gateway in _gateways.Values)
        {
            foreach (var (id, _) in gateway.EdgeTotals.Where(item => item.Value.StartUnixNano > 0 && now - item.Value.LastSeen > Kept).ToList())
            {
                gateway.EdgeTotals.Remove(id);
                totals.Add((gateway.Id, id));
            }
        }

        _edgeCount = _services.Values.Sum(service => service.Edges.Count);
        _edgeTotals = _gateways.Values.Sum(gateway => gateway.EdgeTotals.Count);
        return (edges, totals);
    }
}
