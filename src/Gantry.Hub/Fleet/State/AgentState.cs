using Gantry.Estate.Agents;
using Gantry.Hub.Fleet.Configs;
using Gantry.Hub.Rollouts;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;

namespace Gantry.Hub.Fleet;

/// <summary>
/// What the hub knows of one OpAMP agent. Each of the eight parts that an agent may leave out keeps its last value here, as the protocol has it. With
/// 100,000 of these, what is seldom looked at is kept as bytes, and equal things are one object. Guarded by the lock of <see cref="FleetStore"/>.
/// </summary>
internal sealed class AgentState(Guid uid) : Views.IFleetMember
{
    // Polls come every 30 s unless told otherwise (OpAMP v0.20, "Plain HTTP Transport").
    private static readonly TimeSpan PollMissed = TimeSpan.FromMinutes(2);

    private byte[]? _description;
    private byte[]? _health;

    public Guid Uid { get; } = uid;

    public ulong SequenceNum { get; set; }

    /// <summary>In the row on disk; a stop writes those that differ.</summary>
    public ulong WrittenSequence { get; set; }

    public AgentCapabilities Capabilities { get; set; }

    public AgentDescription? Description
    {
        get => _description is null ? null : WireMessage.TryRead<AgentDescription>(_description, out _);
        set
        {
            _description = value?.ToArray();
            Name = Shared(value, "service.name");
            Version = Shared(value, "service.version");
            HostName = Shared(value, "host.name");
            HostId = Shared(value, "host.id") is { Length: > 0 } id ? id : HostName;
            Language = Shared(value, "telemetry.sdk.language") is { Length: > 0 } language ? language : AgentKinds.IsOnlyService(value) ? "unknown" : "";
        }
    }

    public bool HasDescription => _description is not null;

    public ComponentHealth? Health
    {
        get => _health is null ? null : WireMessage.TryRead<ComponentHealth>(_health, out _);
        set => (_health, IsHealthy) = (value?.ToArray(), value?.Healthy);
    }

    /// <summary>Null: it never said.</summary>
    public bool? IsHealthy { get; private set; }

    public KeptConfig? Effective { get; set; }

    public DateTimeOffset? EffectiveAt { get; set; }

    /// <summary>What became of configurations; null until one was wanted or reported.</summary>
    public ConfigState? Config { get; set; }

    public IReadOnlyList<string> CustomCapabilities { get; set; } = [];

    /// <summary>Hash of the components that its build has, hexadecimal; "" when it never said.</summary>
    public string ComponentsHash { get; set; } = "";

    public PackageStatuses? Packages { get; set; }

    /// <summary>What it should have; null: whatever it has.</summary>
    public PackageSet? DesiredPackages { get; set; }

    /// <summary>Last one that it was offered in this run of the hub.</summary>
    public PackageSet? OfferedPackages { get; set; }

    public ConnectionSettingsStatus? Settings { get; set; }

    /// <summary>Its connection settings have a credential of its own in them.</summary>
    public bool HasOwnSettings { get; set; }

    /// <summary>Hash of the connection settings that it was last offered in this run of the hub; of their basis, where they are its own.</summary>
    public byte[]? OfferedSettings { get; set; }

    /// <summary>Set by operators; they go first where a name is there twice.</summary>
    public IReadOnlyDictionary<string, string> OperatorAttributes { get; set; } = NoAttributes;

    public static IReadOnlyDictionary<string, string> NoAttributes { get; } = new Dictionary<string, string>();

    public DateTimeOffset LastSeen { get; set; }

    /// <summary><see cref="LastSeen"/> in the row on disk.</summary>
    public DateTimeOffset WrittenSeen { get; set; }

    /// <summary>Connection that speaks for this agent now; null when none does.</summary>
    public AgentConnection? Connection { get; set; }

    /// <summary>Another hub node has its connection, and that is believed until then; null: none has.</summary>
    public DateTimeOffset? ElsewhereUntil { get; set; }

    /// <summary>A connection that spoke for the agent before and may still live: if it does, two agents share one uid.</summary>
    public AgentConnection? Contender { get; set; }

    /// <summary>Signs that two speak under this uid; null until there is one.</summary>
    public CloneSigns? Signs { get; set; }

    /// <summary>"websocket" or "http": how it last came.</summary>
    public string Transport { get; set; } = "";

