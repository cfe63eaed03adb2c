using Gantry.Estate.Use;

namespace Gantry.Agent.Host;

/// <summary>
/// Saturation: pressure stall information, /proc/pressure/{cpu,memory,io}, of kernels since 4.20 that have it switched on. Lines are
/// "some avg10=0.00 avg60=0.00 avg300=0.00 total=12345", the total in microseconds.
/// </summary>
internal sealed class PressureReader(ProcFiles proc) : IHostReader
{
    private static readonly Metric Cpu =
        new(SystemMetrics.CpuPressure, "s", MetricKind.Counter, "Time in which some tasks waited for a CPU.");
    private static readonly Metric Memory =
        new(SystemMetrics.MemoryPressure, "s", MetricKind.Counter, "Time in which some (all) tasks waited for memory.");
    private static readonly Metric Disk =
        new(SystemMetrics.DiskPressure, "s", MetricKind.Counter, "Time in which some (all) tasks waited for I/O.");
    private static readonly Tag Some = new(SystemMetrics.Stall, "some");
    private static readonly Tag Full = new(SystemMetrics.Stall, "full");

    public void Read(MetricBatch batch)
    {
        // "full" of the CPU is always 0 for a whole host: somebody runs. Only a cgroup has one.
        Read("pressure/cpu"u8, Cpu, batch, withFull: false);
        Read("pressure/memory"u8, Memory, batch, withFull: true);
        Read("pressure/io"u8, Disk, batch, withFull: true);
    }

    private void Read(ReadOnlySpan<byte> file, Metric metric, MetricBatch batch, bool withFull)
    {
        // Kernels booted with psi=0 have the files and refuse to read them.
        if (proc.TryRead(file, out var text, 4096) != FileOutcome.Ok)
        {
            return;
        }

        var cursor = new TextCursor(text);
        while (cursor.NextLine(out var line))
        {
            var total = line.IndexOf("total="u8);
            if (total < 0 || !TextCursor.TryParse(line[(total + 6)..], out var microseconds))
            {
                continue;
            }

            var isSome = line.StartsWith("some"u8);
            if (isSome || withFull)
            {
                batch.Add(metric, microseconds / 1e6, isSome ? Some : Full);
            }
        }
    }
}
