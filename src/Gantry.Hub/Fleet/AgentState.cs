using Gantry.Protocol.OpAmp;

namespace Gantry.Hub.Fleet;

/// <summary>
/// What the hub knows of one OpAMP agent. Sub-messages that an agent leaves out keep their last value here, as the protocol has it. Guarded by
/// the lock of <see cref="FleetStore"/>.
/// </summary>
internal sealed class AgentState(Guid uid)
{
    // Polls come every 30 s unless told otherwise (OpAMP v0.20, "Plain HTTP Transport").
    private static readonly TimeSpan PollMissed = TimeSpan.FromMinutes(2);

    public Guid Uid { get; } = uid;

    public ulong SequenceNum { get; set; }

    public AgentDescription? Description { get; set; }

    public AgentCapabilities Capabilities { get; set; }

    public ComponentHealth? Health { get; set; }

    public List<string> CustomCapabilities { get; set; } = [];

    public DateTimeOffset LastSeen { get; set; }

    /// <summary>Connection that speaks for this agent now; null when none does.</summary>
    public AgentConnection? Connection { get; set; }

    /// <summary>"websocket" or "http": how it last came.</summary>
    public string Transport { get; set; } = "";

    /// <summary>Something was missed: what is kept here may be old until a full report that follows its predecessor.</summary>
    public bool NeedsFullState { get; set; }

    /// <summary>When a full report was last asked for: not again within <see cref="FleetStore.FullStateEvery"/>.</summary>
    public DateTimeOffset? FullStateAsked { get; set; }

    public bool Dirty { get; set; } = true;

    /// <summary>A WebSocket speaks for its agent until it ends. Plain HTTP has no end that could be seen, only polls that no longer come.</summary>
    public bool IsConnected(DateTimeOffset now) => Connection is not null && (Connection.IsWebSocket || now - LastSeen < PollMissed);

    /// <summary>host.id, or host.name where there is no id.</summary>
    public string HostId => Find("host.id") is { Length: > 0 } id ? id : Find("host.name");

    public string Find(string attribute) => Description?.Find(attribute) ?? "";
}
