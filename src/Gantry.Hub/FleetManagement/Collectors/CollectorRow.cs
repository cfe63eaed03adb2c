namespace Gantry.Hub.FleetManagement.Collectors;

/// <summary>A collector of the Fleet Management API, as pages and scripts see it.</summary>
/// <param name="State">"applied", "failed", "stalled", "received", "offered", "desired", "unassigned"; "disabled" is one that runs nothing by an operator's word.</param>
/// <param name="Connection">"active", "inactive", "unregistered", or "never" for one that an operator made and nobody saw.</param>
/// <param name="PollSeconds">Between its last two polls; 0 when not known.</param>
/// <param name="Problem">What of its attributes was left out; "" when nothing was.</param>
/// <param name="Desired">Hash of what it should run; "" when it is left alone.</param>
/// <param name="TellsStatus">False: it never told a status, so "received" is the most that can be known.</param>
/// <param name="Effective">Of one collector only: what it runs, without secrets, as it told; null in lists, and when it told nothing.</param>
public sealed record CollectorRow(
    string Id,
    string Name,
    string State,
    string Connection,
    DateTimeOffset? LastSeen,
    double PollSeconds,
    bool Enabled,
    string Version,
    IReadOnlyDictionary<string, string> LocalAttributes,
    IReadOnlyDictionary<string, string> RemoteAttributes,
    string Problem,
    string Desired,
    CollectorMark? Offered,
    CollectorMark? Received,
    CollectorMark? Applied,
    CollectorMark? Failed,
    CollectorMark? Unreachable,
    bool TellsStatus,
    DateTimeOffset? EffectiveAt,
    string? Effective);

/// <param name="Hash">Of the configuration; "" where none is meant.</param>
/// <param name="Text">Why, for failures.</param>
public sealed record CollectorMark(string Hash, DateTimeOffset At, string Text)
{
    internal static CollectorMark? From(ConfigMark? mark) => mark is null ? null : new CollectorMark(mark.Hash, mark.At, mark.Text);
}

/// <param name="Next">Give it as "after" for the next page; null at the end.</param>
/// <param name="Total">Of all that match, on every page.</param>
public sealed record CollectorPage(IReadOnlyList<CollectorRow> Collectors, int Total, string? Next);
