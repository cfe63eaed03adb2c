using System.Text;
using Gantry.Estate.Use;

namespace Gantry.Agent.Host;

/// <summary>
/// /proc/net/dev, a line an interface: "eth0: " then bytes, packets, errs, drop, fifo, frame, compressed, multicast received, and
/// bytes, packets, errs, drop, fifo, colls, carrier, compressed sent.
/// </summary>
/// <remarks>Left out: loopback; the host's ends of container links, as their traffic shows again on the bridge or the card; and virtual
/// interfaces that never carried a packet.</remarks>
internal sealed class NetworkReader(ProcFiles proc, ProcFiles sys) : IHostReader
{
    private static readonly Metric Io = new(SystemMetrics.NetworkIo, "By", MetricKind.Counter, "Bytes received and sent.");
    private static readonly Metric Packets = new(SystemMetrics.NetworkPackets, "{packet}", MetricKind.Counter, "Packets received and sent.");
    private static readonly Metric Dropped =
        new(SystemMetrics.NetworkDropped, "{packet}", MetricKind.Counter, "Packets dropped for want of room.");
    private static readonly Metric Errors = new(SystemMetrics.NetworkErrors, "{error}", MetricKind.Counter, "Errors of the interface.");

    private static readonly Tag Receive = new(SystemMetrics.NetworkDirection, "receive");
    private static readonly Tag Transmit = new(SystemMetrics.NetworkDirection, "transmit");

    private readonly NameCache _names = new();
    private readonly Dictionary<string, bool> _isCard = [];

    public void Read(MetricBatch batch)
    {
        if (proc.TryRead("net/dev"u8, out var text) != FileOutcome.Ok)
        {
            return;
        }

        var cursor = new TextCursor(text);
        while (cursor.NextLine(out var line))
        {
            var colon = line.IndexOf((byte)':');
            var name = colon < 0 ? default : line[..colon].Trim((byte)' ');
            if (!name.IsEmpty && !IsLeftOut(name))
            {
                // Old kernels print no blank behind the colon.
                Add(_names.Get(name), new TextCursor(line[(colon + 1)..]), batch);
            }
        }
    }

    private static bool IsLeftOut(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("lo"u8) || name.StartsWith("veth"u8) || name.StartsWith("cali"u8) || name.StartsWith("lxc"u8);

    private void Add(string name, TextCursor words, MetricBatch batch)
    {
        var received = Counters.Read(ref words);
        words.Skip(4);
        var sent = Counters.Read(ref words);
        if (received.Packets + sent.Packets > 0 || IsCard(name))
        {
            var card = new Tag(SystemMetrics.Interface, name);
            Add(batch, received, card, Receive);
            Add(batch, sent, card, Transmit);
        }
    }

    private static void Add(MetricBatch batch, Counters counters, Tag card, Tag direction)
    {
        batch.Add(Io, counters.Bytes, card, direction);
        batch.Add(Packets, counters.Packets, card, direction);
        batch.Add(Errors, counters.Errors, card, direction);
        batch.Add(Dropped, counters.Dropped, card, direction);
    }

    private bool IsCard(string name)
    {
        if (!_isCard.TryGetValue(name, out var isCard))
        {
            if (_isCard.Count > 512)
            {
                _isCard.Clear();
            }

            isCard = sys.Exists(Encoding.UTF8.GetBytes($"class/net/{name}/device"));
            _isCard.Add(name, isCard);
        }

        return isCard;
    }

    private readonly record struct Counters(ulong Bytes, ulong Packets, ulong Errors, ulong Dropped)
    {
        public static Counters Read(ref TextCursor words) => new(words.Number(), words.Number(), words.Number(), words.Number());
    }
}
