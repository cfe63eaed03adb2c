using Gantry.Hub.Observations;
using Gantry.Hub.Observations.Traces;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Otlp.Traces;

namespace Gantry.Hub.Journeys.Ways;

internal enum StationType
{
    /// <summary>A service that answered.</summary>
    Service,

    /// <summary>A queue that was sent to.</summary>
    Queue,

    /// <summary>Somebody who was called, and whose span nobody saw: lost, outside, or dark.</summary>
    Peer,
}

/// <summary>What stands at one place of a way.</summary>
/// <param name="Service">Null for what is no service.</param>
/// <param name="Peer">Of a queue or a peer, what the caller's spans call it.</param>
internal readonly record struct Station(StationType Type, ServiceState? Service, string Operation, PeerKey? Peer);

/// <summary>One step of a way through one trace.</summary>
/// <param name="Parent">Index of the step before; -1 for the entry.</param>
/// <param name="Caller">The service that called; null for the entry.</param>
/// <param name="Via">What the caller called it; null where its spans do not say.</param>
internal readonly record struct WayStep(int Parent, Station Station, ServiceState? Caller, PeerKey? Via, CallOutcome Outcome);

/// <summary>The way of one request through one chosen trace, from its entry to its leaves. Index 0 is the entry.</summary>
internal sealed class WayVisit
{
    // A request that makes more calls than these is a batch job: its first ones say where it goes.
    private const int MaxSteps = 1000;

    private readonly List<WayStep> _steps = [];
    private readonly HashSet<(ulong, bool)> _seen = [];
    private readonly TraceTree _tree;
    private readonly IPeerFacts _peers;

    private WayVisit(TraceTree tree, ChosenSpan entry, IPeerFacts peers)
    {
        (_tree, _peers, Entry) = (tree, peers, entry);
        _steps.Add(new WayStep(-1, new Station(StationType.Service, entry.Service, entry.Operation, null), null, null, CallOutcome.Answered));
        Follow(entry, 0, entry.Service);
        FollowOrphans();
    }

    public ChosenSpan Entry { get; }

    public IReadOnlyList<WayStep> Steps => _steps;

    public static WayVisit Of(TraceTree tree, ChosenSpan entry, IPeerFacts peers) => new(tree, entry, peers);

    private void Follow(ChosenSpan from, int step, ServiceState service)
    {
        // No recursion: whoever sends spans says how deep they are nested.
        var open = new Stack<(ChosenSpan Span, int Step, ServiceState Service)>();
        open.Push((from, step, service));
        while (open.TryPop(out var at))
        {
            // Whoever writes ids by hand can make a circle.
            if (!_seen.Add((at.Span.Id, at.Span.IsLink)) || _steps.Count >= MaxSteps)
            {
                continue;
            }

            var isCall = TraceTree.IsCall(at.Span);
            var here = isCall ? Call(at.Span, at.Step, at.Service) : at.Step;
            foreach (var child in _tree.ChildrenOf(at.Span))
            {
                var isOther = child.Service != at.Service || (isCall && SpanKinds.IsInbound(child.Kind));
                open.Push(isOther
                    ? (child, Add(here, Answering(child), at.Service, isCall ? at.Span.Peer : null, CallOutcome.Answered), child.Service)
                    : (child, here, at.Service));
            }
        }
    }

    /// <summary>A queue is a station of its own, and so is who was called and is not seen.</summary>
    /// <returns>The step that lies behind the call.</returns>
    private int Call(ChosenSpan call, int step, ServiceState service)
    {
        var outcome = _tree.OutcomeOf(call);
        var isQueue = call is { Kind: SpanKinds.Producer, Peer.Type: PeerType.Messaging };
        return isQueue || (outcome != CallOutcome.Answered && call.Peer is not null && !_tree.ChildrenOf(call).Any(TraceTree.IsCall))
            ? Add(step, new Station(isQueue ? StationType.Queue : StationType.Peer, null, "", call.Peer), service, call.Peer, outcome)
            : step;
    }

    /// <summary>Who has a parent that never came lies behind a call that nobody answered: something dark passed the context on. Of several such calls, the one to
    /// somebody who is known to be dark.</summary>
    private void FollowOrphans()
    {
        if (_tree.InboundOrphans.Count == 0)
        {
            return;
        }

        var lost = Enumerable.Range(0, _steps.Count).Where(i => _steps[i] is { Station.Type: StationType.Peer, Outcome: CallOutcome.Lost, Via.Type: not PeerType.Database }).ToList();
        var dark = lost.Count > 1 ? lost.Where(i => _peers.IsDark(_steps[i].Caller!, _steps[i].Via!.Value)).ToList() : lost;
        // Calls of one kind to one dark service lead to the same place.
        if (dark.Select(i => (_steps[i].Caller, _steps[i].Via)).Distinct().Count() != 1)
        {
            return;
        }

        foreach (var orphan in _tree.InboundOrphans.Where(span => !_seen.Contains((span.Id, false))))
        {
            Follow(orphan, Add(dark[0], Answering(orphan), null, null, CallOutcome.Answered), orphan.Service);
        }
    }

    private int Add(int parent, Station station, ServiceState? caller, PeerKey? via, CallOutcome outcome)
    {
        _steps.Add(new WayStep(parent, station, caller, via, outcome));
        return _steps.Count - 1;
    }

    private static Station Answering(ChosenSpan span) => new(StationType.Service, span.Service, span.Operation, null);
}
