namespace Gantry.Estate.Ladder;

/// <summary>One thing that must have been seen, recently, to stand on a rung.</summary>
/// <param name="Id">Stable, for JSON and links: "cpu.utilization".</param>
/// <param name="Title">For a person: "CPU utilisation".</param>
/// <param name="Meaning">What counts as having seen it.</param>
public sealed record Requirement(string Id, Rung Rung, string Title, string Meaning);

/// <summary>When a requirement was last met, and by what.</summary>
/// <param name="Source">The telemetry that met it: a metric name, "SERVER spans of checkout".</param>
public readonly record struct Sighting(DateTimeOffset At, string Source);

public enum EvidenceState
{
    /// <summary>Never seen.</summary>
    Missing,

    /// <summary>Seen, but longer ago than <see cref="Ladder.FreshFor"/>: it no longer counts.</summary>
    Stale,

    /// <summary>Seen within <see cref="Ladder.FreshFor"/>.</summary>
    Fresh,
}

/// <summary>A requirement held against what was seen.</summary>
public sealed record Evidence(Requirement Requirement, EvidenceState State, DateTimeOffset? LastSeen, string Source);

/// <summary>Where a host or a service stands, and why.</summary>
/// <param name="Rung">From fresh evidence only.</param>
/// <param name="Stale">It stood higher on evidence that has since grown old.</param>
public sealed record Standing(Rung Rung, bool Stale, IReadOnlyList<Evidence> Evidence)
{
    public IEnumerable<Evidence> Lacking(Rung rung) =>
        Evidence.Where(item => item.Requirement.Rung == rung && item.State != EvidenceState.Fresh);
}
