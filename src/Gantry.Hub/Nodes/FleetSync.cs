using System.Collections.Concurrent;
using System.Data.Common;
using Gantry.Hub.Fleet;
using Gantry.Hub.Storage;
using Gantry.Protocol.Inventory;
using Gantry.Protocol.Wire;

namespace Gantry.Hub.Nodes;

/// <summary>
/// What other nodes wrote of agents, so that any node answers any agent, and knows who is connected where. Of two nodes that know an agent, the one that
/// heard from it last is right: numbers of messages begin anew with the agent, the time of its last word does not.
/// </summary>
internal sealed class FleetSync(Node node, HubDatabase database, ChangeFeed feed, FleetStore fleet, TimeProvider time, ILogger<FleetSync> logger)
    : PeriodicService(Every, time, logger)
{
    /// <summary>Told of with each write of agents.</summary>
    public const string Topic = "agents";

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>Longer than two rounds: a slow one does not make agents seem gone.</summary>
    private static readonly TimeSpan Believed = TimeSpan.FromSeconds(10);

    private readonly Lock _reading = new();
    private readonly ConcurrentDictionary<Guid, string> _elsewhere = [];
    private long _generation = -1;

    protected override string What => "Looking after agents of other nodes";

    /// <summary>Where the node is that has this agent's connection; null when it is this one, or none.</summary>
    public Uri? NodeOf(Guid agent) => _elsewhere.TryGetValue(agent, out var other) ? node.AddressOf(other) : null;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (node.IsShared)
        {
            feed.Subscribe(Topic, Read);
            await base.StartAsync(cancellationToken);
        }
    }

    protected override void Round() => Believe();

    private void Read()
    {
        try
        {
            lock (_reading)
            {
                using var connection = database.Open();
                ReadAgents(connection);
                ReadInventories(connection);
            }
        }
        catch (DbException exception)
        {
            Log.AgentsNotRead(logger, exception.Message);
            throw;
        }

        Believe();
    }

    private void ReadAgents(DbConnection connection)
    {
        using var command = HubDatabase.Command(
            connection, "SELECT uid, message, last_seen, transport, node, connected, generation FROM agent WHERE generation > $generation ORDER BY generation", ("$generation", _generation));
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var (uid, owner, generation) = (Guid.Parse(reader.GetString(0)), reader.GetString(4), reader.GetInt64(6));
            if (owner == node.Id)
            {
                _elsewhere.TryRemove(uid, out _);
            }
            else
            {
                Take(uid, reader.GetFieldValue<byte[]>(1), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(2)), reader.GetString(3), reader.GetInt64(5) == 1 ? owner : "");
            }

            _generation = generation;
        }
    }

    private void Take(Guid uid, byte[] message, DateTimeOffset seen, string transport, string connectedTo)
    {
        lock (fleet.Gate)
        {
            var known = fleet.Find_NeedsLock(uid);
            // A row has milliseconds.
            if (known?.Connection is { IsWebSocket: true } || known?.LastSeen > seen.AddMilliseconds(1))
            {
                return;
            }

            if (AgentRecord.Restore(uid, message, seen, transport, fleet) is { } agent)
            {
                fleet.Restore(agent);
            }
        }

        if (connectedTo.Length > 0)
        {
            _elsewhere[uid] = connectedTo;
        }
        else
        {
            _elsewhere.TryRemove(uid, out _);
        }
    }

    private void ReadInventories(DbConnection connection)
    {
        Dictionary<string, DateTimeOffset> known;
        lock (fleet.Gate)
        {
            known = fleet.Inventories_NeedsLock.ToDictionary(inventory => inventory.Processes.HostId, inventory => inventory.Received);
        }

        // Written some seconds after it was received, so not in the order of that.
        var after = known.Values.DefaultIfEmpty(DateTimeOffset.UnixEpoch.AddMinutes(1)).Max().AddMinutes(-1);

        using var command = HubDatabase.Command(
            connection, "SELECT agent, message, received FROM inventory WHERE received > $after", ("$after", after.ToUnixTimeMilliseconds()));
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var received = DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(2));
            if (WireMessage.TryRead<ProcessInventory>(reader.GetFieldValue<byte[]>(1), out _) is { } processes
                && (!known.TryGetValue(processes.HostId, out var before) || before < received))
            {
                lock (fleet.Gate)
                {
                    fleet.Restore(new HostInventory(Guid.Parse(reader.GetString(0)), processes, received) { Dirty = false });
                }
            }
        }
    }

    /// <summary>Agents of a node that lives are connected; those of one that is gone are not.</summary>
    private void Believe()
    {
        var until = Time.GetUtcNow() + Believed;
        lock (fleet.Gate)
        {
            foreach (var (uid, owner) in _elsewhere)
            {
                var agent = fleet.Find_NeedsLock(uid);
                if (agent is null or { Connection: not null } || !node.IsAlive(owner))
                {
                    _elsewhere.TryRemove(uid, out _);
                }

                if (agent is not null)
                {
                    agent.ElsewhereUntil = agent.Connection is null && node.IsAlive(owner) ? until : null;
                }
            }
        }
    }
}
