namespace Gantry.Hub.FleetManagement.Collectors;

/// <summary>How long collectors are taken for alive, and kept.</summary>
internal static class Lifetimes
{
    /// <summary>Silent for as long, or for three of its own polls: some poll once a day.</summary>
    public static readonly TimeSpan Active = TimeSpan.FromMinutes(30);

    public const int MissedPolls = 3;

    /// <summary>Silent and undeclared collectors are deleted after this.</summary>
    public static readonly TimeSpan SilentKept = TimeSpan.FromDays(30);

    /// <summary>Those that said goodbye, pods mostly, earlier.</summary>
    public static readonly TimeSpan UnregisteredKept = TimeSpan.FromDays(7);

    /// <summary>A change that is not applied so long after it was received has stalled.</summary>
    public static readonly TimeSpan Loading = TimeSpan.FromMinutes(2);

    public static bool IsSilent(CollectorState collector, DateTimeOffset started, DateTimeOffset now)
    {
        var allowed = collector.PollInterval * MissedPolls > Active ? collector.PollInterval * MissedPolls : Active;
        var seen = collector.LastSeen > started ? collector.LastSeen.Value : started;
        return now - seen > allowed;
    }

    /// <summary>Silent collectors are marked; those gone for long are forgotten.</summary>
    /// <returns>Whose rows are to be deleted.</returns>
    public static IReadOnlyList<string> Sweep_NeedsLock(CollectorStore store, DateTimeOffset now)
    {
        var gone = new List<string>();
        foreach (var collector in store.All_NeedsLock)
        {
            if (collector.Inactive is null && collector.LastSeen is not null && IsSilent(collector, store.Started, now))
            {
                collector.Inactive = now;
                collector.Dirty = true;
            }

            if (!collector.IsDeclared && collector.Inactive is { } since && now - since > (collector.Unregistered ? UnregisteredKept : SilentKept))
            {
                gone.Add(collector.Id);
            }
        }

        foreach (var id in gone)
        {
            store.Remove_NeedsLock(id);
        }

        return gone;
    }
}
