using Gantry.Hub.Coverage;
using Gantry.Hub.FleetManagement.Collectors;

namespace Gantry.Hub.Fleet.Views;

/// <summary>One agent with everything the hub knows of it.</summary>
/// <param name="Ladder">Desired, offered, received, applied, in effect: in this order, always all five.</param>
/// <param name="Attempts">Offers of what is desired now.</param>
/// <param name="Rejected">Configurations that it failed with; they are not offered again by themselves.</param>
/// <param name="Differences">Paths of what it should run and does not; null where nothing was compared.</param>
/// <param name="Components">Health by component, worst first, nested ones by path.</param>
/// <param name="OperatorAttributes">Set by operators; they go first where a name is there twice.</param>
/// <param name="AvailableComponents">What its build has; null: not known.</param>
public sealed record AgentDetail(
    AgentRow Agent,
    IReadOnlyList<AgentStep> Ladder,
    int Attempts,
    string Message,
    IReadOnlyList<RejectedRow> Rejected,
    IReadOnlyList<ConfigFileRow> Desired,
    IReadOnlyList<ConfigFileRow> Effective,
    DateTimeOffset? EffectiveAt,
    IReadOnlyList<string>? Differences,
    IReadOnlyList<ComponentRow> Components,
    IReadOnlyDictionary<string, string> OperatorAttributes,
    IReadOnlyList<string>? AvailableComponents,
    IReadOnlyList<PackageRow> Packages,
    IReadOnlyList<string> CustomCapabilities)
{
    /// <summary>What only collectors of the Fleet Management API have; null for OpAMP agents.</summary>
    public CollectorRow? Collector { get; init; }
}

/// <param name="Name">"desired", "offered", "received", "applied" or "in-effect".</param>
/// <param name="State">"done", "waiting", "failed" or "unknown".</param>
public sealed record AgentStep(string Name, string State, DateTimeOffset? At, string Hash, string Detail);

public sealed record RejectedRow(string Hash, string Message, DateTimeOffset At);

/// <param name="Body">As text, without secrets.</param>
public sealed record ConfigFileRow(string Name, string ContentType, string Role, string Body);

public sealed record ComponentRow(string Path, bool Healthy, string Status, string LastError, DateTimeOffset? StartedAt);

public sealed record PackageRow(string Name, string HasVersion, string OfferedVersion, string State, string Message, double? DownloadPercent);
