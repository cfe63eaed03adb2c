namespace Gantry.Agent.Host;

/// <summary>
/// When the host booted: "btime" of /proc/stat, in whole seconds. It is read once, since the kernel computes it anew from the wall clock: after
/// a correction of the clock, processes would seem to be others, as their start time is part of their identity.
/// </summary>
internal static class BootTime
{
    /// <returns>0 when /proc does not say.</returns>
    public static ulong ReadUnixNano(ProcFiles proc)
    {
        if (proc.TryRead("stat"u8, out var text) != FileOutcome.Ok)
        {
            return 0;
        }

        var cursor = new TextCursor(text);
        while (cursor.NextLine(out var line))
        {
            var words = new TextCursor(line);
            if (words.Word().SequenceEqual("btime"u8))
            {
                return words.Number() * 1_000_000_000;
            }
        }

        return 0;
    }
}
