using Gantry.Hub.Coverage;
using Gantry.Hub.Coverage.Edges;
using Gantry.Hub.Observations;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Otlp.Traces;

namespace Gantry.Hub.Journeys.Breaks;

/// <summary>How requests come to a service, counted from every span on every gateway.</summary>
/// <param name="Calls">Inbound spans of the last hour whose arrival is known.</param>
/// <param name="Begun">Of those, without parent and link.</param>
/// <param name="Queued">Of <paramref name="Begun"/>, CONSUMER spans.</param>
/// <param name="Continued">Inbound spans with a parent.</param>
/// <param name="LastSpan">When an inbound span last came; null when none did within the hour.</param>
/// <param name="FirstSpan">When the first inbound span came.</param>
/// <param name="BegunBy">Operations that begin traces, the most frequent first.</param>
internal sealed record ServiceFacts(ulong Calls, ulong Begun, ulong Queued, ulong Continued, DateTimeOffset? LastSpan, DateTimeOffset? FirstSpan, IReadOnlyList<string> BegunBy)
{
    public static readonly ServiceFacts None = new(0, 0, 0, 0, null, null, []);

    public static ServiceFacts Of_NeedsLock(ServiceState service, DateTimeOffset now)
    {
        var (calls, begun, queued, linked) = (0UL, 0UL, 0UL, 0UL);
        DateTimeOffset? last = null;
        DateTimeOffset? first = null;
        var by = new List<(string Operation, ulong Begun)>();
        foreach (var ((name, kind, source), operation) in service.Operations)
        {
            if (source != RedSource.Spans || !SpanKinds.IsInbound(kind))
            {
                continue;
            }

            var own = 0UL;
            var oldest = operation.Window.SlotOf(now - RedWindow.Kept);
            foreach (var slot in operation.Window.Since(oldest))
            {
                (calls, own, linked) = (calls + slot.Arrived, own + slot.Begun, linked + slot.Linked);
            }

            begun += own;
            queued += kind == SpanKinds.Consumer ? own : 0;
            first = first is null || operation.FirstSeen < first ? operation.FirstSeen : first;
            last = last is null || operation.LastSeen > last ? operation.LastSeen : last;
            if (own > 0)
            {
                by.Add((name, own));
            }
        }

        return new ServiceFacts(calls, begun, queued, calls - Math.Min(calls, begun + linked), last, first, [.. by.OrderByDescending(item => item.Begun).Select(item => item.Operation)]);
    }

    /// <summary>Figures of one inbound operation; "" for all of the service.</summary>
    public static RecentCalls? Recent_NeedsLock(ServiceState service, string operation, DateTimeOffset now)
    {
        var source = service.BestSource(now) ?? RedSource.Spans;
        RecentCalls? sum = null;
        foreach (var ((name, kind, of), state) in service.Operations)
        {
            if (of == source && SpanKinds.IsInbound(kind) && (operation.Length == 0 || name == operation))
            {
                var calls = RecentCalls.Of(state.Window, now);
                sum = sum is null ? calls : sum.Plus(calls);
            }
        }

        return sum;
    }
}
