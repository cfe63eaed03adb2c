using Gantry.Agent.Host;
using Gantry.Agent.Instrument;
using Gantry.Protocol.Inventory;
using Gantry.Protocol.OpAmp;

namespace Gantry.Agent.Report;

/// <summary>Forms what the agent says to the hub. Every message takes the next sequence number: a gap tells the hub that it missed one.</summary>
/// <param name="plan">What the hub gave; null for an agent that takes nothing.</param>
internal sealed class AgentMessages(HostIdentity host, string version, InstanceUid uid, ulong startUnixNano, RemotePlan? plan = null)
{
    private const AgentCapabilities Always =
        AgentCapabilities.ReportsStatus | AgentCapabilities.ReportsHealth | AgentCapabilities.ReportsHeartbeat;

    private const AgentCapabilities WithPlan =
        AgentCapabilities.AcceptsRemoteConfig | AgentCapabilities.ReportsRemoteConfig | AgentCapabilities.ReportsEffectiveConfig;

    private ulong _sequence;

    private AgentCapabilities Capabilities => plan is null ? Always : Always | WithPlan;

    /// <summary>All that there is to know of the agent: the first message of a connection, and when the hub asks.</summary>
    public AgentToServer FullState()
    {
        var message = Next();
        message.Description = Describe();
        message.Health = new ComponentHealth { Healthy = true, StartTimeUnixNano = startUnixNano, Status = "running" };
        message.CustomCapabilities = new CustomCapabilities { Names = [ProcessInventory.Capability] };
        AddPlan(message);
        return message;
    }

    /// <summary>What became of the configuration that the hub gave.</summary>
    public AgentToServer Configuration()
    {
        var message = Next();
        AddPlan(message);
        return message;
    }

    /// <summary>Nothing has changed, and the agent lives.</summary>
    public AgentToServer Heartbeat() => Next();

    public AgentToServer Inventory(byte[] data)
    {
        var message = Next();
        message.CustomMessage = new CustomMessage { Capability = ProcessInventory.Capability, Type = ProcessInventory.MessageType, Data = data };
        return message;
    }

    public AgentToServer Disconnect()
    {
        var message = Next();
        message.Disconnect = new AgentDisconnect();
        return message;
    }

    private AgentToServer Next() => new() { InstanceUid = uid.Bytes, SequenceNum = ++_sequence, Capabilities = Capabilities };

    private void AddPlan(AgentToServer message)
    {
        message.RemoteConfigStatus = plan?.Status ?? (plan is null ? null : new RemoteConfigStatus());
        message.EffectiveConfig = plan?.Effective;
    }

    private AgentDescription Describe()
    {
        var description = new AgentDescription();
        description.Identifying.Add(new KeyValue("service.name", "gantry-agent"));
        description.Identifying.Add(new KeyValue("service.version", version));
        description.Identifying.Add(new KeyValue("service.instance.id", uid.Value.ToString()));
        description.NonIdentifying.Add(new KeyValue("host.id", host.Id));
        description.NonIdentifying.Add(new KeyValue("host.name", host.Name));
        description.NonIdentifying.Add(new KeyValue("host.arch", host.Architecture));
        description.NonIdentifying.Add(new KeyValue("os.type", "linux"));
        description.NonIdentifying.Add(new KeyValue("os.description", host.OsDescription));
        description.NonIdentifying.Add(new KeyValue("os.version", host.OsVersion));
        return description;
    }
}
