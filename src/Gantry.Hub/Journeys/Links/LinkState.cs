using Gantry.Hub.Observations;

namespace Gantry.Hub.Journeys.Links;

/// <summary>A caller and what its spans call the callee.</summary>
internal readonly record struct LinkKey(ServiceState Caller, PeerKey Peer);

/// <summary>What became of the chosen calls over one link. Guarded by the lock of <see cref="LinkBook"/>.</summary>
internal sealed class LinkState
{
    // A queue may have a handful of readers; who answers from hundreds of services is a name for many things.
    private const int MaxAnswerers = 50;

    /// <summary>Good: answered; bad: lost.</summary>
    public OutcomeWindow Window { get; } = new();

    public Streak Streak { get; } = new();

    /// <summary>Who answered, and when last.</summary>
    public Dictionary<ServiceState, DateTimeOffset> AnsweredBy { get; } = [];

    public DateTimeOffset FirstLost { get; set; }

    public DateTimeOffset LastLost { get; set; }

    /// <summary>The first call that was ever answered; null before one was.</summary>
    public DateTimeOffset? FirstAnswered { get; private set; }

    public DateTimeOffset LastSeen { get; set; }

    public void Answered(ServiceState by, DateTimeOffset at)
    {
        FirstAnswered ??= at;
        if (AnsweredBy.ContainsKey(by) || AnsweredBy.Count < MaxAnswerers)
        {
            AnsweredBy[by] = at;
        }
    }

    public void Count(bool lost, DateTimeOffset at)
    {
        if (lost && !Streak.IsLosing)
        {
            FirstLost = at;
        }

        Window.Add(at, lost ? 0 : 1, lost ? 1 : 0);
        Streak.Add(lost);
        LastLost = lost && at > LastLost ? at : LastLost;
        LastSeen = at > LastSeen ? at : LastSeen;
    }

    public void WasLate(ServiceState by, DateTimeOffset at)
    {
        Window.Add(at, 1, -1);
        Streak.WasLate();
        Answered(by, at);
    }
}

/// <summary>Inbound spans of one operation that name a parent: whether it came. Good: it did; bad: it never did.</summary>
internal sealed class ArrivalState
{
    public OutcomeWindow Window { get; } = new();

    public Streak Streak { get; } = new();

    public DateTimeOffset FirstLost { get; set; }

    public DateTimeOffset LastLost { get; set; }

    public DateTimeOffset LastSeen { get; set; }
}
