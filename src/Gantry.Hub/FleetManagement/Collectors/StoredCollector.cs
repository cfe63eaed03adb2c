namespace Gantry.Hub.FleetManagement.Collectors;

/// <summary>A collector as it lies in its row.</summary>
internal sealed record StoredCollector(
    string Name,
    CollectorKind Kind,
    bool IsDeclared,
    bool Enabled,
    DateTimeOffset Created,
    DateTimeOffset Updated,
    DateTimeOffset? LastSeen,
    TimeSpan PollInterval,
    DateTimeOffset? Inactive,
    bool Unregistered,
    string Problem,
    IReadOnlyDictionary<string, string> Local,
    IReadOnlyDictionary<string, string> Remote,
    ConfigMark? Offered,
    ConfigMark? Received,
    ConfigMark? Applied,
    ConfigMark? Failed,
    ConfigMark? Unreachable,
    bool TellsStatus,
    string EffectiveHash,
    DateTimeOffset? EffectiveAt)
{
    public static StoredCollector From(CollectorState collector)
    {
        var progress = collector.Progress;
        return new StoredCollector(
            collector.Name, collector.Kind, collector.IsDeclared, collector.Enabled, collector.Created, collector.Updated, collector.LastSeen, collector.PollInterval,
            collector.Inactive, collector.Unregistered, collector.Problem, collector.Local, collector.Remote, progress.Offered, progress.Received, progress.Applied,
            progress.Failed, progress.Unreachable, progress.TellsStatus, progress.EffectiveHash, progress.EffectiveAt);
    }

    public CollectorState ToState(string id)
    {
        var collector = new CollectorState(id)
        {
            Name = Name,
            Kind = Kind,
            IsDeclared = IsDeclared,
            Enabled = Enabled,
            Created = Created,
            Updated = Updated,
            LastSeen = LastSeen,
            Written = LastSeen,
            PollInterval = PollInterval,
            Inactive = Inactive,
            Unregistered = Unregistered,
            Problem = Problem,
            Local = Local,
            Remote = Remote,
            Dirty = false,
        };
        var progress = collector.Progress;
        (progress.Offered, progress.Received, progress.Applied, progress.Failed, progress.Unreachable) = (Offered, Received, Applied, Failed, Unreachable);
        (progress.TellsStatus, progress.EffectiveHash, progress.EffectiveAt) = (TellsStatus, EffectiveHash, EffectiveAt);
        return collector;
    }
}
