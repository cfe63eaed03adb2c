using Gantry.Hub.Observations;
using Gantry.Hub.Observations.Traces;
using Gantry.Protocol.Otlp.Traces;

namespace Gantry.Hub.Journeys.Ways;

/// <summary>
/// Which inbound spans of one trace tell of the same request: an SDK and an eBPF instrumentation of one process both do. They are beside each other, below the same call, or one within
/// the other; between two requests of one service there is a call.
/// </summary>
internal static class EntryRequests
{
    // Whoever writes ids by hand nests as deep as he likes, or in a circle.
    private const int MaxDepth = 50;

    /// <param name="entries">Inbound spans of <paramref name="trace"/>.</param>
    /// <param name="oneOf">The same for keys that are one service.</param>
    /// <returns>One list for each request, in the order of <paramref name="entries"/>.</returns>
    public static IEnumerable<IReadOnlyList<ChosenSpan>> Of(TraceTree trace, IReadOnlyList<ChosenSpan> entries, Func<ServiceKey, ServiceKey> oneOf)
    {
        if (entries.Count < 2)
        {
            return entries.Count == 0 ? [] : [entries];
        }

        var ids = entries.Select(entry => entry.Id).ToHashSet();
        return entries.GroupBy(entry => RequestOf(entry)).Select(group => group.ToList());

        (ServiceKey Service, ulong Parent, ulong Own) RequestOf(ChosenSpan entry)
        {
            var service = oneOf(entry.Service.Key);
            var (outer, at) = (entry, entry);
            for (var depth = 0; depth < MaxDepth && trace.ParentOf(at) is { } parent && !TraceTree.IsCall(parent) && oneOf(parent.Service.Key) == service; depth++)
            {
                at = parent;
                outer = ids.Contains(at.Id) && SpanKinds.IsInbound(at.Kind) ? at : outer;
            }

            // Below work that is no call there may be two, by a client without spans.
            return (service, outer.Parent, trace.ParentOf(outer) is { } caller && !TraceTree.IsCall(caller) ? outer.Id : 0);
        }
    }

    /// <summary>The way as it was seen by whoever saw most of it; by the first of several that saw as much.</summary>
    public static WayVisit Visit(TraceTree trace, IReadOnlyList<ChosenSpan> request, IPeerFacts peers) => request.Select(entry => WayVisit.Of(trace, entry, peers)).MaxBy(visit => visit.Steps.Count)!;
}
