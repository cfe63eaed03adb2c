using Gantry.Hub.Observations;

namespace Gantry.Hub.Journeys.Links;

/// <summary>A caller and what its spans call the callee.</summary>
internal readonly record struct LinkKey(ServiceState Caller, PeerKey Peer);

/// <summary>What became of the chosen calls over one link, and who answered them.</summary>
internal sealed class LinkState : LossHistory
{
    // A queue may have a handful of readers; who answers from hundreds of services is a name for many things.
    private const int MaxAnswerers = 50;

    /// <summary>Who answered, and when last.</summary>
    public Dictionary<ServiceState, DateTimeOffset> AnsweredBy { get; } = [];

    /// <summary>The first call that was ever answered; null before one was.</summary>
    public DateTimeOffset? FirstAnswered { get; private set; }

    public void Answered(ServiceState by, DateTimeOffset at)
    {
        FirstAnswered ??= at;
        if (AnsweredBy.ContainsKey(by) || AnsweredBy.Count < MaxAnswerers)
        {
            AnsweredBy[by] = at;
        }
    }

    public void WasLate(ServiceState by, DateTimeOffset at)
    {
        Window.Add(at, 1, -1);
        Streak.WasLate();
        Answered(by, at);
    }
}
