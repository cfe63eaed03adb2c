using Gantry.Agent.Host;

namespace Gantry.Agent.Processes;

/// <summary>/proc/PID/status: "Uid:\treal\teffective…", "NSpid:\touter…\tinner" (missing before Linux 4.1).</summary>
internal readonly record struct StatusFile(uint Uid, uint ContainerPid)
{
    public static StatusFile Parse(ReadOnlySpan<byte> text)
    {
        uint uid = uint.MaxValue;
        uint inner = 0;
        var cursor = new TextCursor(text);
        while (cursor.NextLine(out var line))
        {
            if (line.StartsWith("Uid:"u8))
            {
                var words = new TextCursor(line[4..]);
                uid = TextCursor.TryParse(words.Word(), out var real) ? (uint)real : uid;
            }
            else if (line.StartsWith("NSpid:"u8))
            {
                inner = InnerPid(line[6..]);
            }
        }

        return new StatusFile(uid, inner);
    }

    /// <summary>A number for each nested namespace, ours first: the last is what the process sees; 0 when there is but ours.</summary>
    private static uint InnerPid(ReadOnlySpan<byte> text)
    {
        var words = new TextCursor(text);
        words.Word();
        uint inner = 0;
        ReadOnlySpan<byte> word;
        while (!(word = words.Word()).IsEmpty)
        {
            inner = TextCursor.TryParse(word, out var pid) ? (uint)pid : inner;
        }

        return inner;
    }
}
