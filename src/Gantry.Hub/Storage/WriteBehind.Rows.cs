using System.Text.Json;
using Gantry.Estate.Use;
using Gantry.Hub.Observations;
using Gantry.Hub.Fleet;
using Gantry.Protocol.Wire;

namespace Gantry.Hub.Storage;

/// <summary>What is dirty is copied under the lock, and written outside of it.</summary>
internal sealed partial class WriteBehind
{
    private static readonly string UpsertAgent = Upsert.Of(
        "agent", "uid", "message, last_seen, transport, node, connected, generation", only: "agent.last_seen <= excluded.last_seen");
    private static readonly string UpsertInventory = Upsert.Of("inventory", "host", "agent, message, received");
    private static readonly string UpsertHost = Upsert.Of("host", "id", "state");
    private static readonly string UpsertService = Upsert.Of("service", "id", "state");
    private static readonly string UpsertEdge = Upsert.Of("edge", "caller, callee", "last_seen");
    private static readonly string UpsertGateway = Upsert.Of("gateway", "id", "sequence, last_seen, has_left");
    private static readonly string UpsertTotal = Upsert.Of("red_total", "gateway, service, operation, kind, status, source", "calls, buckets, start, before");
    private static readonly string UpsertSlot = Upsert.Of("red_slot", "service, source, slot", "calls, errors, buckets");
    private static readonly string UpsertOperation = Upsert.Of("operation_slot", "service, operation, kind, source, slot", "calls, errors, buckets");
    private static readonly string UpsertPoint = Upsert.Of("use_point", "host, at", "point");

    private void TakeObservations(TakenRows rows)
    {
        lock (observations.Gate)
        {
            foreach (var host in observations.Hosts_NeedsLock.Where(host => host.Dirty))
            {
                host.Dirty = false;
                rows.OnFailure(() => host.Dirty = true);
                CopyHost(host, rows);
            }

            foreach (var service in observations.Services_NeedsLock.Where(service => service.Dirty))
            {
                service.Dirty = false;
                rows.OnFailure(() => service.Dirty = true);
                CopyService(service, rows);
            }

            foreach (var gateway in observations.Gateways_NeedsLock.Where(gateway => gateway.Dirty))
            {
                gateway.Dirty = false;
                rows.OnFailure(() => gateway.Dirty = true);
                CopyGateway(gateway, rows);
            }

            foreach (var ((caller, callee), at) in observations.TakeDirtyEdges_NeedsLock())
            {
                rows.OnFailure(() => observations.EdgeIsDirty_NeedsLock(caller, callee));
                rows.Add(UpsertEdge, ("$caller", caller), ("$callee", callee), ("$last_seen", at.ToUnixTimeMilliseconds()));
            }

            CopyQuality_NeedsLock(rows);
        }
    }

    private static void CopyHost(HostState host, TakenRows rows)
    {
        var (id, json) = (host.Id, StoredHost.From(host).ToJson());
        rows.Add(UpsertHost, ("$id", id), ("$state", json));
        foreach (var point in host.Unwritten)
        {
            rows.Add(UpsertPoint, ("$host", id), ("$at", point.At.ToUnixTimeMilliseconds()), ("$point", JsonSerializer.Serialize(point)));
        }

        List<UsePoint> points = [.. host.Unwritten];
        rows.OnFailure(() => host.Unwritten.InsertRange(0, points));
        host.Unwritten.Clear();
    }

    private static void CopyService(ServiceState service, TakenRows rows)
    {
        var (id, json) = (service.Id, StoredService.From(service).ToJson());
        rows.Add(UpsertService, ("$id", id), ("$state", json));
        CopyEdges(service, rows);
        CopyFindings(service, rows);
        foreach (var (source, window) in service.Inbound)
        {
            foreach (var slot in window.Slots.Where(slot => slot.Dirty))
            {
                slot.Dirty = false;
                rows.OnFailure(() => slot.Dirty = true);
                var (number, calls, errors, buckets) = (slot.Slot, (long)slot.Calls, (long)slot.Errors, Blobs.From(slot.Buckets));
                rows.Add(UpsertSlot, ("$service", id), ("$source", (int)source), ("$slot", number), ("$calls", calls), ("$errors", errors), ("$buckets", buckets));
            }
        }

        foreach (var ((name, kind, source), operation) in service.Operations)
        {
            foreach (var slot in operation.Window.Slots.Where(slot => slot.Dirty))
            {
                slot.Dirty = false;
                rows.OnFailure(() => slot.Dirty = true);
                var (number, calls, errors, buckets) = (slot.Slot, (long)slot.Calls, (long)slot.Errors, Blobs.From(slot.Buckets));
                rows.Add(UpsertOperation, ("$service", id), ("$operation", name), ("$kind", kind), ("$source", (int)source), ("$slot", number),
                    ("$calls", calls), ("$errors", errors), ("$buckets", buckets));
            }
        }
    }

    private static void CopyGateway(GatewayState gateway, TakenRows rows)
    {
        var (id, sequence, seen, left) = (gateway.Id, (long)gateway.Sequence, gateway.LastSeen.ToUnixTimeMilliseconds(), gateway.HasLeft ? 1L : 0L);
        rows.Add(UpsertGateway, ("$id", id), ("$sequence", sequence), ("$last_seen", seen), ("$has_left", left));
        foreach (var (key, total) in gateway.Totals.Where(item => item.Value.Dirty))
        {
            total.Dirty = false;
            rows.OnFailure(() => total.Dirty = true);
            var (calls, buckets, start, before) = ((long)total.Calls, Blobs.From(total.Buckets), (long)total.StartUnixNano, (long)total.Before);
            rows.Add(UpsertTotal, ("$gateway", id), ("$service", key.Service.Id), ("$operation", key.Operation), ("$kind", key.Kind),
                ("$status", key.Status), ("$source", (int)key.Source), ("$calls", calls), ("$buckets", buckets),
                ("$start", start), ("$before", before));
        }

        CopyTotals(gateway, rows);
    }

    private void TakeFleet(TakenRows rows, long generation)
    {
        lock (fleet.Gate)
        {
            foreach (var agent in fleet.Agents_NeedsLock.Where(agent => agent.Dirty))
            {
                agent.Dirty = false;
                rows.OnFailure(() => agent.Dirty = true);
                var message = AgentRecord.Of(agent);
                var (uid, seen, transport) = (agent.Uid.ToString(), agent.LastSeen.ToUnixTimeMilliseconds(), agent.Transport);
                rows.Add(UpsertAgent, ("$uid", uid), ("$message", message), ("$last_seen", seen), ("$transport", transport),
                    ("$node", node.IsShared ? node.Id : ""), ("$connected", agent.Connection is not null ? 1 : 0), ("$generation", generation));
            }

            foreach (var inventory in fleet.Inventories_NeedsLock.Where(inventory => inventory.Dirty))
            {
                inventory.Dirty = false;
                rows.OnFailure(() => inventory.Dirty = true);
                var (host, agent, message, received) = (inventory.Processes.HostId, inventory.Agent.ToString(), inventory.Processes.ToArray(), inventory.Received);
                rows.Add(UpsertInventory, ("$host", host), ("$agent", agent), ("$message", message), ("$received", received.ToUnixTimeMilliseconds()));
            }
        }
    }
}
