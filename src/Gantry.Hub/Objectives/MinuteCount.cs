using Gantry.Estate.Journeys;
using Gantry.Hub.Observations;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Otlp.Traces;

namespace Gantry.Hub.Objectives;

/// <summary>What one service counted in one minute, from spans and from metrics apart.</summary>
/// <param name="Best">What the service is best counted by now; null where nothing is known of its requests.</param>
internal readonly record struct MinuteCount(string ServiceId, long Minute, SlotCount Spans, SlotCount Metrics, RedSource? Best)
{
    public SlotCount From(RedSource source) => source == RedSource.Metrics ? Metrics : Spans;

    /// <summary>Counts of every kept minute of a service.</summary>
    /// <param name="from">The first minute since the Unix epoch.</param>
    /// <param name="to">The last one plus one.</param>
    public static List<MinuteCount> Of_NeedsLock(ServiceState service, Journey journey, Objective objective, long from, long to, DateTimeOffset now)
    {
        var spans = Minutes(service, journey, objective, RedSource.Spans, from, to);
        var metrics = Minutes(service, journey, objective, RedSource.Metrics, from, to);
        var best = service.BestSource(now);
        return [.. spans.Keys.Union(metrics.Keys).Select(minute => new MinuteCount(service.Id, minute, spans.GetValueOrDefault(minute), metrics.GetValueOrDefault(minute), best))];
    }

    private static Dictionary<long, SlotCount> Minutes(ServiceState service, Journey journey, Objective objective, RedSource source, long from, long to)
    {
        var minutes = new Dictionary<long, SlotCount>();
        if (objective.Service.Length > 0 || journey.Entry.Operation.Length == 0)
        {
            Add(service.Inbound[source]);
        }
        else
        {
            foreach (var kind in (ReadOnlySpan<int>)[SpanKinds.Server, SpanKinds.Consumer])
            {
                if (service.Operations.TryGetValue((journey.Entry.Operation, kind, source), out var operation))
                {
                    Add(operation.Window);
                }
            }
        }

        return minutes;

        void Add(RedWindow window)
        {
            foreach (var slot in window.Slots)
            {
                var minute = window.StartOf(slot.Slot).UtcTicks / TimeSpan.TicksPerMinute;
                if (minute >= from && minute < to)
                {
                    minutes[minute] = minutes.GetValueOrDefault(minute) + new SlotCount(slot.Calls, Bad(slot, objective));
                }
            }
        }
    }

    private static ulong Bad(RedSlot slot, Objective objective)
    {
        if (objective.Indicator == ObjectiveIndicator.Errors)
        {
            return slot.Errors;
        }

        ulong good = 0;
        for (var i = 0; i <= JourneyWords.BucketOf(objective.Threshold); i++)
        {
            good += slot.Buckets[i];
        }

        return slot.Calls - Math.Min(good, slot.Calls);
    }
}
