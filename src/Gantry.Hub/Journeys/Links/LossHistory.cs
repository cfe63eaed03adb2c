using Gantry.Hub.Observations;

namespace Gantry.Hub.Journeys.Links;

/// <summary>
/// What came and what was lost at one place over the hour: the answers to the calls of a link, or the parents that inbound spans of an operation name. Good: it
/// came; bad: it never did. Guarded by the lock of <see cref="LinkBook"/>.
/// </summary>
internal class LossHistory
{
    public OutcomeWindow Window { get; } = new();

    public Streak Streak { get; } = new();

    /// <summary>It goes on. What was lost longer ago than outcomes are kept is no evidence: no figure could be told with it.</summary>
    public bool IsLosing(DateTimeOffset now) => Streak.IsLosing && now - LastLost < OutcomeWindow.Kept;

    /// <summary>When the losing that goes on began.</summary>
    public DateTimeOffset FirstLost { get; private set; }

    public DateTimeOffset LastLost { get; private set; }

    public DateTimeOffset LastSeen { get; private set; }

    public void Count(bool lost, DateTimeOffset at)
    {
        if (lost && !IsLosing(at))
        {
            FirstLost = at;
        }

        Window.Add(at, lost ? 0 : 1, lost ? 1 : 0);
        Streak.Add(lost);
        LastLost = lost && at > LastLost ? at : LastLost;
        LastSeen = at > LastSeen ? at : LastSeen;
    }
}
