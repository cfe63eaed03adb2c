using Gantry.Estate.Agents;
using Gantry.Hub.Rollouts;

namespace Gantry.Hub.FleetManagement.Collectors;

/// <summary>What collectors should run, for whoever looks at all of them: asked once for each until the answer may be another, so that a list of 100,000 does
/// not ask 100,000 times. A poll asks for itself.</summary>
internal sealed class CollectorDesires
{
    private const int Slice = 4_096;

    private readonly CollectorStore _store;
    private readonly IAssignments _assignments;
    private long _round;

    public CollectorDesires(CollectorStore store, IAssignments assignments)
    {
        (_store, _assignments) = (store, assignments);
        assignments.Changed += () => Interlocked.Increment(ref _round);
    }

    /// <summary>Brings all up to date. Not under the store's lock: whoever decides has locks of its own.</summary>
    public void Refresh()
    {
        var round = Interlocked.Read(ref _round);
        List<CollectorState> old;
        lock (_store.Gate)
        {
            old = [.. _store.All_NeedsLock.Where(collector => IsOld(collector, round))];
        }

        foreach (var slice in old.Chunk(Slice))
        {
            Ask(slice, round);
        }
    }

    /// <summary>Brings one up to date.</summary>
    public void Refresh(string id)
    {
        var round = Interlocked.Read(ref _round);
        CollectorState? collector;
        lock (_store.Gate)
        {
            collector = _store.Find_NeedsLock(id);
        }

        if (collector is not null)
        {
            Ask([collector], round);
        }
    }

    private static bool IsOld(CollectorState collector, long round) =>
        collector.Remembered is not { } remembered || remembered.Round != round || !ReferenceEquals(remembered.Facts, collector.Facts);

    private void Ask(CollectorState[] collectors, long round)
    {
        AgentFacts[] facts;
        lock (_store.Gate)
        {
            facts = [.. collectors.Select(collector => collector.Facts)];
        }

        RememberedAssignment[] answers = [.. facts.Select(asked => new RememberedAssignment(asked, round, _assignments.Of(asked)))];
        lock (_store.Gate)
        {
            for (var i = 0; i < collectors.Length; i++)
            {
                collectors[i].Remembered = answers[i];
            }
        }
    }
}
