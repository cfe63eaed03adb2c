using Gantry.Hub.Coverage;
using Gantry.Hub.Observations;

namespace Gantry.Hub.Journeys.Breaks;

/// <summary>All that is known of the calls from one service to one other that lose their trace; input of <see cref="BreakRules"/>.</summary>
/// <param name="Callee">Null for an address that several services answer at.</param>
/// <param name="Queue">Null for a call.</param>
/// <param name="Called">What the caller's spans call the other side.</param>
/// <param name="Answered">Chosen calls of the last hour.</param>
/// <param name="Facts">Of the callee.</param>
/// <param name="CallerIsHeard">Somebody else continues a context that the caller sent, within the hour.</param>
/// <param name="Calls">All calls of the last hour, counted.</param>
internal sealed record LostLink(
    ServiceRow Caller,
    ServiceRow? Callee,
    EdgeNode? Queue,
    IReadOnlyList<PeerKey> Called,
    long Answered,
    long Lost,
    ServiceFacts Facts,
    bool CallerIsHeard,
    ulong Calls,
    DateTimeOffset FirstLost,
    DateTimeOffset LastLost)
{
    /// <summary>Null when none ever was.</summary>
    public DateTimeOffset? FirstAnswered { get; init; }

    /// <summary>When an agent last said that the callee stands there; null where it does now.</summary>
    public DateTimeOffset? KnownAt { get; init; }

    /// <summary>Services with parents that never came, in traces in which nobody but this link lost a call.</summary>
    public IReadOnlyList<string> Behind { get; init; } = [];

    public double Share => (double)Lost / Math.Max(1, Answered + Lost);
}
