namespace Gantry.Hub.FleetManagement.Collectors;

/// <summary>Builds rows of collectors: the state is worked out when somebody looks, so that time alone can make one stalled.</summary>
internal sealed class CollectorList(CollectorStore store, CollectorDesires desires, TimeProvider time)
{
    /// <summary>In the order of their ids.</summary>
    /// <param name="state">Only those in it; null: all.</param>
    public CollectorPage Page(string? state, string after, int limit)
    {
        desires.Refresh();
        var now = time.GetUtcNow();
        lock (store.Gate)
        {
            var matching = store.All_NeedsLock.Where(collector => state is null || StateOf_NeedsLock(collector, now) == state).ToList();
            var next = matching.Where(collector => string.CompareOrdinal(collector.Id, after) > 0).OrderBy(collector => collector.Id, StringComparer.Ordinal).Take(limit + 1).ToList();
            return new CollectorPage([.. next.Take(limit).Select(collector => Row_NeedsLock(collector, effective: null))], matching.Count, next.Count > limit ? next[limit - 1].Id : null);
        }
    }

    public CollectorRow? Find(string id)
    {
        desires.Refresh(id);
        lock (store.Gate)
        {
            return store.Find_NeedsLock(id) is { } collector ? Row_NeedsLock(collector, store.Effective.Find(collector.Progress.EffectiveHash)) : null;
        }
    }

    public string StateOf_NeedsLock(CollectorState collector, DateTimeOffset now) => CollectorLadder.StateOf_NeedsLock(collector, collector.Desired?.Hash, store.Started, now);

    public CollectorRow Row_NeedsLock(CollectorState collector, string? effective)
    {
        var progress = collector.Progress;
        return new CollectorRow(
            collector.Id,
            collector.Name,
            StateOf_NeedsLock(collector, time.GetUtcNow()),
            CollectorWords.Connection(collector),
            collector.LastSeen,
            collector.PollInterval.TotalSeconds,
            collector.Enabled,
            collector.Version,
            collector.Local,
            collector.Remote,
            collector.Problem,
            collector.Desired?.Hash ?? "",
            CollectorMark.From(progress.Offered),
            CollectorMark.From(progress.Received),
            CollectorMark.From(progress.Applied),
            CollectorMark.From(progress.Failed),
            CollectorMark.From(progress.Unreachable),
            progress.TellsStatus,
            progress.EffectiveAt,
            effective);
    }
}
