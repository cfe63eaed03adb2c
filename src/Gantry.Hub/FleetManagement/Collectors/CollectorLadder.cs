namespace Gantry.Hub.FleetManagement.Collectors;

/// <summary>How far a collector's configuration is. Words as the API shows them.</summary>
internal static class CollectorLadder
{
    /// <summary>It is left alone.</summary>
    public const string Unassigned = "unassigned";

    /// <summary>It should run one that it was not offered yet.</summary>
    public const string Desired = "desired";

    /// <summary>It was sent.</summary>
    public const string Offered = "offered";

    /// <summary>It has it; whether it loaded is not known. The last that Alloy before 1.12 ever says.</summary>
    public const string Received = "received";

    /// <summary>It loaded it.</summary>
    public const string Applied = "applied";

    /// <summary>Loading it failed; it runs the one before, if there was one.</summary>
    public const string Failed = "failed";

    /// <summary>It does not come for it, or has it and does not say that it loaded.</summary>
    public const string Stalled = "stalled";

    /// <summary>An operator switched it off, and it runs nothing.</summary>
    public const string Disabled = "disabled";

    public static IReadOnlyList<string> All { get; } = [Applied, Failed, Stalled, Received, Offered, Desired, Disabled, Unassigned];

    /// <param name="desired">Hash of what it should run; null when it is left alone.</param>
    /// <param name="started">When the hub began to hear of collectors.</param>
    public static string StateOf_NeedsLock(CollectorState collector, string? desired, DateTimeOffset started, DateTimeOffset now)
    {
        if (desired is null)
        {
            return Unassigned;
        }

        var progress = collector.Progress;
        var isThere = progress.Applied?.Hash == desired || (!progress.TellsStatus && progress.Received?.Hash == desired);
        if (!collector.Enabled && isThere)
        {
            return Disabled;
        }

        if (progress.Failed?.Hash == desired)
        {
            return Failed;
        }

        if (progress.Applied?.Hash == desired)
        {
            return Applied;
        }

        var isSilent = collector.Inactive is not null || IsMissed(collector, started, now);
        if (progress.Received?.Hash == desired)
        {
            return !progress.TellsStatus ? Received : isSilent || now - progress.Received.At > Lifetimes.Loading ? Stalled : Received;
        }

        if (isSilent)
        {
            return Stalled;
        }

        return progress.Offered?.Hash == desired ? Offered : Desired;
    }

    /// <summary>Some of its polls did not come.</summary>
    private static bool IsMissed(CollectorState collector, DateTimeOffset started, DateTimeOffset now)
    {
        var allowed = collector.PollInterval * Lifetimes.MissedPolls;
        var seen = collector.LastSeen > started ? collector.LastSeen.Value : started;
        return now - seen > (allowed > Lifetimes.Loading ? allowed : Lifetimes.Loading);
    }
}
