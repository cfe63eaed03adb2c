using Gantry.Estate.Use;

namespace Gantry.Agent.Host;

/// <summary>
/// /proc/vmstat, lines "pgfault 61439". Faults, pages swapped in and out (saturation of memory: pgpgin and pgpgout count file I/O
/// too and say nothing about it), and kills for want of memory (errors of memory).
/// </summary>
internal sealed class PagingReader(ProcFiles proc) : IHostReader
{
    private static readonly Metric Faults = new(SystemMetrics.PagingFaults, "{fault}", MetricKind.Counter, "Page faults.");
    private static readonly Metric Operations = new(SystemMetrics.PagingOperations, "{operation}", MetricKind.Counter, "Pages swapped in and out.");
    private static readonly Metric OomKills =
        new(SystemMetrics.MemoryOomKills, "{event}", MetricKind.Counter, "Processes killed for want of memory.");

    private static readonly Tag Major = new(SystemMetrics.FaultType, "major");
    private static readonly Tag Minor = new(SystemMetrics.FaultType, "minor");
    private static readonly Tag In = new(SystemMetrics.PagingDirection, "in");
    private static readonly Tag Out = new(SystemMetrics.PagingDirection, "out");

    public void Read(MetricBatch batch)
    {
        if (proc.TryRead("vmstat"u8, out var text) != FileOutcome.Ok)
        {
            return;
        }

        ulong? faults = null;
        ulong major = 0;
        var cursor = new TextCursor(text);
        while (cursor.NextLine(out var line))
        {
            // Some 180 lines, of which five matter: look at the first letter before anything else.
            if (line.IsEmpty || line[0] is not ((byte)'p' or (byte)'o'))
            {
                continue;
            }

            var words = new TextCursor(line);
            var key = words.Word();
            if (key.SequenceEqual("pgfault"u8))
            {
                faults = words.Number();
            }
            else if (key.SequenceEqual("pgmajfault"u8))
            {
                major = words.Number();
            }
            else if (key.SequenceEqual("pswpin"u8))
            {
                batch.Add(Operations, words.Number(), In);
            }
            else if (key.SequenceEqual("pswpout"u8))
            {
                batch.Add(Operations, words.Number(), Out);
            }
            else if (key.SequenceEqual("oom_kill"u8))
            {
                batch.Add(OomKills, words.Number());
            }
        }

        if (faults is { } all)
        {
            batch.Add(Faults, major, Major);
            batch.Add(Faults, all - Math.Min(all, major), Minor);
        }
    }
}
