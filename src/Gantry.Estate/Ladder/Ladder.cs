namespace Gantry.Estate.Ladder;

/// <summary>The rules of the ladder: what each rung demands, and how evidence becomes a standing. Pure; the caller brings the time.</summary>
public static class Ladder
{
    /// <summary>Evidence older than this is shown with its age and no longer believed.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(5);

    public static IReadOnlyList<Requirement> Host { get; } =
    [
        new(HostEvidence.CpuUtilization, Rung.Infrastructure, "CPU utilisation", "Share of time the CPUs worked."),
        new(HostEvidence.CpuSaturation, Rung.Infrastructure, "CPU saturation", "Work that waited for a CPU: pressure stall time, run queue or load."),
        new(HostEvidence.MemoryUtilization, Rung.Infrastructure, "Memory utilisation", "Share of memory in use."),
        new(HostEvidence.MemorySaturation, Rung.Infrastructure, "Memory saturation", "Work that waited for memory: pressure stall time or paging."),
        new(HostEvidence.DiskActivity, Rung.Infrastructure, "Disk or file system", "Bytes and operations of disks, or usage of file systems."),
        new(HostEvidence.DiskErrors, Rung.Infrastructure, "Disk or file system errors", "An error counter that was read, also when it says 0."),
        new(HostEvidence.NetworkActivity, Rung.Infrastructure, "Network", "Bytes or packets of network interfaces."),
        new(HostEvidence.NetworkErrors, Rung.Infrastructure, "Network errors", "Error or drop counters of interfaces, also when they say 0."),
    ];

    public static IReadOnlyList<Requirement> Service { get; } =
    [
        new(ServiceEvidence.Rate, Rung.Baseline, "Request rate", "Inbound requests, counted from request metrics or from unsampled SERVER and CONSUMER spans."),
        new(ServiceEvidence.Errors, Rung.Baseline, "Request errors", "Failed inbound requests can be told from successful ones."),
        new(ServiceEvidence.Duration, Rung.Baseline, "Request duration", "A distribution of how long inbound requests take."),
        new(ServiceEvidence.Joined, Rung.Transactions, "Joined in a trace", "A span of this service is parent or child of another service's span in one trace."),
        new(ServiceEvidence.Custom, Rung.Custom, "Custom telemetry", "Telemetry from a scope that is no known auto-instrumentation, or profiles."),
    ];

    /// <summary>Holds <paramref name="sightings"/> (by requirement id) against <paramref name="requirements"/> at <paramref name="now"/>.</summary>
    /// <param name="requirements">In the order of their rungs.</param>
    /// <param name="ground">The rung to stand on when nothing of the requirements is met.</param>
    public static Standing Evaluate(
        IReadOnlyList<Requirement> requirements,
        IReadOnlyDictionary<string, Sighting> sightings,
        DateTimeOffset now,
        Rung ground = Rung.Dark)
    {
        var evidence = new Evidence[requirements.Count];
        for (var i = 0; i < evidence.Length; i++)
        {
            evidence[i] = Judge(requirements[i], sightings, now);
        }

        var reached = Climb(evidence, ground, countsStale: false);
        var once = Climb(evidence, ground, countsStale: true);
        return new Standing(reached, once > reached, evidence);
    }

    private static Evidence Judge(Requirement requirement, IReadOnlyDictionary<string, Sighting> sightings, DateTimeOffset now)
    {
        if (!sightings.TryGetValue(requirement.Id, out var sighting))
        {
            return new Evidence(requirement, EvidenceState.Missing, null, "");
        }

        var state = now - sighting.At <= FreshFor ? EvidenceState.Fresh : EvidenceState.Stale;
        return new Evidence(requirement, state, sighting.At, sighting.Source);
    }

    /// <summary>A rung is reached when all that it demands holds, and the ones before it are. Asked for every service of every snapshot: no LINQ.</summary>
    private static Rung Climb(Evidence[] evidence, Rung ground, bool countsStale)
    {
        var reached = ground;
        for (var i = 0; i < evidence.Length; i++)
        {
            var (requirement, state) = (evidence[i].Requirement, evidence[i].State);
            if (state == EvidenceState.Missing || (state == EvidenceState.Stale && !countsStale))
            {
                return reached;
            }

            if (i + 1 == evidence.Length || evidence[i + 1].Requirement.Rung != requirement.Rung)
            {
                reached = requirement.Rung;
            }
        }

        return reached;
    }
}

/// <summary>Ids of the host requirements.</summary>
public static class HostEvidence
{
    public const string CpuUtilization = "cpu.utilization";
    public const string CpuSaturation = "cpu.saturation";
    public const string MemoryUtilization = "memory.utilization";
    public const string MemorySaturation = "memory.saturation";
    public const string DiskActivity = "disk.activity";
    public const string DiskErrors = "disk.errors";
    public const string NetworkActivity = "network.activity";
    public const string NetworkErrors = "network.errors";
}

/// <summary>Ids of the service requirements.</summary>
public static class ServiceEvidence
{
    public const string Rate = "requests.rate";
    public const string Errors = "requests.errors";
    public const string Duration = "requests.duration";
    public const string Joined = "trace.joined";
    public const string Custom = "telemetry.custom";
}
