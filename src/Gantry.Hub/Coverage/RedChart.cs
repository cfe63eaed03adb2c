using Gantry.Estate.Red;
using Gantry.Hub.Observations;

namespace Gantry.Hub.Coverage;

/// <summary>Turns counts into the points of a chart.</summary>
internal static class RedChart
{
    // More points than this cannot be told apart on a page.
    private const int MaxPoints = 360;

    public static RedSlot Copy(RedSlot slot) => new(slot.Slot) { Calls = slot.Calls, Errors = slot.Errors, Buckets = [.. slot.Buckets] };

    /// <summary>One point an interval, from the first count on, with zeros where nothing came; intervals are merged when there are too many. The
    /// interval that is still running is left out: half of it would look like a fall.</summary>
    public static IReadOnlyList<RedPoint> Points(List<RedSlot> slots, TimeSpan interval, DateTimeOffset from, DateTimeOffset to)
    {
        var merge = Math.Max(1, (int)Math.Ceiling((to - from) / interval / MaxPoints));
        var step = interval * merge;
        var merged = new SortedDictionary<long, RedSlot>();
        foreach (var slot in slots.Where(slot => slot.Slot >= from.UtcTicks / interval.Ticks))
        {
            var number = slot.Slot / merge;
            if (!merged.TryGetValue(number, out var sum))
            {
                merged.Add(number, sum = new RedSlot(number));
            }

            sum.Add(slot.Calls, slot.Errors, slot.Buckets);
        }

        if (merged.Count == 0)
        {
            return [];
        }

        var points = new List<RedPoint>();
        for (var number = merged.Keys.First(); number < to.UtcTicks / step.Ticks; number++)
        {
            var slot = merged.GetValueOrDefault(number) ?? new RedSlot(number);
            points.Add(new RedPoint(
                new DateTimeOffset(number * step.Ticks, TimeSpan.Zero),
                slot.Calls / step.TotalSeconds,
                slot.Errors / step.TotalSeconds,
                DurationBuckets.Quantile(slot.Buckets, 0.5),
                DurationBuckets.Quantile(slot.Buckets, 0.95),
                DurationBuckets.Quantile(slot.Buckets, 0.99)));
        }

        return points;
    }
}
