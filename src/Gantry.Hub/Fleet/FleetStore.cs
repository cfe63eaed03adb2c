using Gantry.Protocol.Inventory;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;

namespace Gantry.Hub.Fleet;

/// <summary>
/// All agents, hot in memory: a heartbeat touches one object and no row. Decides what each message means and what is answered; knows no
/// transport. (OpAMP v0.20, "AgentToServer Message" and "ServerToAgent Message".)
/// </summary>
internal sealed class FleetStore(TimeProvider time)
{
    /// <summary>An agent that cannot count would else be asked for everything with every message, for ever.</summary>
    public static readonly TimeSpan FullStateEvery = TimeSpan.FromSeconds(30);

    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    public const int MaxAgents = 100_000;

    // A list that old says nothing about what runs now.
    private static readonly TimeSpan InventoryKept = TimeSpan.FromHours(1);

    private const ServerCapabilities Offered = ServerCapabilities.AcceptsStatus;

    private readonly Dictionary<Guid, AgentState> _agents = [];
    private readonly Dictionary<string, HostInventory> _inventories = [];

    public Lock Gate { get; } = new();

    public IReadOnlyCollection<AgentState> Agents_NeedsLock => _agents.Values;

    public IReadOnlyCollection<HostInventory> Inventories_NeedsLock => _inventories.Values;

    public void Restore(AgentState agent) => _agents[agent.Uid] = agent;

    public void Restore(HostInventory inventory) => _inventories[inventory.Processes.HostId] = inventory;

    /// <summary>Takes a message and answers it; every message has an answer.</summary>
    public ServerToAgent Take(AgentToServer message, AgentConnection connection)
    {
        if (message.InstanceUid.Length != 16)
        {
            return Refuse(message, $"instance_uid has {message.InstanceUid.Length} bytes; send the 16 bytes of a UUID, version 7 preferred");
        }

        var reply = new ServerToAgent { InstanceUid = message.InstanceUid, Capabilities = Offered };
        var now = time.GetUtcNow();
        lock (Gate)
        {
            if (_agents.Count >= MaxAgents && !_agents.ContainsKey(new Guid(message.InstanceUid, bigEndian: true)))
            {
                return Refuse(message, $"the hub knows {MaxAgents} agents and takes no more");
            }

            var agent = AgentOf(message, reply, out var isNew);
            var gap = !isNew && message.SequenceNum != agent.SequenceNum + 1 && message.SequenceNum != agent.SequenceNum;
            Absorb(agent, message, connection, now);
            // A description behind a gap may itself be older than what was missed, so only one in sequence settles it.
            agent.NeedsFullState = gap || (message.Description is null && (isNew || agent.NeedsFullState));
            if (agent.NeedsFullState && MayAskFullState(agent, now))
            {
                reply.Flags |= ServerToAgentFlags.ReportFullState;
            }

            if (isNew || message.CustomCapabilities is not null)
            {
                reply.CustomCapabilities = new CustomCapabilities { Names = [ProcessInventory.Capability] };
            }

            TakeInventory(agent, message.CustomMessage, now);
        }

        return reply;
    }

    /// <summary>A connection ended: no agent is reached over it any more.</summary>
    public void Closed(AgentConnection connection)
    {
        lock (Gate)
        {
            foreach (var agent in _agents.Values.Where(agent => agent.Connection == connection))
            {
                agent.Connection = null;
                agent.Dirty = true;
            }
        }
    }

    /// <summary>Forgets agents that are gone and process lists that are old.</summary>
    /// <returns>What has rows to delete.</returns>
    public (IReadOnlyList<Guid> Agents, IReadOnlyList<string> Inventories) Forget_NeedsLock(DateTimeOffset now)
    {
        var agents = _agents.Values.Where(agent => !agent.IsConnected(now) && now - agent.LastSeen > Kept).Select(agent => agent.Uid).ToList();
        foreach (var agent in agents)
        {
            _agents.Remove(agent);
        }

        var inventories = _inventories.Where(item => now - item.Value.Received > InventoryKept).Select(item => item.Key).ToList();
        foreach (var host in inventories)
        {
            _inventories.Remove(host);
        }

        return (agents, inventories);
    }

    private static ServerToAgent Refuse(AgentToServer message, string why) => new()
    {
        InstanceUid = message.InstanceUid,
        Error = new ServerErrorResponse { Type = ServerErrorType.BadRequest, Message = why },
    };

    private AgentState AgentOf(AgentToServer message, ServerToAgent reply, out bool isNew)
    {
        var uid = new Guid(message.InstanceUid, bigEndian: true);
        if (message.Flags.HasFlag(AgentToServerFlags.RequestInstanceUid))
        {
            // The agent goes on under the new uid; what it says in this message is already said under it.
            uid = Guid.CreateVersion7(time.GetUtcNow());
            reply.Identification = new AgentIdentification { NewInstanceUid = uid.ToByteArray(bigEndian: true) };
        }

        isNew = !_agents.TryGetValue(uid, out var agent);
        if (agent is null)
        {
            _agents.Add(uid, agent = new AgentState(uid));
        }

        return agent;
    }

    private static void Absorb(AgentState agent, AgentToServer message, AgentConnection connection, DateTimeOffset now)
    {
        agent.Dirty |= message.Description is not null || message.Health is not null || message.CustomCapabilities is not null
            || message.Disconnect is not null || agent.Connection is null;
        agent.SequenceNum = message.SequenceNum;
        agent.LastSeen = now;
        agent.Transport = connection.Transport;
        agent.Connection = message.Disconnect is null ? connection : null;
        agent.Description = message.Description ?? agent.Description;
        agent.Health = message.Health ?? agent.Health;
        agent.CustomCapabilities = message.CustomCapabilities?.Names ?? agent.CustomCapabilities;
        if (message.Capabilities != AgentCapabilities.None)
        {
            agent.Capabilities = message.Capabilities;
        }
    }

    private static bool MayAskFullState(AgentState agent, DateTimeOffset now)
    {
        if (agent.FullStateAsked is { } asked && now - asked < FullStateEvery)
        {
            return false;
        }

        agent.FullStateAsked = now;
        return true;
    }

    private void TakeInventory(AgentState agent, CustomMessage? message, DateTimeOffset now)
    {
        if (message is not { Capability: ProcessInventory.Capability, Type: ProcessInventory.MessageType }
            || WireMessage.TryRead<ProcessInventory>(message.Data, out _) is not { HostId.Length: > 0 } processes)
        {
            return;
        }

        if (_inventories.Count >= MaxAgents && !_inventories.ContainsKey(processes.HostId))
        {
            return;
        }

        _inventories[processes.HostId] = new HostInventory(agent.Uid, processes, now);
    }
}

/// <summary>The newest process list of a host.</summary>
internal sealed class HostInventory(Guid agent, ProcessInventory processes, DateTimeOffset received)
{
    public Guid Agent { get; } = agent;

    public ProcessInventory Processes { get; } = processes;

    public DateTimeOffset Received { get; } = received;

    public bool Dirty { get; set; } = true;
}
