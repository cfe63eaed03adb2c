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
    // Names of the collector's hostmetrics receiver before the conventions settled.
    private const string OldProcessCount = "system.processes.count";
    private const string OldDropped = "system.network.dropped";
    private const string OldPackets = "system.network.packets";
    private const string Load = "system.cpu.load_average.1m";

    private static readonly (string Key, string Value) Idle = (SystemMetrics.CpuMode, "idle");
    private static readonly (string Key, string Value) Some = (SystemMetrics.Stall, "some");
    private static readonly (string Key, string Value) Running = (SystemMetrics.ProcessState, "running");
    private static readonly (string Key, string Value) OldRunning = ("status", "running");
    private static readonly (string Key, string Value) MemoryUsed = (SystemMetrics.MemoryState, "used");
    private static readonly (string Key, string Value) Major = (SystemMetrics.FaultType, "major");
    private static readonly (string Key, string Value) FilesystemUsed = (SystemMetrics.FilesystemState, "used");
    private static readonly (string Key, string Value) Received = (SystemMetrics.NetworkDirection, "receive");
    private static readonly (string Key, string Value) Sent = (SystemMetrics.NetworkDirection, "transmit");

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
        foreach (var (requirement, metric) in Met(values))
        {
            saw(requirement, now, metric);
        }

        var cpus = Math.Max(1, values.Last(SystemMetrics.CpuLogicalCount) ?? values.CpusSeen());
        // One value for the host, or one for each CPU: the mean is right for both.
        var idle = values.Mean(SystemMetrics.CpuUtilization, Idle);
        var wait = values.Mean(SystemMetrics.CpuUtilization, (SystemMetrics.CpuMode, "iowait")) ?? values.Mean(SystemMetrics.CpuUtilization, (SystemMetrics.CpuMode, "wait"));
        return new UsePoint(now)
        {
            CpuUtilization = idle is null ? values.CpuFromTime() : Ratio(1 - idle - (wait ?? 0)),
            CpuSaturation = values.Counts(SystemMetrics.CpuPressure, Some)
                ? Ratio(values.Rate(SystemMetrics.CpuPressure, Some))
                : Waiting(values.Last(SystemMetrics.ProcessCount, Running) ?? values.Last(OldProcessCount, OldRunning) ?? values.Last(Load), cpus),
            CpuErrors = values.Rate(SystemMetrics.CpuThrottles),
            MemoryUtilization = Ratio(values.Last(SystemMetrics.MemoryUtilization, MemoryUsed)) ?? values.MemoryFromUsage(),
            MemorySaturation = values.Counts(SystemMetrics.MemoryPressure, Some)
                ? Ratio(values.Rate(SystemMetrics.MemoryPressure, Some))
                : values.Rate(SystemMetrics.PagingFaults, Major),
            MemoryErrors = Sum(values.Rate(SystemMetrics.MemoryOomKills), values.Rate(SystemMetrics.MemoryErrors)),
            DiskBytes = values.Rate(SystemMetrics.DiskIo),
            DiskOperations = values.Rate(SystemMetrics.DiskOperations),
            DiskUtilization = Ratio(values.MaxRate(SystemMetrics.DiskIoTime)),
            DiskSaturation = Ratio(values.Rate(SystemMetrics.DiskPressure, Some)),
            DiskErrors = Sum(values.Rate(SystemMetrics.DiskErrors), values.Rate(SystemMetrics.FilesystemErrors)),
            FilesystemUtilization = Ratio(values.Max(SystemMetrics.FilesystemUtilization, FilesystemUsed)),
            NetworkBytesIn = values.Rate(SystemMetrics.NetworkIo, Received),
            NetworkBytesOut = values.Rate(SystemMetrics.NetworkIo, Sent),
            NetworkErrors = values.Rate(SystemMetrics.NetworkErrors),
            NetworkDropped = values.Rate(SystemMetrics.NetworkDropped) ?? values.Rate(OldDropped),
        };
    }

    /// <summary>
    /// The requirements for which there is a number, with the metric that gives it. A counter's first reading counts: its number comes with the
    /// next one.
    /// </summary>
    private static IEnumerable<(string Requirement, string Metric)> Met(Intervals values)
    {
        (string Requirement, string Metric, bool Usable)[] ways =
        [
            (HostEvidence.CpuUtilization, SystemMetrics.CpuUtilization, values.Last(SystemMetrics.CpuUtilization, Idle) is not null),
            (HostEvidence.CpuUtilization, SystemMetrics.CpuTime, values.Counts(SystemMetrics.CpuTime, Idle)),
            (HostEvidence.CpuSaturation, SystemMetrics.CpuPressure, values.Counts(SystemMetrics.CpuPressure, Some)),
            (HostEvidence.CpuSaturation, SystemMetrics.ProcessCount, values.Last(SystemMetrics.ProcessCount, Running) is not null),
            (HostEvidence.CpuSaturation, OldProcessCount, values.Last(OldProcessCount, OldRunning) is not null),
            (HostEvidence.CpuSaturation, Load, values.Last(Load) is not null),
            (HostEvidence.MemoryUtilization, SystemMetrics.MemoryUtilization, values.Last(SystemMetrics.MemoryUtilization, MemoryUsed) is not null),
            (HostEvidence.MemoryUtilization, SystemMetrics.MemoryUsage, values.MemoryFromUsage() is not null),
            (HostEvidence.MemorySaturation, SystemMetrics.MemoryPressure, values.Counts(SystemMetrics.MemoryPressure, Some)),
            (HostEvidence.MemorySaturation, SystemMetrics.PagingFaults, values.Counts(SystemMetrics.PagingFaults, Major)),
            (HostEvidence.DiskActivity, SystemMetrics.DiskIo, values.Counts(SystemMetrics.DiskIo)),
            (HostEvidence.DiskActivity, SystemMetrics.DiskOperations, values.Counts(SystemMetrics.DiskOperations)),
            (HostEvidence.DiskActivity, SystemMetrics.FilesystemUtilization, values.Max(SystemMetrics.FilesystemUtilization, FilesystemUsed) is not null),
            (HostEvidence.DiskErrors, SystemMetrics.DiskErrors, values.Counts(SystemMetrics.DiskErrors)),
            (HostEvidence.DiskErrors, SystemMetrics.FilesystemErrors, values.Counts(SystemMetrics.FilesystemErrors)),
            (HostEvidence.NetworkActivity, SystemMetrics.NetworkIo, values.Counts(SystemMetrics.NetworkIo, Received) || values.Counts(SystemMetrics.NetworkIo, Sent)),
            (HostEvidence.NetworkActivity, SystemMetrics.NetworkPackets, values.Counts(SystemMetrics.NetworkPackets)),
            (HostEvidence.NetworkActivity, OldPackets, values.Counts(OldPackets)),
            (HostEvidence.NetworkErrors, SystemMetrics.NetworkErrors, values.Counts(SystemMetrics.NetworkErrors)),
            (HostEvidence.NetworkErrors, SystemMetrics.NetworkDropped, values.Counts(SystemMetrics.NetworkDropped)),
            (HostEvidence.NetworkErrors, OldDropped, values.Counts(OldDropped)),
        ];
        return ways.Where(way => way.Usable).Select(way => (way.Requirement, way.Metric));
    }

    /// <summary>Runnable tasks that found no CPU, per CPU: what stands in where the kernel has no pressure information.</summary>
    private static double? Waiting(double? running, double cpus) => running is { } tasks ? Math.Max(0, tasks - cpus) / cpus : null;

    private static double? Ratio(double? value) => value is { } number ? Math.Clamp(number, 0, 1) : null;

    private static double? Sum(double? a, double? b) => a is null && b is null ? null : (a ?? 0) + (b ?? 0);
}
