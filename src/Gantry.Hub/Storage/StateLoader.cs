using System.Data.Common;
using System.Text.Json;
using Gantry.Estate.Use;
using Gantry.Hub.Fleet;
using Gantry.Hub.Observations;
using Gantry.Protocol.Inventory;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Otlp.Traces;
using Gantry.Protocol.Wire;

namespace Gantry.Hub.Storage;

/// <summary>Brings the stored state back into memory: what is known, and the last hour of series. Runs before the doors open, so it needs no lock.</summary>
internal sealed partial class StateLoader(DbConnection connection, ObservationStore observations, FleetStore fleet, DateTimeOffset now)
{
    private readonly Dictionary<string, ServiceState> _services = [];

    /// <summary>What is known of agents.</summary>
    public void LoadFleet() => LoadAgents();

    /// <summary>What is known from telemetry.</summary>
    public void LoadEvidence()
    {
        LoadHosts();
        LoadServices();
        LoadSlots();
        LoadOperations();
        LoadGateways();
        LoadQuality();
        Each("SELECT caller, callee, last_seen FROM edge", row =>
            observations.RestoreEdge(row.GetString(0), row.GetString(1), Time(row.GetInt64(2))));
    }

    private void LoadAgents()
    {
        Each("SELECT uid, message, last_seen, transport FROM agent", row =>
        {
            if (AgentRecord.Restore(Guid.Parse(row.GetString(0)), row.GetFieldValue<byte[]>(1), Time(row.GetInt64(2)), row.GetString(3), fleet) is { } agent)
            {
                fleet.Restore(agent);
            }
        });
        Each("SELECT agent, message, received FROM inventory", row =>
        {
            if (WireMessage.TryRead<ProcessInventory>(row.GetFieldValue<byte[]>(1), out _) is { } processes)
            {
                fleet.Restore(new HostInventory(Guid.Parse(row.GetString(0)), processes, Time(row.GetInt64(2))) { Dirty = false });
            }
        });
    }

    private void LoadHosts()
    {
        var hosts = new Dictionary<string, HostState>();
        Each("SELECT state FROM host", row =>
        {
            var stored = JsonSerializer.Deserialize<StoredHost>(row.GetString(0))!;
            var host = new HostState(stored.Id) { Name = stored.Name, LastSeen = stored.LastSeen, Sightings = stored.Sightings, Dirty = false };
            hosts.Add(host.Id, host);
            observations.Restore(host);
        });
        var from = (now - RedWindow.Kept).ToUnixTimeMilliseconds();
        Each($"SELECT host, point FROM use_point WHERE at >= {from} ORDER BY at", row =>
        {
            if (hosts.TryGetValue(row.GetString(0), out var host))
            {
                host.Restore(JsonSerializer.Deserialize<UsePoint>(row.GetString(1))!);
            }
        });
    }

    private void LoadServices() => Each("SELECT state FROM service", row =>
    {
        var stored = JsonSerializer.Deserialize<StoredService>(row.GetString(0))!;
        var service = new ServiceState(stored.Key) { Sightings = stored.Sightings, LastSeen = stored.LastSeen, SampledAt = stored.SampledAt, Dirty = false };
        foreach (var source in stored.Sources)
        {
            service.Sources[SourceState.IdOf(source.Attributes)] = new SourceState(source.Attributes) { LastSeen = source.LastSeen };
        }

        _services.Add(service.Id, service);
        observations.Restore(service);
    });

    private void LoadSlots()
    {
        var (from, to) = ((now - RedWindow.Kept).UtcTicks / ServiceState.Interval.Ticks, now.UtcTicks / ServiceState.Interval.Ticks);
        Each($"SELECT service, source, slot, calls, errors, buckets FROM red_slot WHERE slot BETWEEN {from} AND {to} ORDER BY slot", row =>
        {
            if (_services.TryGetValue(row.GetString(0), out var service))
            {
                service.Inbound[(RedSource)row.GetInt32(1)].Restore(Slot(row, 2));
            }
        });
    }

    private void LoadOperations()
    {
        var (from, to) = ((now - RedWindow.Kept).UtcTicks / ServiceState.OperationInterval.Ticks, now.UtcTicks / ServiceState.OperationInterval.Ticks);
        Each($"SELECT service, operation, kind, source, slot, calls, errors, buckets FROM operation_slot WHERE slot BETWEEN {from} AND {to} ORDER BY slot", row =>
        {
            if (!_services.TryGetValue(row.GetString(0), out var service))
            {
                return;
            }

            var key = (row.GetString(1), row.GetInt32(2), (RedSource)row.GetInt32(3));
            var slot = Slot(row, 4);
            if (!service.Operations.TryGetValue(key, out var operation))
            {
                service.Operations.Add(key, operation = new OperationState { FirstSeen = new DateTimeOffset(slot.Slot * ServiceState.OperationInterval.Ticks, TimeSpan.Zero) });
            }

            operation.Window.Restore(slot);
            operation.LastSeen = operation.Window.StartOf(slot.Slot);
        });
    }

    private void LoadGateways()
    {
        var gateways = new Dictionary<string, GatewayState>();
        Each("SELECT id, sequence, last_seen, has_left FROM gateway", row =>
        {
            var gateway = new GatewayState(row.GetString(0)) { Sequence = (ulong)row.GetInt64(1), LastSeen = Time(row.GetInt64(2)), HasLeft = row.GetInt64(3) != 0, Dirty = false };
            gateways.Add(gateway.Id, gateway);
            observations.Restore(gateway);
        });
        Each("SELECT gateway, service, operation, kind, status, source, calls, buckets, start, before FROM red_total", row =>
        {
            if (!gateways.TryGetValue(row.GetString(0), out var gateway) || !_services.TryGetValue(row.GetString(1), out var service))
            {
                return;
            }

            var key = new SeriesKey(service.Key, row.GetString(2), row.GetInt32(3), row.GetInt32(4), (RedSource)row.GetInt32(5));
            var calls = (ulong)row.GetInt64(6);
            gateway.Totals[key] = new SeriesTotal { Calls = calls, Buckets = Blobs.ToCounts(row.GetFieldValue<byte[]>(7)), StartUnixNano = (ulong)row.GetInt64(8), Before = (ulong)row.GetInt64(9), Dirty = false };
            if (SpanKinds.IsInbound(key.Kind))
            {
                gateway.AddInbound(service.Key, key.Source, calls + (ulong)row.GetInt64(9));
            }
        });
        LoadEdges(gateways);
        LoadFindings(gateways);
    }

    private static RedSlot Slot(DbDataReader row, int first) => new(row.GetInt64(first))
    {
        Calls = (ulong)row.GetInt64(first + 1),
        Errors = (ulong)row.GetInt64(first + 2),
        Buckets = Blobs.ToCounts(row.GetFieldValue<byte[]>(first + 3)),
    };

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private void Each(string sql, Action<DbDataReader> take)
    {
        using var command = HubDatabase.Command(connection, sql);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            take(reader);
        }
    }
}
