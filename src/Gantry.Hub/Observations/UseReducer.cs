using Gantry.Estate.Ladder;
using Gantry.Estate.Use;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Observations;

/// <summary>
/// Turns the newest <c>system.*</c> values of one host into one <see cref="UsePoint"/>, as <see cref="UseDefinitions"/> says, and tells which
/// requirements of rung 1 they meet. Counters become rates against the batch before; a counter that fell began anew and gives no rate.
/// </summary>
internal sealed class UseReducer
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private readonly Dictionary<string, Reading> _before = [];

    /// <summary>How many counters are remembered for their next rate.</summary>
    public int Counters => _before.Count;

    /// <summary>Drops counters that were silent for an hour: devices and containers come and go.</summary>
    public void Forget(DateTimeOffset now)
    {
        foreach (var (key, _) in _before.Where(item => now - item.Value.Received > Kept).ToList())
        {
            _before.Remove(key);
        }
    }

    /// <param name="now">When the hub received them. The host's own clock only divides a counter's increase.</param>
    /// <param name="saw">Called with a requirement id, when it was met, and the metric that met it.</param>
    /// <returns>Null when none of the points is of use.</returns>
    public UsePoint? Reduce(IReadOnlyList<HostPoint> points, DateTimeOffset now, Action<string, DateTimeOffset, string> saw)
    {
        if (points.Count == 0)
        {
            return null;
        }

        var values = new Intervals(points, _before, now);
        foreach (var point in points)
        {
            foreach (var requirement in RequirementsOf(point))
            {
                saw(requirement, now, point.Metric);
            }
        }

        var cpus = Math.Max(1, values.Last(SystemMetrics.CpuLogicalCount) ?? 1);
        var idle = values.Last(SystemMetrics.CpuUtilization, (SystemMetrics.CpuMode, "idle"));
        var wait = values.Last(SystemMetrics.CpuUtilization, (SystemMetrics.CpuMode, "iowait"));
        return new UsePoint(now)
        {
            CpuUtilization = idle is null ? values.CpuFromTime() : Ratio(1 - idle - (wait ?? 0)),
            CpuSaturation = values.Has(SystemMetrics.CpuPressure)
                ? Ratio(values.Rate(SystemMetrics.CpuPressure, (SystemMetrics.Stall, "some")))
                : Waiting(values.Last(SystemMetrics.ProcessCount, (SystemMetrics.ProcessState, "running")), cpus),
            CpuErrors = values.Rate(SystemMetrics.CpuThrottles),
            MemoryUtilization = Ratio(values.Last(SystemMetrics.MemoryUtilization, (SystemMetrics.MemoryState, "used"))),
            MemorySaturation = values.Has(SystemMetrics.MemoryPressure)
                ? Ratio(values.Rate(SystemMetrics.MemoryPressure, (SystemMetrics.Stall, "some")))
                : values.Rate(SystemMetrics.PagingFaults, (SystemMetrics.FaultType, "major")),
            MemoryErrors = Sum(values.Rate(SystemMetrics.MemoryOomKills), values.Rate(SystemMetrics.MemoryErrors)),
            DiskBytes = values.Rate(SystemMetrics.DiskIo),
            DiskOperations = values.Rate(SystemMetrics.DiskOperations),
            DiskUtilization = Ratio(values.MaxRate(SystemMetrics.DiskIoTime)),
            DiskSaturation = Ratio(values.Rate(SystemMetrics.DiskPressure, (SystemMetrics.Stall, "some"))),
            DiskErrors = Sum(values.Rate(SystemMetrics.DiskErrors), values.Rate(SystemMetrics.FilesystemErrors)),
            FilesystemUtilization = Ratio(values.Max(SystemMetrics.FilesystemUtilization, (SystemMetrics.FilesystemState, "used"))),
            NetworkBytesIn = values.Rate(SystemMetrics.NetworkIo, (SystemMetrics.NetworkDirection, "receive")),
            NetworkBytesOut = values.Rate(SystemMetrics.NetworkIo, (SystemMetrics.NetworkDirection, "transmit")),
            NetworkErrors = values.Rate(SystemMetrics.NetworkErrors),
            NetworkDropped = values.Rate(SystemMetrics.NetworkDropped),
        };
    }

    /// <summary>What seeing this metric proves. Older names of the collector's hostmetrics receiver count too.</summary>
    private static ReadOnlySpan<string> RequirementsOf(HostPoint point) => point.Metric switch
    {
        SystemMetrics.CpuUtilization or SystemMetrics.CpuTime => new[] { HostEvidence.CpuUtilization },
        SystemMetrics.CpuPressure or SystemMetrics.ProcessCount or "system.cpu.load_average.1m" or "system.processes.count" => new[] { HostEvidence.CpuSaturation },
        SystemMetrics.MemoryUtilization or SystemMetrics.MemoryUsage => new[] { HostEvidence.MemoryUtilization },
        SystemMetrics.MemoryPressure or SystemMetrics.PagingFaults or SystemMetrics.PagingOperations => new[] { HostEvidence.MemorySaturation },
        SystemMetrics.DiskIo or SystemMetrics.DiskOperations or SystemMetrics.FilesystemUsage or SystemMetrics.FilesystemUtilization => new[] { HostEvidence.DiskActivity },
        SystemMetrics.DiskErrors or SystemMetrics.FilesystemErrors => new[] { HostEvidence.DiskErrors },
        SystemMetrics.NetworkIo or SystemMetrics.NetworkPackets or "system.network.packets" => new[] { HostEvidence.NetworkActivity },
        SystemMetrics.NetworkErrors or SystemMetrics.NetworkDropped or "system.network.dropped" => new[] { HostEvidence.NetworkErrors },
        _ => [],
    };

    /// <summary>Runnable tasks that found no CPU, per CPU: what stands in where the kernel has no pressure information.</summary>
    private static double? Waiting(double? running, double cpus) => running is { } tasks ? Math.Max(0, tasks - cpus) / cpus : null;

    private static double? Ratio(double? value) => value is { } number ? Math.Clamp(number, 0, 1) : null;

    private static double? Sum(double? a, double? b) => a is null && b is null ? null : (a ?? 0) + (b ?? 0);
}
