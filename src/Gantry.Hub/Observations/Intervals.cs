using Gantry.Estate.Use;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Observations;

/// <summary>One batch of a host's points, with the increase of each counter since the batch before.</summary>
internal sealed class Intervals
{
    // A host with more disks and interfaces than this gets no rates for the rest.
    private const int MaxCounters = 10_000;

    private readonly List<(HostPoint Point, double? Rate)> _points = [];

    /// <param name="before">Last value and time of each counter; brought up to date here.</param>
    public Intervals(IReadOnlyList<HostPoint> points, Dictionary<string, Reading> before, DateTimeOffset now)
    {
        foreach (var point in points)
        {
            _points.Add((point, point.Cumulative ? RateOf(point, before, now) : null));
        }
    }

    /// <summary>Whether the host sends this metric, also when it is too early for a rate.</summary>
    public bool Has(string metric) => _points.Exists(item => item.Point.Metric == metric);

    /// <summary>A gauge's value; summed when there are several.</summary>
    public double? Last(string metric, params ReadOnlySpan<(string Key, string Value)> where)
    {
        double? sum = null;
        foreach (var (point, _) in _points)
        {
            if (Matches(point, metric, where))
            {
                sum = (sum ?? 0) + point.Value;
            }
        }

        return Finite(sum);
    }

    /// <summary>Increase a second, over all series that match.</summary>
    public double? Rate(string metric, params ReadOnlySpan<(string Key, string Value)> where)
    {
        double? sum = null;
        foreach (var (point, rate) in _points)
        {
            if (rate is not null && Matches(point, metric, where))
            {
                sum = (sum ?? 0) + rate;
            }
        }

        return Finite(sum);
    }

    public double? MaxRate(string metric) =>
        _points.Where(item => item.Rate is not null && item.Point.Metric == metric).Select(item => item.Rate).DefaultIfEmpty(null).Max();

    public double? Max(string metric, params ReadOnlySpan<(string Key, string Value)> where)
    {
        double? max = null;
        foreach (var (point, _) in _points)
        {
            if (Matches(point, metric, where))
            {
                max = Math.Max(max ?? double.MinValue, point.Value);
            }
        }

        return max;
    }

    /// <summary>Busy share of CPU time, for senders that have no system.cpu.utilization.</summary>
    public double? CpuFromTime()
    {
        double idle = 0;
        double all = 0;
        foreach (var (point, rate) in _points)
        {
            if (rate is null || point.Metric != SystemMetrics.CpuTime)
            {
                continue;
            }

            all += rate.Value;
            // "state" is what the attribute was called before it was cpu.mode.
            var mode = point.Attributes.Find(pair => pair.Key is SystemMetrics.CpuMode or "state")?.Value;
            idle += mode is "idle" or "iowait" or "wait" ? rate.Value : 0;
        }

        return all > 0 && double.IsFinite(all) ? Math.Clamp(1 - (idle / all), 0, 1) : null;
    }

    private static double? RateOf(HostPoint point, Dictionary<string, Reading> before, DateTimeOffset now)
    {
        var key = $"{point.Metric};{string.Join(';', point.Attributes.Select(pair => $"{pair.Key}={pair.Value}"))}";
        var known = before.TryGetValue(key, out var last);
        if (known || before.Count < MaxCounters)
        {
            before[key] = new Reading(point.Value, point.TimeUnixNano, now);
        }

        return known && point.TimeUnixNano > last.Time && point.Value >= last.Value
            ? Finite((point.Value - last.Value) / ((point.TimeUnixNano - last.Time) / 1e9))
            : null;
    }

    // A sum of finite numbers may still overflow.
    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;

    private static bool Matches(HostPoint point, string metric, ReadOnlySpan<(string Key, string Value)> where)
    {
        if (point.Metric != metric)
        {
            return false;
        }

        foreach (var (key, value) in where)
        {
            if (point.Attributes.Find(pair => pair.Key == key)?.Value != value)
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>What a counter said last.</summary>
/// <param name="Time">By the sender's clock; only good for the time between two readings.</param>
internal readonly record struct Reading(double Value, ulong Time, DateTimeOffset Received);
