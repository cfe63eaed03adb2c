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

    /// <summary>Whether the host sends this counter, also when it is too early for a rate.</summary>
    public bool Counts(string metric, params ReadOnlySpan<(string Key, string Value)> where)
    {
        foreach (var (point, _) in _points)
        {
            if (point.Cumulative && Matches(point, metric, where))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A gauge's value; the mean when there are several, as there are of CPUs.</summary>
    public double? Mean(string metric, (string Key, string Value) where)
    {
        var count = _points.Count(item => Matches(item.Point, metric, [where]));
        return count == 0 ? null : Last(metric, where) / count;
    }

    /// <summary>CPUs that have points of their own; at least 1.</summary>
    public int CpusSeen() => Math.Max(1, _points
        .Select(item => item.Point.Attributes.Find(pair => pair.Key is SystemMetrics.CpuNumber or "cpu")?.Value)
        .Where(cpu => cpu is not null)
        .Distinct()
        .Count());

    /// <summary>Used share of memory, for senders that have no system.memory.utilization.</summary>
    public double? MemoryFromUsage()
    {
        // Without a limit, the parts that the collector reports add up to it (slab is part of cached and used).
        var limit = Last(SystemMetrics.MemoryLimit)
            ?? Usage("used") + (Usage("free") + (Usage("buffered") ?? Usage("buffers") ?? 0) + (Usage("cached") ?? 0));
        return limit > 0 && Usage("used") is { } used ? Math.Clamp(used / limit.Value, 0, 1) : null;

        double? Usage(string state) => Last(SystemMetrics.MemoryUsage, (SystemMetrics.MemoryState, state));
    }

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
            var mode = point.Attributes.Find(pair => Is(pair.Key, SystemMetrics.CpuMode))?.Value;
            idle += mode is "idle" or "iowait" or "wait" ? rate.Value : 0;
        }

        return all > 0 && Counts(SystemMetrics.CpuTime, (SystemMetrics.CpuMode, "idle")) && double.IsFinite(all) ? Math.Clamp(1 - (idle / all), 0, 1) : null;
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

    /// <summary>The collector's hostmetrics receiver still has the names from before the conventions settled.</summary>
    private static bool Is(string sent, string key) => sent == key || sent == key switch
    {
        SystemMetrics.CpuMode or SystemMetrics.MemoryState or SystemMetrics.FilesystemState => "state",
        SystemMetrics.Direction or SystemMetrics.NetworkDirection => "direction",
        SystemMetrics.FaultType => "type",
        _ => key,
    };

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
            if (point.Attributes.Find(pair => Is(pair.Key, key))?.Value != value)
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
