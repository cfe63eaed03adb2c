using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using Gantry.Agent.Host;

namespace Gantry.Agent.Processes;

internal readonly record struct Endpoint(string Address, uint Port);

/// <summary>
/// The listening TCP sockets of one network namespace by inode, out of /proc/PID/net/tcp and tcp6 of any process in it. Lines: "sl: local rem st
/// tx:rx tr:tm retr uid timeout inode …", addresses as 32-bit words in the host's byte order, "0100007F:1F90".
/// </summary>
internal sealed class ListeningTable
{
    private const int MostBytes = 4 * 1024 * 1024;

    private readonly Dictionary<ulong, Endpoint> _sockets = [];
    private readonly Dictionary<ulong, Endpoint> _before = [];

    public IReadOnlyDictionary<ulong, Endpoint> Sockets => _sockets;

    /// <summary>What the last refresh found that was not there before: somebody opened it. Owners are taken out as they are found.</summary>
    public HashSet<ulong> New { get; } = [];

    public void Refresh(ProcFiles proc, int pid)
    {
        _before.Clear();
        foreach (var (inode, endpoint) in _sockets)
        {
            _before.Add(inode, endpoint);
        }

        _sockets.Clear();
        var outcome = Read(proc, pid, "net/tcp"u8);
        Read(proc, pid, "net/tcp6"u8);
        if (outcome != FileOutcome.Ok)
        {
            // The process that lent its view has gone: keep what was known until another lends its own.
            foreach (var (inode, endpoint) in _before)
            {
                _sockets.TryAdd(inode, endpoint);
            }
        }

        New.Clear();
        foreach (var inode in _sockets.Keys)
        {
            if (!_before.ContainsKey(inode))
            {
                New.Add(inode);
            }
        }
    }

    private FileOutcome Read(ProcFiles proc, int pid, ReadOnlySpan<byte> name)
    {
        using var lines = proc.Lines(pid, name, MostBytes, out var outcome);
        lines.Next(out _);
        // The kernel lists listening sockets before all others: the first other ends the search, so a hundred thousand connections cost nothing.
        while (lines.Next(out var line) && TryParse(line, out var inode, out var endpoint))
        {
            _sockets[inode] = _before.TryGetValue(inode, out var known) && known.Port == endpoint.Port ? known : endpoint.ToEndpoint();
        }

        return outcome;
    }

    private static bool TryParse(ReadOnlySpan<byte> line, out ulong inode, out RawEndpoint endpoint)
    {
        inode = 0;
        endpoint = default;
        var words = new TextCursor(line);
        words.Skip(1);
        var local = words.Word();
        words.Skip(1);
        var isListening = words.Word().SequenceEqual("0A"u8);
        words.Skip(5);
        var colon = local.IndexOf((byte)':');
        if (!isListening || colon is not (8 or 32) || !TextCursor.TryParse(words.Word(), out inode) || inode == 0
            || !uint.TryParse(local[(colon + 1)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var port))
        {
            return false;
        }

        endpoint = new RawEndpoint(local[..colon], port);
        return true;
    }

    private readonly ref struct RawEndpoint(ReadOnlySpan<byte> hex, uint port)
    {
        private readonly ReadOnlySpan<byte> _hex = hex;

        public uint Port { get; } = port;

        public Endpoint ToEndpoint()
        {
            Span<byte> bytes = stackalloc byte[16];
            var count = _hex.Length / 8;
            for (var i = 0; i < count; i++)
            {
                _ = uint.TryParse(_hex.Slice(i * 8, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var word);
                BinaryPrimitives.WriteUInt32LittleEndian(bytes[(i * 4)..], word);
            }

            return new Endpoint(new IPAddress(bytes[..(count * 4)]).ToString(), Port);
        }
    }
}
