using Gantry.Estate.Agents;
using Gantry.Estate.Configurations;
using Gantry.Hub.Fleet.Views;
using Gantry.Hub.Rollouts;

namespace Gantry.Hub.FleetManagement.Collectors;

/// <summary>What the hub knows of one collector. Guarded by the lock of <see cref="CollectorStore"/>.</summary>
internal sealed class CollectorState(string id) : IFleetMember
{
    private AgentFacts? _facts;
    private IReadOnlyDictionary<string, string> _local = Empty;
    private IReadOnlyDictionary<string, string> _remote = Empty;

    public static IReadOnlyDictionary<string, string> Empty { get; } = new Dictionary<string, string>();

    public string Id { get; } = id;

    public string Name { get; set; } = "";

    public CollectorKind Kind { get; set; } = CollectorKind.Alloy;

    /// <summary>An operator wrote something of it: it is kept until an operator deletes it.</summary>
    public bool IsDeclared { get; set; }

    /// <summary>How many decisions of operators there were: the later state of two nodes has the higher number.</summary>
    public long Decided { get; set; }

    /// <summary>False: it is sent a configuration with nothing in it.</summary>
    public bool Enabled { get; set; } = true;

    public DateTimeOffset Created { get; set; }

    /// <summary>When its attributes, its name or what operators say of it last changed.</summary>
    public DateTimeOffset Updated { get; set; }

    /// <summary>Null: it never came; an operator made it.</summary>
    public DateTimeOffset? LastSeen { get; set; }

    /// <summary>Between its last two polls; zero before it is known.</summary>
    public TimeSpan PollInterval { get; set; }

    /// <summary>When it said goodbye, or was last missed for too long; null while it comes.</summary>
    public DateTimeOffset? Inactive { get; set; }

    /// <summary>It said goodbye.</summary>
    public bool Unregistered { get; set; }

    /// <summary>What of its attributes was not taken, and why; "" when all was.</summary>
    public string Problem { get; set; } = "";

    public CollectorProgress Progress { get; } = new();

    /// <summary>What was last said that it should run, for whoever looks at many; <see cref="CollectorDesires"/> keeps it true.</summary>
    public RememberedAssignment? Remembered { get; set; }

    public bool Dirty { get; set; } = true;

    public bool HasRow { get; set; }

    /// <summary>LastSeen as it lies in its row.</summary>
    public DateTimeOffset? Written { get; set; }

    public IReadOnlyDictionary<string, string> Local
    {
        get => _local;
        set => (_local, _facts) = (value, null);
    }

    public IReadOnlyDictionary<string, string> Remote
    {
        get => _remote;
        set => (_remote, _facts) = (value, null);
    }

    /// <summary>What decides its configuration; made anew when attributes change.</summary>
    public AgentFacts Facts => _facts ??= new AgentFacts(Id, Name, Kind == CollectorKind.Alloy ? AgentKind.Alloy : AgentKind.Collector, Merged());

    /// <summary>Hash of what it should run, by <see cref="Remembered"/>; null when it is left alone.</summary>
    public CompiledConfig? Desired => Enabled ? Remembered?.Assignment?.Config : NothingConfig.Disabled;

    public string Version => Local.GetValueOrDefault("collector.version") ?? "";

    public string HostName => Facts.Attributes.GetValueOrDefault("host.name") ?? Facts.Attributes.GetValueOrDefault("hostname") ?? "";

    Guid IFleetMember.Uid => Guid.Empty;

    string IFleetMember.OwnId => Id;

    string IFleetMember.Name => CollectorWords.Kind(Kind);

    AgentKind IFleetMember.Kind => Facts.Kind;

    string IFleetMember.Cohort => Remembered?.Assignment?.Cohort ?? "";

    long IFleetMember.Revision => Remembered?.Assignment?.Revision ?? 0;

    bool? IFleetMember.IsHealthy => null;

    DateTimeOffset IFleetMember.LastSeen => LastSeen ?? default;

    string IFleetMember.Attribute(string name) => Facts.Attributes.GetValueOrDefault(name) ?? "";

    private Dictionary<string, string> Merged()
    {
        var all = new Dictionary<string, string>(Local);
        foreach (var (key, value) in Remote.Where(item => !item.Key.StartsWith(AttributeRules.Reserved, StringComparison.Ordinal)))
        {
            all[key] = value;
        }

        return all;
    }
}

/// <param name="Facts">What was asked with: others are another question.</param>
/// <param name="Round">Of <see cref="CollectorDesires"/>, when it was asked.</param>
internal sealed record RememberedAssignment(AgentFacts Facts, long Round, Assignment? Assignment);

/// <summary>Which language a collector reads.</summary>
internal enum CollectorKind
{
    Alloy,
    Otel,
}

/// <summary>A configuration on its way: offered, applied, refused. Written is not loaded, so each has its own time.</summary>
internal sealed class CollectorProgress
{
    public ConfigMark? Offered { get; set; }

    /// <summary>The collector showed this hash: it has it, which is not yet loaded.</summary>
    public ConfigMark? Received { get; set; }

    public ConfigMark? Applied { get; set; }

    /// <summary>Loading it failed: it is not offered again by itself.</summary>
    public ConfigMark? Failed { get; set; }

    /// <summary>The collector failed to reach the hub, as it told afterwards; says nothing of any configuration.</summary>
    public ConfigMark? Unreachable { get; set; }

    /// <summary>It has told a status at least once: Alloy from 1.12 on. Of others nobody knows more than that they received.</summary>
    public bool TellsStatus { get; set; }

    /// <summary>Hash of what it runs, as it told; "" when it never did.</summary>
    public string EffectiveHash { get; set; } = "";

    public DateTimeOffset? EffectiveAt { get; set; }

    /// <summary>What <see cref="Offered"/> was; shared with all collectors of the cohort. Null after a restart of the hub.</summary>
    public CompiledConfig? OfferedConfig { get; set; }

    /// <summary>The last that it loaded, to fall back on. Null after a restart of the hub.</summary>
    public CompiledConfig? AppliedConfig { get; set; }
}

/// <param name="Hash">Of the configuration; "" where none is meant.</param>
/// <param name="Text">Why, for those that failed.</param>
internal sealed record ConfigMark(string Hash, DateTimeOffset At, string Text = "");
