namespace Gantry.Hub.FleetManagement.Collectors;

/// <summary>A collector as it lies in its row.</summary>
internal sealed record StoredCollector(
    string Name,
    CollectorKind Kind,
    bool IsDeclared,
    long Decided,
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
            collector.Name, collector.Kind, collector.IsDeclared, collector.Decided, collector.Enabled, collector.Created, collector.Updated, collector.LastSeen, collector.PollInterval,
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
            Decided = Decided,
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
            HasRow = true,
        };
        var progress = collector.Progress;
        (progress.Offered, progress.Received, progress.Applied, progress.Failed, progress.Unreachable) = (Offered, Received, Applied, Failed, Unreachable);
        (progress.TellsStatus, progress.EffectiveHash, progress.EffectiveAt) = (TellsStatus, EffectiveHash, EffectiveAt);
        return collector;
    }

    /// <summary>What another node knows better: decisions that are newer, and whom it heard last.</summary>
    public void BringTo(CollectorState collector)
    {
        if (Decided > collector.Decided)
        {
            (collector.Name, collector.Kind, collector.IsDeclared, collector.Enabled, collector.Remote) = (Name, Kind, IsDeclared, Enabled, Remote);
            (collector.Decided, collector.Updated, collector.Progress.Failed) = (Decided, Updated, null);
        }

        if (LastSeen > (collector.LastSeen ?? DateTimeOffset.MinValue))
        {
            (collector.LastSeen, collector.Written, collector.PollInterval, collector.Inactive, collector.Unregistered) = (LastSeen, LastSeen, PollInterval, Inactive, Unregistered);
            (collector.Local, collector.Problem) = (Local, Problem);
            var progress = collector.Progress;
            (progress.Offered, progress.Received, progress.Applied, progress.Failed, progress.Unreachable) = (Offered, Received, Applied, Failed, Unreachable);
            (progress.TellsStatus, progress.EffectiveHash, progress.EffectiveAt) = (TellsStatus, EffectiveHash, EffectiveAt);
            progress.AppliedConfig = progress.AppliedConfig?.Hash == Applied?.Hash ? progress.AppliedConfig : null;
        }
    }
}
