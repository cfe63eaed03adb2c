using Gantry.Estate.Use;

namespace Gantry.Agent.Host;

/// <summary>
/// /proc/stat. Line "cpu": ticks in user, nice, system, idle, iowait, irq, softirq, steal, guest, guest_nice, of which user holds guest.
/// A tick is 1/100 s to every program on Linux (USER_HZ), whatever the kernel's own clock.
/// </summary>
internal sealed class CpuReader(ProcFiles proc) : IHostReader
{
    public const double TicksPerSecond = 100;

    private static readonly Metric Time =
        new(SystemMetrics.CpuTime, "s", MetricKind.Counter, "Time in each mode, of all logical CPUs together.");
    private static readonly Metric Utilization =
        new(SystemMetrics.CpuUtilization, "1", MetricKind.Gauge, "Share of each mode since the sample before.");
    private static readonly Metric LogicalCount = new(SystemMetrics.CpuLogicalCount, "{cpu}", MetricKind.UpDownCounter, "Logical CPUs.");
    private static readonly Metric Processes =
        new(SystemMetrics.ProcessCount, "{process}", MetricKind.UpDownCounter, "Tasks that run or wait for a CPU, and that wait for I/O.");
    private static readonly Metric Created =
        new(SystemMetrics.ProcessCreated, "{process}", MetricKind.Counter, "Processes and threads created since boot.");

    private static readonly Tag[] Modes =
    [
        new(SystemMetrics.CpuMode, "user"), new(SystemMetrics.CpuMode, "nice"), new(SystemMetrics.CpuMode, "system"),
        new(SystemMetrics.CpuMode, "idle"), new(SystemMetrics.CpuMode, "iowait"), new(SystemMetrics.CpuMode, "interrupt"),
        new(SystemMetrics.CpuMode, "steal"),
    ];

    private static readonly Tag Running = new(SystemMetrics.ProcessState, "running");
    private static readonly Tag Blocked = new(SystemMetrics.ProcessState, "blocked");

    private readonly ulong[] _ticks = new ulong[7];
    private readonly ulong[] _before = new ulong[7];
    private bool _hasBefore;

    public void Read(MetricBatch batch)
    {
        if (proc.TryRead("stat"u8, out var text) != FileOutcome.Ok)
        {
            return;
        }

        long cpus = 0;
        var cursor = new TextCursor(text);
        while (cursor.NextLine(out var line))
        {
            var words = new TextCursor(line);
            var key = words.Word();
            if (key.SequenceEqual("cpu"u8))
            {
                AddTimes(ref words, batch);
            }
            else if (key.StartsWith("cpu"u8))
            {
                cpus++;
            }
            else if (key.SequenceEqual("processes"u8))
            {
                batch.Add(Created, words.Number());
            }
            else if (key.SequenceEqual("procs_running"u8))
            {
                batch.Add(Processes, words.Number(), Running);
            }
            else if (key.SequenceEqual("procs_blocked"u8))
            {
                batch.Add(Processes, words.Number(), Blocked);
            }
        }

        if (cpus > 0)
        {
            batch.Add(LogicalCount, cpus);
        }
    }

    private void AddTimes(ref TextCursor words, MetricBatch batch)
    {
        _ticks.CopyTo(_before, 0);
        for (var mode = 0; mode < _ticks.Length; mode++)
        {
            var ticks = words.Number();
            if (mode == 5)
            {
                // irq and softirq are one mode in the conventions.
                ticks += words.Number();
            }

            // idle and iowait may step back a little (kernel, cpufreq/nohz accounting); a counter that shrinks would look like a reboot.
            _ticks[mode] = Math.Max(ticks, _before[mode]);
            batch.Add(Time, _ticks[mode] / TicksPerSecond, Modes[mode]);
        }

        if (_hasBefore)
        {
            AddUtilization(batch);
        }

        _hasBefore = true;
    }

    private void AddUtilization(MetricBatch batch)
    {
        ulong total = 0;
        for (var mode = 0; mode < _ticks.Length; mode++)
        {
            total += _ticks[mode] - _before[mode];
        }

        for (var mode = 0; mode < _ticks.Length && total > 0; mode++)
        {
            batch.Add(Utilization, (_ticks[mode] - _before[mode]) / (double)total, Modes[mode]);
        }
    }
}
