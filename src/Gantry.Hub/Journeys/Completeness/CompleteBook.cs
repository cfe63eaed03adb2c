using Gantry.Estate.Journeys;
using Gantry.Hub.Journeys.Links;
using Gantry.Hub.Journeys.Ways;
using Gantry.Hub.Observations.Traces;
using Gantry.Protocol.Otlp.Traces;

namespace Gantry.Hub.Journeys.Completeness;

/// <summary>Chosen entry requests of each journey: whether their traces were complete. Good: they were.</summary>
internal sealed class CompleteBook(DeclaredJourneys journeys, AnsweringPeers peers, DeclaredNames names) : ITraceWatch
{
    private readonly Dictionary<string, CompleteState> _states = [];

    // Verdicts of traces that are not closed yet: a slow reader of a queue makes a trace complete later.
    private readonly Dictionary<(ulong High, ulong Low), List<(CompleteState State, ulong Span)>> _incomplete = [];
    private IReadOnlyList<Journey> _known = [];

    public Lock Gate { get; } = new();

    /// <summary>Null where no request was looked at since its entry and its hops are as they are.</summary>
    public CompleteState? Of_NeedsLock(Journey journey) => _states.GetValueOrDefault(journey.Name) is { } state && state.IsOf(journey) ? state : null;

    public void Settled(TraceTree trace, DateTimeOffset now)
    {
        lock (Gate)
        {
            Forget_NeedsLock();
        }

        foreach (var (journey, entry) in Entries(trace))
        {
            var complete = IsComplete(journey, EntryRequests.Visit(trace, entry, peers));
            lock (Gate)
            {
                var state = StateOf_NeedsLock(journey);
                state.Window.Add(trace.Trace.Seen, complete ? 1 : 0, complete ? 0 : 1);
                state.Saw(trace.Trace.Seen);
                if (!complete)
                {
                    Incomplete(trace.Id).Add((state, entry[0].Id));
                }
            }
        }
    }

    public void Closed(TraceTree trace, DateTimeOffset now)
    {
        List<(CompleteState State, ulong Span)>? before;
        lock (Gate)
        {
            if (!_incomplete.Remove(trace.Id, out before))
            {
                return;
            }
        }

        foreach (var (journey, entry) in Entries(trace).ToList())
        {
            // A verdict on what the journey was before is in the counts of that.
            if (before.Find(item => item.Span == entry[0].Id && item.State.IsOf(journey)).State is { } state && IsComplete(journey, EntryRequests.Visit(trace, entry, peers)))
            {
                lock (Gate)
                {
                    state.Window.Add(trace.Trace.Seen, 1, -1);
                }
            }
        }
    }

    /// <summary>No call to somebody who could answer stayed unanswered, and every hop that has to be reached was.</summary>
    public bool IsComplete(Journey journey, WayVisit visit) =>
        visit.Steps.All(step => step.Outcome != CallOutcome.Lost || step is not { Caller: { } caller, Via: { } via } || !peers.CanAnswer(caller, via))
        && journey.Hops.All(hop => hop.Optional || visit.Steps.Any(step => step.Station.Service is { } service && names.IsCalled(service.Key, hop.Service)));

    /// <summary>A request that two tell of is one.</summary>
    private IEnumerable<(Journey Journey, IReadOnlyList<ChosenSpan> Entry)> Entries(TraceTree trace) => trace.Trace.Spans
        .Where(span => !span.IsLink && SpanKinds.IsInbound(span.Kind))
        .SelectMany(span => journeys.EnteredBy(span.Service.Key, span.Operation).Select(journey => (journey, span)))
        .Take(WayBook.MostEntries)
        .GroupBy(item => item.journey, item => item.span)
        .SelectMany(group => EntryRequests.Of(trace, [.. group], names.OneOf).Select(request => (group.Key, request)));

    private CompleteState StateOf_NeedsLock(Journey journey)
    {
        if (!_states.TryGetValue(journey.Name, out var state) || !state.IsOf(journey))
        {
            // What was complete on another way says nothing of this one.
            _states[journey.Name] = state = new CompleteState(journey);
        }

        return state;
    }

    /// <summary>One that is declared again later begins anew.</summary>
    private void Forget_NeedsLock()
    {
        var all = journeys.All;
        if (ReferenceEquals(all, _known))
        {
            return;
        }

        _known = all;
        var declared = all.Select(journey => journey.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in _states.Keys.Where(name => !declared.Contains(name)).ToList())
        {
            _states.Remove(gone);
        }
    }

    private List<(CompleteState, ulong)> Incomplete((ulong, ulong) trace)
    {
        if (_incomplete.Count > ChosenTraces.MaxSpans)
        {
            // Left by another node's traces, which are never closed here.
            _incomplete.Clear();
        }

        if (!_incomplete.TryGetValue(trace, out var list))
        {
            _incomplete.Add(trace, list = []);
        }

        return list;
    }
}

/// <summary>Guarded by the lock of <see cref="CompleteBook"/>.</summary>
internal sealed class CompleteState(Journey journey)
{
    /// <summary>Whether it was counted for the same entry and the same hops.</summary>
    public bool IsOf(Journey other) => other.Name == journey.Name && other.Entry == journey.Entry && other.Hops.SequenceEqual(journey.Hops);

    public OutcomeWindow Window { get; } = new();

    public DateTimeOffset First { get; private set; }

    public DateTimeOffset Newest { get; private set; }

    public void Saw(DateTimeOffset at)
    {
        First = First == default ? at : First;
        Newest = at > Newest ? at : Newest;
    }
}
