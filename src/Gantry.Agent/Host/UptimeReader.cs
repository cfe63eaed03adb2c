using System.Buffers.Text;
using Gantry.Estate.Use;

namespace Gantry.Agent.Host;

/// <summary>/proc/uptime: seconds since boot, then the idle seconds of all CPUs.</summary>
internal sealed class UptimeReader(ProcFiles proc) : IHostReader
{
    private static readonly Metric Uptime = new(SystemMetrics.Uptime, "s", MetricKind.Gauge, "Time since the host booted.");

    public void Read(MetricBatch batch)
    {
        if (TryReadSeconds(proc, out var seconds))
        {
            batch.Add(Uptime, seconds);
        }
    }

    public static bool TryReadSeconds(ProcFiles proc, out double seconds)
    {
        seconds = 0;
        return proc.TryRead("uptime"u8, out var text, 256) == FileOutcome.Ok && Utf8Parser.TryParse(text, out seconds, out _);
    }
}
