using Gantry.Hub.Observations;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Storage;

/// <summary>Edges and findings out of their rows.</summary>
internal sealed partial class StateLoader
{
    private void LoadEdges(Dictionary<string, GatewayState> gateways)
    {
        var edges = new Dictionary<string, EdgeState>();
        Each("SELECT service, type, name, system, address, last_seen FROM peer_edge", row =>
        {
            if (_services.TryGetValue(row.GetString(0), out var service))
            {
                var peer = new PeerKey((PeerType)row.GetInt32(1), row.GetString(2), row.GetString(3), row.GetString(4));
                var edge = new EdgeState(service.Key, peer) { LastSeen = Time(row.GetInt64(5)), Dirty = false };
                edges[edge.Id] = edge;
                observations.Restore(service, edge);
            }
        });
        var (from, to) = ((now - RedWindow.Kept).UtcTicks / ServiceState.OperationInterval.Ticks, now.UtcTicks / ServiceState.OperationInterval.Ticks);
        Each($"SELECT edge, slot, calls, errors, buckets FROM edge_slot WHERE slot BETWEEN {from} AND {to} ORDER BY slot", row =>
        {
            if (edges.TryGetValue(row.GetString(0), out var edge))
            {
                edge.Window.Restore(Slot(row, 1));
            }
        });
        Each("SELECT gateway, edge, start, calls, failed, buckets, last_seen FROM edge_total", row =>
        {
            if (gateways.TryGetValue(row.GetString(0), out var gateway))
            {
                observations.RestoreTotal(gateway, row.GetString(1), new SeriesTotal
                {
                    StartUnixNano = (ulong)row.GetInt64(2),
                    Calls = (ulong)row.GetInt64(3),
                    Failed = (ulong)row.GetInt64(4),
                    Buckets = Blobs.ToCounts(row.GetFieldValue<byte[]>(5)),
                    LastSeen = Time(row.GetInt64(6)),
                    Dirty = false,
                });
            }
        });
    }

    private void LoadFindings(Dictionary<string, GatewayState> gateways)
    {
        Each("SELECT service, code, subject, count, example, first_seen, last_seen FROM finding", row =>
        {
            if (_services.TryGetValue(row.GetString(0), out var service))
            {
                observations.Restore(service, new FindingState(new FindingSubject(row.GetString(1), row.GetString(2)))
                {
                    Count = (ulong)row.GetInt64(3),
                    Example = row.GetString(4),
                    FirstSeen = Time(row.GetInt64(5)),
                    LastSeen = Time(row.GetInt64(6)),
                    Dirty = false,
                });
            }
        });
        Each("SELECT gateway, service, code, subject, count FROM finding_total", row =>
        {
            if (gateways.TryGetValue(row.GetString(0), out var gateway) && _services.TryGetValue(row.GetString(1), out var service))
            {
                var key = new FindingKey(service.Key, new FindingSubject(row.GetString(2), row.GetString(3)));
                observations.RestoreTotal(gateway, key, new FindingTotal { Count = (ulong)row.GetInt64(4), Dirty = false });
            }
        });
    }
}
