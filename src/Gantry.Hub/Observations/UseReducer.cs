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
    private readonly Dictionary<string, (double Value, ulong Time)> _before = [];

    /// <param name="saw">Called with a requirement id, when it was met, and the metric that met it.</param>
    /// <returns>Null when none of the points is of use.</returns>
    public UsePoint? Reduce(IReadOnlyList<HostPoint> points, Action<string, DateTimeOffset, string> saw)
    {
        if (points.Count == 0)
        {
            return null;
        }

        var values = new Intervals(points, _before);
        var at = DateTimeOffset.UnixEpoch.AddTicks((long)(points.Max(point => point.TimeUnixNano) / 100));
        foreach (var point in points)
        {
            foreach (var requirement in RequirementsOf(point))
            {
                saw(requirement, DateTimeOffset.UnixEpoch.AddTicks((long)(point.TimeUnixNano / 100)), point.Metric);
            }
        }

        var cpus = values.Last(SystemMetrics.CpuLogicalCount) ?? 1;
        var idle = values.Last(SystemMetrics.CpuUtilization, (SystemMetrics.CpuMode, "idle"));
        var wait = values.Last(SystemMetrics.CpuUtilization, (SystemMetrics.CpuMode, "iowait"));
        return new UsePoint(at)
        {
            CpuUtilization = idle is null ? values.CpuFromTime() : Ratio(1 - idle - (wait ?? 0)),
            CpuSaturation = Ratio(values.Rate(SystemMetrics.CpuPressure, (SystemMetrics.Stall, "some")))
                ?? (values.Last(SystemMetrics.ProcessCount, (SystemMetrics.ProcessState, "running")) is { } running ? Math.Max(0, running - cpus) / cpus : null),
            MemoryUtilization = Ratio(values.Last(SystemMetrics.MemoryUtilization, (SystemMetrics.MemoryState, "used"))),
            MemorySaturation = Ratio(values.Rate(SystemMetrics.MemoryPressure, (SystemMetrics.Stall, "some")))
                ?? values.Rate(SystemMetrics.PagingFaults, (SystemMetrics.FaultType, "major")),
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

    private static double? Ratio(double? value) => value is { } number ? Math.Clamp(number, 0, 1) : null;

    private static double? Sum(double? a, double? b) => a is null && b is null ? null : (a ?? 0) + (b ?? 0);
}
