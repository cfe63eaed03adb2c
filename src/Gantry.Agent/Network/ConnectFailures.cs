using Gantry.Agent.Host;

namespace Gantry.Agent.Network;

/// <summary>AttemptFails of /proc/net/snmp: connects of the agent's network namespace that ended without a connection, since boot (RFC 4022).</summary>
internal static class ConnectFailures
{
    public static bool TryRead(ProcFiles proc, out long failures)
    {
        failures = 0;
        if (proc.TryRead("net/snmp"u8, out var text, 64 * 1024) != FileOutcome.Ok)
        {
            return false;
        }

        // Two lines begin with "Tcp:", the names and, in the same order, the values.
        var names = default(ReadOnlySpan<byte>);
        var cursor = new TextCursor(text);
        while (cursor.NextLine(out var line))
        {
            if (!line.StartsWith("Tcp:"u8))
            {
                continue;
            }

            if (names.IsEmpty)
            {
                names = line;
                continue;
            }

            return TryColumn(names, line, out failures);
        }

        return false;
    }

    private static bool TryColumn(ReadOnlySpan<byte> names, ReadOnlySpan<byte> values, out long value)
    {
        var name = new TextCursor(names);
        var word = new TextCursor(values);
        value = 0;
        ReadOnlySpan<byte> current;
        while (!(current = name.Word()).IsEmpty)
        {
            var isNumber = TextCursor.TryParse(word.Word(), out var number);
            if (current.SequenceEqual("AttemptFails"u8))
            {
                value = (long)number;
                return isNumber;
            }
        }

        return false;
    }
}
