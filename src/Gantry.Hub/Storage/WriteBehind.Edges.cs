using Gantry.Hub.Observations;
using System.Data.Common;

namespace Gantry.Hub.Storage;

/// <summary>Edges and findings on their way to their rows, and out of them again.</summary>
internal sealed partial class WriteBehind
{
    private static readonly string UpsertPeerEdge = Upsert.Of("peer_edge", "id", "service, type, name, system, address, last_seen");
    private static readonly string UpsertEdgeSlot = Upsert.Of("edge_slot", "edge, slot", "calls, errors, buckets");
    private static readonly string UpsertEdgeTotal = Upsert.Of("edge_total", "gateway, edge", "start, calls, failed, buckets, last_seen");
    private static readonly string UpsertFinding = Upsert.Of("finding", "service, code, subject", "count, example, first_seen, last_seen");
    private static readonly string UpsertFindingTotal = Upsert.Of("finding_total", "gateway, service, code, subject", "count");

    private static void CopyEdges(ServiceState service, TakenRows rows)
    {
        foreach (var edge in service.Edges.Values.Where(edge => edge.Dirty))
        {
            edge.Dirty = false;
            rows.OnFailure(() => edge.Dirty = true);
            var (owner, seen) = (service.Id, edge.LastSeen.ToUnixTimeMilliseconds());
            rows.Add(UpsertPeerEdge, ("$id", edge.Id), ("$service", owner), ("$type", (int)edge.Peer.Type), ("$name", edge.Peer.Name),
                ("$system", edge.Peer.System), ("$address", edge.Peer.Address), ("$last_seen", seen));
            foreach (var slot in edge.Window.Slots.Where(slot => slot.Dirty))
            {
                slot.Dirty = false;
                rows.OnFailure(() => slot.Dirty = true);
                var (number, calls, errors, buckets) = (slot.Slot, (long)slot.Calls, (long)slot.Errors, Blobs.From(slot.Buckets));
                rows.Add(UpsertEdgeSlot, ("$edge", edge.Id), ("$slot", number), ("$calls", calls), ("$errors", errors), ("$buckets", buckets));
            }
        }
    }

    private static void CopyFindings(ServiceState service, TakenRows rows)
    {
        foreach (var finding in service.Findings.Values.Where(finding => finding.Dirty))
        {
            finding.Dirty = false;
            rows.OnFailure(() => finding.Dirty = true);
            var (owner, (code, subject), count, example) = (service.Id, finding.Subject, (long)finding.Count, finding.Example);
            var (first, seen) = (finding.FirstSeen.ToUnixTimeMilliseconds(), finding.LastSeen.ToUnixTimeMilliseconds());
            rows.Add(UpsertFinding, ("$service", owner), ("$code", code), ("$subject", subject), ("$count", count), ("$example", example),
                ("$first_seen", first), ("$last_seen", seen));
        }
    }

    private static void CopyTotals(GatewayState gateway, TakenRows rows)
    {
        var owner = gateway.Id;
        foreach (var (edge, total) in gateway.EdgeTotals.Where(item => item.Value.Dirty))
        {
            total.Dirty = false;
            rows.OnFailure(() => total.Dirty = true);
            var (start, calls, failed, buckets, seen) =
                ((long)total.StartUnixNano, (long)total.Calls, (long)total.Failed, Blobs.From(total.Buckets), total.LastSeen.ToUnixTimeMilliseconds());
            rows.Add(UpsertEdgeTotal, ("$gateway", owner), ("$edge", edge), ("$start", start), ("$calls", calls), ("$failed", failed),
                ("$buckets", buckets), ("$last_seen", seen));
        }

        foreach (var (key, total) in gateway.FindingTotals.Where(item => item.Value.Dirty))
        {
            total.Dirty = false;
            rows.OnFailure(() => total.Dirty = true);
            var (service, (code, subject), count) = (key.Service.Id, key.Subject, (long)total.Count);
            rows.Add(UpsertFindingTotal, ("$gateway", owner), ("$service", service), ("$code", code), ("$subject", subject), ("$count", count));
        }
    }

    private static void ForgetEdges(DbConnection connection, Forgotten seen)
    {
        foreach (var service in seen.Services)
        {
            HubDatabase.Run(connection, "DELETE FROM peer_edge WHERE service = $id; DELETE FROM finding WHERE service = $id", ("$id", service));
        }

        foreach (var gateway in seen.Gateways)
        {
            HubDatabase.Run(connection, "DELETE FROM edge_total WHERE gateway = $id; DELETE FROM finding_total WHERE gateway = $id", ("$id", gateway));
        }

        foreach (var edge in seen.PeerEdges)
        {
            HubDatabase.Run(connection, "DELETE FROM peer_edge WHERE id = $id", ("$id", edge));
        }

        foreach (var (gateway, edge) in seen.EdgeTotals)
        {
            HubDatabase.Run(connection, "DELETE FROM edge_total WHERE gateway = $gateway AND edge = $edge", ("$gateway", gateway), ("$edge", edge));
        }

        foreach (var (service, (code, subject)) in seen.Findings)
        {
            HubDatabase.Run(
                connection, "DELETE FROM finding WHERE service = $service AND code = $code AND subject = $subject",
                ("$service", service), ("$code", code), ("$subject", subject));
        }
    }
}