    /// <summary>Something was missed: what is kept here may be old until a full report that follows its predecessor.</summary>
    public bool NeedsFullState { get; set; }

    /// <summary>Read from its row, which lacks what came in the seconds before a crash, and its heartbeats; until it has told all, or shows that nothing was missed.</summary>
    public bool IsRestored { get; set; }

    /// <summary>When a full report was last asked for: not again within <see cref="FleetStore.FullStateEvery"/>.</summary>
    public DateTimeOffset? FullStateAsked { get; set; }

    /// <summary>It is to restart, and has not been told.</summary>
    public bool RestartDue { get; set; }

    /// <summary>A custom message that waits for its connection or its next poll.</summary>
    public CustomMessage? CustomDue { get; set; }

    /// <summary>The uid under which the agent still speaks, until it has taken up <see cref="Uid"/>; said again until it does.</summary>
    public Guid? FormerUid { get; set; }

    /// <summary>Its components are not in the catalogue, nor asked for in vain.</summary>
    public bool ComponentsUnknown { get; set; }

    public bool Dirty { get; set; } = true;

    public string Name { get; private set; } = "";

    public string Version { get; private set; } = "";

    public string HostName { get; private set; } = "";

    /// <summary>host.id, or host.name where there is no id.</summary>
    public string HostId { get; private set; } = "";

    public string Language { get; private set; } = "";

    /// <summary>A WebSocket speaks for its agent until it ends. Plain HTTP has no end that could be seen, only polls that no longer come.</summary>
    public bool IsConnected(DateTimeOffset now) => (Connection is not null && (Connection.IsWebSocket || now - LastSeen < PollMissed)) || ElsewhereUntil > now;

    string Views.IFleetMember.OwnId => "";

    string Views.IFleetMember.Cohort => Config?.Desired?.Cohort ?? "";

    long Views.IFleetMember.Revision => Config?.Desired?.Revision ?? 0;

    string Views.IFleetMember.Attribute(string name) => OperatorAttributes.TryGetValue(name, out var set) ? set : Find(name);

    public string Find(string attribute) => Description?.Find(attribute) ?? "";

    public AgentKind Kind => AgentKinds.Of(Name, OperatorAttributes.GetValueOrDefault("telemetry.sdk.language") ?? Language);

    /// <summary>What decides its configuration.</summary>
    public AgentFacts Facts()
    {
        // Kept for each agent by whoever assigns: what fleets say alike is there once.
        var id = TextPool.Shared.Get(Uid.ToString());
        return new AgentFacts(id, HostName.Length > 0 ? HostName : id, Kind, AttributesOf(Description, OperatorAttributes), ComponentsHash);
    }

    /// <summary>As they are matched: what is reported, then what identifies, then what operators set; the later one goes first.</summary>
    public static AttributeCollection AttributesOf(AgentDescription? description, IReadOnlyDictionary<string, string>? operatorAttributes)
    {
        var texts = TextPool.Shared;
        var said = (description?.NonIdentifying ?? []).Concat(description?.Identifying ?? []).Select(pair => KeyValuePair.Create(texts.Get(pair.Key), texts.Get(pair.Value.ToString())));
        return new AttributeCollection(said.Concat(operatorAttributes ?? NoAttributes));
    }

    /// <summary>Everything that is known, under another uid.</summary>
    public AgentState As(Guid uid) => new(uid)
    {
        SequenceNum = SequenceNum,
        Capabilities = Capabilities,
        _description = _description,
        Name = Name,
        Version = Version,
        HostName = HostName,
        HostId = HostId,
        Language = Language,
        _health = _health,
        IsHealthy = IsHealthy,
        Effective = Effective,
        EffectiveAt = EffectiveAt,
        Config = Config,
        CustomCapabilities = CustomCapabilities,
        ComponentsHash = ComponentsHash,
        Packages = Packages,
        Settings = Settings,
        OperatorAttributes = OperatorAttributes,
    };

    private static string Shared(AgentDescription? description, string key) => TextPool.Shared.Get(description?.Find(key) ?? "");
}

/// <summary>Two agents under one uid count each on their own: their numbers come back again and again to where the other one was not.</summary>
internal sealed class CloneSigns
{
    /// <summary>Last number of whoever spoke before the last gap.</summary>
    public ulong OtherSequence { get; set; }

    public int Alternations { get; set; }
}
