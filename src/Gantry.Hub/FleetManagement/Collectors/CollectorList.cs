using Gantry.Estate.Agents;
using Gantry.Hub.Rollouts;

namespace Gantry.Hub.FleetManagement.Collectors;

/// <summary>Builds rows of collectors: the state is worked out when somebody looks, so that time alone can make one stalled.</summary>
internal sealed class CollectorList(CollectorStore store, IAssignments assignments, TimeProvider time)
{
    /// <summary>In the order of their ids.</summary>
    /// <param name="state">Only those in it; null: all.</param>
    public CollectorPage Page(string? state, string after, int limit)
    {
        List<Snapshot> all;
        lock (store.Gate)
        {
            all = [.. store.All_NeedsLock.Select(Snapshot.Of)];
        }

        var rows = all.OrderBy(item => item.Facts.Id, StringComparer.Ordinal).Select(item => Row(item, effective: null)).Where(row => state is null || row.State == state).ToList();
        var page = rows.Where(row => string.CompareOrdinal(row.Id, after) > 0).Take(limit + 1).ToList();
        return new CollectorPage([.. page.Take(limit)], rows.Count, page.Count > limit ? page[limit - 1].Id : null);
    }

    public CollectorRow? Find(string id)
    {
        Snapshot snapshot;
        string? effective;
        lock (store.Gate)
        {
            if (store.Find_NeedsLock(id) is not { } collector)
            {
                return null;
            }

            (snapshot, effective) = (Snapshot.Of(collector), store.Effective.Find(collector.Progress.EffectiveHash));
        }

        return Row(snapshot, effective);
    }

    private CollectorRow Row(Snapshot snapshot, string? effective)
    {
        var (stored, facts) = (snapshot.Stored, snapshot.Facts);
        var desired = stored.Enabled ? assignments.Of(facts)?.Config.Hash : NothingConfig.Disabled.Hash;
        var state = CollectorLadder.StateOf(stored, desired, store.Started, time.GetUtcNow());
        return new CollectorRow(
            facts.Id,
            stored.Name,
            state,
            stored.LastSeen is null ? "never" : stored.Unregistered ? "unregistered" : stored.Inactive is not null ? "inactive" : "active",
            stored.LastSeen,
            stored.PollInterval.TotalSeconds,
            stored.Enabled,
            stored.Local.TryGetValue("collector.version", out var version) ? version : "",
            stored.Local,
            stored.Remote,
            stored.Problem,
            desired ?? "",
            CollectorMark.From(stored.Offered),
            CollectorMark.From(stored.Received),
            CollectorMark.From(stored.Applied),
            CollectorMark.From(stored.Failed),
            CollectorMark.From(stored.Unreachable),
            stored.TellsStatus,
            stored.EffectiveAt,
            effective);
    }

    private sealed record Snapshot(AgentFacts Facts, StoredCollector Stored)
    {
        public static Snapshot Of(CollectorState collector) => new(collector.Facts, StoredCollector.From(collector));
    }
}
