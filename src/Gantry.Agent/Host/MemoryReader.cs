using Gantry.Estate.Use;

namespace Gantry.Agent.Host;

/// <summary>
/// /proc/meminfo, lines "MemTotal:  24684084 kB". The states are the collector's: cached holds what the kernel can give back of its own
/// caches (SReclaimable), used is the rest, so that the four add up to the limit. Swap is in the same file and is added here.
/// </summary>
internal sealed class MemoryReader(ProcFiles proc) : IHostReader
{
    private static readonly Metric Usage = new(SystemMetrics.MemoryUsage, "By", MetricKind.UpDownCounter, "Memory in each state.");
    private static readonly Metric Utilization = new(SystemMetrics.MemoryUtilization, "1", MetricKind.Gauge, "Share of memory in each state.");
    private static readonly Metric Limit = new(SystemMetrics.MemoryLimit, "By", MetricKind.UpDownCounter, "Memory of the host.");
    private static readonly Metric Available =
        new(SystemMetrics.MemoryAvailable, "By", MetricKind.UpDownCounter, "The kernel's estimate of what can be had without swapping.");
    private static readonly Metric PagingUsage = new(SystemMetrics.PagingUsage, "By", MetricKind.UpDownCounter, "Swap space in each state.");

    private static readonly Tag Used = new(SystemMetrics.MemoryState, "used");
    private static readonly Tag Free = new(SystemMetrics.MemoryState, "free");
    private static readonly Tag Cached = new(SystemMetrics.MemoryState, "cached");
    private static readonly Tag Buffers = new(SystemMetrics.MemoryState, "buffers");
    private static readonly Tag SwapUsed = new(SystemMetrics.PagingState, "used");
    private static readonly Tag SwapFree = new(SystemMetrics.PagingState, "free");

    public void Read(MetricBatch batch)
    {
        if (proc.TryRead("meminfo"u8, out var text) != FileOutcome.Ok)
        {
            return;
        }

        var info = Parse(text);
        if (info.Total > 0)
        {
            var cached = info.Cached + info.Reclaimable;
            var used = info.Total - Math.Min(info.Total, info.Free + cached + info.Buffers);
            Add(batch, used, info.Total, Used);
            Add(batch, info.Free, info.Total, Free);
            Add(batch, cached, info.Total, Cached);
            Add(batch, info.Buffers, info.Total, Buffers);
            batch.Add(Limit, info.Total);
        }

        // Kernels before 3.14 have no estimate.
        if (info.Available is { } available)
        {
            batch.Add(Available, available);
        }

        batch.Add(PagingUsage, info.SwapTotal - Math.Min(info.SwapTotal, info.SwapFree), SwapUsed);
        batch.Add(PagingUsage, info.SwapFree, SwapFree);
    }

    private static void Add(MetricBatch batch, ulong bytes, ulong total, Tag state)
    {
        batch.Add(Usage, bytes, state);
        batch.Add(Utilization, bytes / (double)total, state);
    }

    private static MemoryInfo Parse(ReadOnlySpan<byte> text)
    {
        var info = default(MemoryInfo);
        var cursor = new TextCursor(text);
        while (cursor.NextLine(out var line))
        {
            var words = new TextCursor(line);
            var key = words.Word();
            var bytes = words.Number() * 1024;
            if (key.SequenceEqual("MemTotal:"u8))
            {
                info.Total = bytes;
            }
            else if (key.SequenceEqual("MemFree:"u8))
            {
                info.Free = bytes;
            }
            else if (key.SequenceEqual("MemAvailable:"u8))
            {
                info.Available = bytes;
            }
            else if (key.SequenceEqual("Buffers:"u8))
            {
                info.Buffers = bytes;
            }
            else if (key.SequenceEqual("Cached:"u8))
            {
                info.Cached = bytes;
            }
            else if (key.SequenceEqual("SReclaimable:"u8))
            {
                info.Reclaimable = bytes;
            }
            else if (key.SequenceEqual("SwapTotal:"u8))
            {
                info.SwapTotal = bytes;
            }
            else if (key.SequenceEqual("SwapFree:"u8))
            {
                info.SwapFree = bytes;
            }
        }

        return info;
    }

    private struct MemoryInfo
    {
        public ulong Total;
        public ulong Free;
        public ulong? Available;
        public ulong Buffers;
        public ulong Cached;
        public ulong Reclaimable;
        public ulong SwapTotal;
        public ulong SwapFree;
    }
}
