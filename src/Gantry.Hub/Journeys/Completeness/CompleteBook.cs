using Gantry.Estate.Journeys;
using Gantry.Hub.Journeys.Links;
using Gantry.Hub.Journeys.Ways;
using Gantry.Hub.Observations.Traces;
using Gantry.Protocol.Otlp.Traces;

namespace Gantry.Hub.Journeys.Completeness;

/// <summary>Chosen entry requests of each journey: whether their traces were complete. Good: they were.</summary>
internal sealed class CompleteBook(DeclaredJourneys journeys, AnsweringPeers peers) : ITraceWatch
{
    private readonly Dictionary<string, CompleteState> _states = [];

    // Verdicts of traces that are not closed yet: a slow reader of a queue makes a trace complete later.
    private readonly Dictionary<(ulong High, ulong Low), List<(string Journey, ulong Span)>> _incomplete = [];

    public Lock Gate { get; } = new();

    public CompleteState? Of_NeedsLock(string journey) => _states.GetValueOrDefault(journey);

    public void Settled(TraceTree trace, DateTimeOffset now)
    {
        foreach (var (journey, entry) in Entries(trace))
        {
            var complete = IsComplete(journey, WayVisit.Of(trace, entry, peers));
            lock (Gate)
            {
                var state = StateOf(journey.Name);
                state.Window.Add(trace.Trace.Seen, complete ? 1 : 0, complete ? 0 : 1);
                state.Saw(trace.Trace.Seen);
                if (!complete)
                {
                    Incomplete(trace.Id).Add((journey.Name, entry.Id));
                }
            }
        }
    }

    public void Closed(TraceTree trace, DateTimeOffset now)
    {
        List<(string Journey, ulong Span)>? before;
        lock (Gate)
        {
            if (!_incomplete.Remove(trace.Id, out before))
            {
                return;
            }
        }

        foreach (var (journey, entry) in Entries(trace).Where(item => before.Contains((item.Journey.Name, item.Entry.Id))).ToList())
        {
            if (IsComplete(journey, WayVisit.Of(trace, entry, peers)))
            {
                lock (Gate)
                {
                    StateOf(journey.Name).Window.Add(trace.Trace.Seen, 1, -1);
                }
            }
        }
    }

    /// <summary>No call to somebody who could answer stayed unanswered, and every hop that has to be reached was.</summary>
    public bool IsComplete(Journey journey, WayVisit visit) =>
        visit.Steps.All(step => step.Outcome != CallOutcome.Lost || step is not { Caller: { } caller, Via: { } via } || !peers.CanAnswer(caller, via))
        && journey.Hops.All(hop => hop.Optional || visit.Steps.Any(step => step.Station.Service?.Key.Name == hop.Service));

    private IEnumerable<(Journey Journey, ChosenSpan Entry)> Entries(TraceTree trace)
    {
        var found = trace.Trace.Spans
            .Where(span => !span.IsLink && SpanKinds.IsInbound(span.Kind))
            .SelectMany(span => journeys.EnteredBy(span.Service.Key, span.Operation).Select(journey => (journey, span)));
        return found.Take(WayBook.MostEntries);
    }

    private CompleteState StateOf(string journey)
    {
        if (!_states.TryGetValue(journey, out var state))
        {
            _states.Add(journey, state = new CompleteState());
        }

        return state;
    }

    private List<(string, ulong)> Incomplete((ulong, ulong) trace)
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
internal sealed class CompleteState
{
    public OutcomeWindow Window { get; } = new();

    public DateTimeOffset First { get; private set; }

    public DateTimeOffset Newest { get; private set; }

    public void Saw(DateTimeOffset at)
    {
        First = First == default ? at : First;
        Newest = at > Newest ? at : Newest;
    }
}
