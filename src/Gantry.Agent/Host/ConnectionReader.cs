using Gantry.Estate.Use;

namespace Gantry.Agent.Host;

/// <summary>
/// TCP connections by state without reading /proc/net/tcp, which has a line for each: CurrEstab of /proc/net/snmp (established, and those
/// that only the peer closed) and tw of /proc/net/sockstat (time_wait). Both count IPv4 and IPv6 together.
/// </summary>
internal sealed class ConnectionReader(ProcFiles proc) : IHostReader
{
    private static readonly Metric Connections =
        new(SystemMetrics.NetworkConnections, "{connection}", MetricKind.UpDownCounter, "TCP connections of the host's own network namespace.");

    private static readonly Tag Tcp = new("network.transport", "tcp");
    private static readonly Tag Established = new("network.connection.state", "established");
    private static readonly Tag TimeWait = new("network.connection.state", "time_wait");

    public void Read(MetricBatch batch)
    {
        if (proc.TryRead("net/snmp"u8, out var snmp, 64 * 1024) == FileOutcome.Ok && TryFindEstablished(snmp, out var established))
        {
            batch.Add(Connections, established, Tcp, Established);
        }

        if (proc.TryRead("net/sockstat"u8, out var sockets, 4096) == FileOutcome.Ok && TryFindTimeWait(sockets, out var waiting))
        {
            batch.Add(Connections, waiting, Tcp, TimeWait);
        }
    }

    /// <summary>Two lines begin with "Tcp:", the names and, in the same order, the values.</summary>
    private static bool TryFindEstablished(ReadOnlySpan<byte> text, out ulong value)
    {
        value = 0;
        var column = -1;
        var cursor = new TextCursor(text);
        while (cursor.NextLine(out var line))
        {
            if (!line.StartsWith("Tcp:"u8))
            {
                continue;
            }

            var words = new TextCursor(line);
            if (column >= 0)
            {
                words.Skip(column);
                return TextCursor.TryParse(words.Word(), out value);
            }

            column = 0;
            ReadOnlySpan<byte> word;
            while (!(word = words.Word()).IsEmpty && !word.SequenceEqual("CurrEstab"u8))
            {
                column++;
            }
        }

        return false;
    }

    private static bool TryFindTimeWait(ReadOnlySpan<byte> text, out ulong value)
    {
        value = 0;
        var cursor = new TextCursor(text);
        while (cursor.NextLine(out var line))
        {
            var words = new TextCursor(line);
            if (!words.Word().SequenceEqual("TCP:"u8))
            {
                continue;
            }

            ReadOnlySpan<byte> key;
            while (!(key = words.Word()).IsEmpty)
            {
                if (key.SequenceEqual("tw"u8))
                {
                    return TextCursor.TryParse(words.Word(), out value);
                }
            }
        }

        return false;
    }
}
