using Gantry.Hub.Observations;
using Gantry.Hub.Observations.Traces;
using Gantry.Protocol.Otlp.Traces;

namespace Gantry.Hub.Journeys.Links;

/// <summary>What chosen traces say of every link of the estate: calls that were answered and by whom, calls that nobody answered, and parents that never came.</summary>
internal sealed class LinkBook : ITraceWatch
{
    private const int MaxLinks = 100_000;
    private const int MaxArrivals = 100_000;

    private readonly Dictionary<LinkKey, LinkState> _links = [];
    private readonly Dictionary<(ServiceState Service, string Operation), LossHistory> _arrivals = [];

    // Calls of traces that are not closed yet, which were taken for lost: an answer may be late.
    private readonly Dictionary<(ulong High, ulong Low), HashSet<ulong>> _lost = [];
    private DateTimeOffset _forgot;

    public Lock Gate { get; } = new();

    public IReadOnlyDictionary<LinkKey, LinkState> Links_NeedsLock => _links;

    public IReadOnlyDictionary<(ServiceState Service, string Operation), LossHistory> Arrivals_NeedsLock => _arrivals;

    public void Settled(TraceTree trace, DateTimeOffset now)
    {
        lock (Gate)
        {
            foreach (var call in trace.Calls)
            {
                var outcome = trace.OutcomeOf(call);
                if (outcome == CallOutcome.Unclear || call.Peer is not { } peer || LinkOf(new LinkKey(call.Service, peer)) is not { } link)
                {
                    continue;
                }

                link.Count(outcome == CallOutcome.Lost, trace.Trace.Seen);
                if (outcome == CallOutcome.Lost)
                {
                    LostOf(trace.Id).Add(call.Id);
                }

                foreach (var answer in trace.AnswersTo(call))
                {
                    link.Answered(answer.Service, trace.Trace.Seen);
                }
            }

            Forget_NeedsLock(now);
        }
    }

    /// <summary>A parent that still runs has no span yet: whether it never came is known at the end only.</summary>
    public void Closed(TraceTree trace, DateTimeOffset now)
    {
        lock (Gate)
        {
            _lost.Remove(trace.Id, out var lost);
            foreach (var call in trace.Calls.Where(call => lost is not null && lost.Contains(call.Id) && call.Peer is not null))
            {
                if (trace.AnswersTo(call).FirstOrDefault() is { } answer)
                {
                    _links.GetValueOrDefault(new LinkKey(call.Service, call.Peer!.Value))?.WasLate(answer.Service, trace.Trace.Seen);
                }
            }

            foreach (var span in trace.Trace.Spans.Where(span => SpanKinds.IsInbound(span.Kind) && span is { IsLink: false, Parent: not 0 }))
            {
                Arrived(span, trace.IsOrphan(span), trace.Trace.Seen);
            }
        }
    }

    private void Arrived(ChosenSpan span, bool orphan, DateTimeOffset at)
    {
        if (!_arrivals.TryGetValue((span.Service, span.Operation), out var arrival))
        {
            // Only who has lost one is worth remembering.
            if (!orphan || _arrivals.Count >= MaxArrivals)
            {
                return;
            }

            _arrivals.Add((span.Service, span.Operation), arrival = new LossHistory());
        }

        arrival.Count(orphan, at);
    }

    private LinkState? LinkOf(LinkKey key)
    {
        if (!_links.TryGetValue(key, out var link) && _links.Count < MaxLinks)
        {
            _links.Add(key, link = new LinkState());
        }

        return link;
    }

    private HashSet<ulong> LostOf((ulong High, ulong Low) trace)
    {
        if (!_lost.TryGetValue(trace, out var calls))
        {
            _lost.Add(trace, calls = []);
        }

        return calls;
    }

    private void Forget_NeedsLock(DateTimeOffset now)
    {
        if (now - _forgot < TimeSpan.FromMinutes(1))
        {
            return;
        }

        _forgot = now;
        var oldest = now - OutcomeWindow.Kept;
        foreach (var (key, _) in _links.Where(item => item.Value.LastSeen < oldest).ToList())
        {
            _links.Remove(key);
        }

        foreach (var (key, _) in _arrivals.Where(item => item.Value.LastSeen < oldest).ToList())
        {
            _arrivals.Remove(key);
        }

        // A trace of the store that another node took over is never closed here.
        if (_lost.Count > ChosenTraces.MaxSpans)
        {
            _lost.Clear();
        }
    }
}
