using Gantry.Agent.Host;

namespace Gantry.Agent.Processes;

/// <summary>
/// /proc/PID/stat: "pid (comm) state ppid … flags(9) … starttime(22) … startstack(28) …". The command may hold blanks and brackets, so
/// the fields are counted from the last bracket.
/// </summary>
/// <param name="StartTicks">Ticks of 1/100 s from boot to the process's start.</param>
/// <param name="StartStack">Where the stack begins; exec moves it, so it tells that the program is another. 0 without the right to know.</param>
internal readonly record struct StatLine(char State, uint ParentPid, bool IsKernelThread, ulong StartTicks, ulong StartStack, int CommandHash)
{
    private const ulong KernelThreadFlag = 0x00200000;

    public bool IsDead => State is 'Z' or 'X' or 'x';

    public static bool TryParse(ReadOnlySpan<byte> text, out StatLine stat)
    {
        stat = default;
        var open = text.IndexOf((byte)'(');
        var close = text.LastIndexOf((byte)')');
        if (open < 0 || close < open)
        {
            return false;
        }

        var hash = default(HashCode);
        hash.AddBytes(text[(open + 1)..close]);
        var words = new TextCursor(text[(close + 1)..]);
        var state = words.Word();
        var parent = (uint)words.Number();
        words.Skip(4);
        var flags = words.Number();
        words.Skip(12);
        if (state.IsEmpty || !TextCursor.TryParse(words.Word(), out var start))
        {
            return false;
        }

        words.Skip(5);
        stat = new StatLine((char)state[0], parent, (flags & KernelThreadFlag) != 0, start, words.Number(), hash.ToHashCode());
        return true;
    }

    /// <summary>The command's name, at most 15 bytes, as the kernel cut it.</summary>
    public static ReadOnlySpan<byte> Command(ReadOnlySpan<byte> text)
    {
        var open = text.IndexOf((byte)'(');
        var close = text.LastIndexOf((byte)')');
        return open < 0 || close < open ? default : text[(open + 1)..close];
    }
}
