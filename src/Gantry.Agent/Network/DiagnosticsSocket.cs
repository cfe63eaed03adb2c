using System.Buffers.Binary;
using Gantry.Agent.Host;

namespace Gantry.Agent.Network;

/// <summary>Takes one socket of a list. It must not keep what it is given.</summary>
internal interface ISocketReader
{
    void Take(in SocketFacts socket);
}

/// <summary>
/// The kernel's socket diagnostics (sock_diag(7)) of one network namespace, by two sockets that live in it: one that lists all TCP sockets when
/// asked, and one that is told of each TCP socket that is destroyed. Both are open to every user.
/// </summary>
internal sealed class DiagnosticsSocket : IDisposable
{
    private const int ByFamily = 20;
    private const int Done = 3;
    private const int Error = 2;
    private const int HeaderSize = 16;
    private const int RequestSize = HeaderSize + 56;

    /// <summary>Some ten thousand closed connections between two reads.</summary>
    private const int DestroyedBuffer = 16 << 20;

    /// <summary>All that hold bytes or are about to, and those that listen; not SYN_RECV, TIME_WAIT.</summary>
    private const uint States = (1 << 1) | (1 << 2) | (1 << 4) | (1 << 5) | (1 << 8) | (1 << 9) | (1 << 10) | (1 << 11);

    private readonly int _dump;
    private uint _sequence;

    private DiagnosticsSocket(int dump, int destroyed)
    {
        _dump = dump;
        Destroyed = destroyed;
    }

    /// <summary>Descriptor of the socket that is told of destroyed ones; -1 when the kernel has none.</summary>
    public int Destroyed { get; }

    /// <summary>Opens them in the calling thread's namespace.</summary>
    /// <returns>Null when the kernel has no socket diagnostics, or does not let us.</returns>
    public static DiagnosticsSocket? Open()
    {
        var dump = Netlink.OpenDump();
        return dump < 0 ? null : new DiagnosticsSocket(dump, Netlink.OpenDestroyed(DestroyedBuffer));
    }

    /// <summary>Opens them in the namespace of a process, by a thread that enters it and then ends.</summary>
    public static DiagnosticsSocket? OpenIn(ProcFiles proc, int pid)
    {
        var space = proc.Open(pid, "ns/net"u8);
        if (space < 0)
        {
            return null;
        }

        DiagnosticsSocket? opened = null;
        var thread = new Thread(() => opened = Netlink.TryEnter(space) ? Open() : null, 128 * 1024) { IsBackground = true, Name = "gantry network namespace" };
        thread.Start();
        thread.Join();
        _ = Libc.Close(space);
        return opened;
    }

    /// <summary>Lists every TCP socket of the namespace.</summary>
    /// <returns>False when the kernel did not answer to the end.</returns>
    public bool TryList<TReader>(byte[] buffer, TReader reader)
        where TReader : ISocketReader => TryList(buffer, reader, family: 2) & TryList(buffer, reader, family: 10);

    /// <summary>What was destroyed since the last call, without waiting.</summary>
    /// <returns>False when some were lost because they were too many for the buffer.</returns>
    public bool TryTakeDestroyed<TReader>(byte[] buffer, TReader reader)
        where TReader : ISocketReader
    {
        // More come while these are read: a bound, so that the agent gets to its other work.
        var isWhole = true;
        for (var i = 0; i < 50_000 && Destroyed >= 0; i++)
        {
            var read = Netlink.Receive(Destroyed, buffer, mayWait: false);
            if (read > 0)
            {
                Take(buffer.AsSpan(0, read), sequence: 0, reader, out _);
            }
            else if (read < 0 && Libc.LastError == Netlink.NoBufferSpace)
            {
                isWhole = false;
            }
            else
            {
                break;
            }
        }

        return isWhole;
    }

    public void Dispose()
    {
        _ = Libc.Close(_dump);
        if (Destroyed >= 0)
        {
            _ = Libc.Close(Destroyed);
        }
    }

    private bool TryList<TReader>(byte[] buffer, TReader reader, byte family)
        where TReader : ISocketReader
    {
        Span<byte> request = stackalloc byte[RequestSize];
        WriteRequest(request, family, ++_sequence);
        if (!Netlink.TrySend(_dump, request))
        {
            return false;
        }

        while (true)
        {
            var read = Netlink.Receive(_dump, buffer, mayWait: true);
            if (read <= 0)
            {
                return false;
            }

            Take(buffer.AsSpan(0, read), _sequence, reader, out var end);
            if (end != 0)
            {
                return end == Done;
            }
        }
    }

    /// <summary>
    /// struct nlmsghdr: length (4), type (2), flags (2), sequence (4), port (4). struct inet_diag_req_v2: family, protocol, extensions, pad (1 each),
    /// states (4), id (48).
    /// </summary>
    private static void WriteRequest(Span<byte> request, byte family, uint sequence)
    {
        const ushort RequestDump = 0x1 | 0x300;
        request.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(request, RequestSize);
        BinaryPrimitives.WriteUInt16LittleEndian(request[4..], ByFamily);
        BinaryPrimitives.WriteUInt16LittleEndian(request[6..], RequestDump);
        BinaryPrimitives.WriteUInt32LittleEndian(request[8..], sequence);
        request[HeaderSize] = family;
        request[HeaderSize + 1] = 6;
        request[HeaderSize + 2] = 1 << (2 - 1);
        BinaryPrimitives.WriteUInt32LittleEndian(request[(HeaderSize + 4)..], States);
    }

    /// <param name="sequence">Of the list that was asked for: the rest of an earlier one that was given up is passed over.</param>
    /// <param name="end">The type of the message that ended the list; 0 when there is more.</param>
    private static void Take<TReader>(ReadOnlySpan<byte> messages, uint sequence, TReader reader, out int end)
        where TReader : ISocketReader
    {
        end = 0;
        while (messages.Length >= HeaderSize)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(messages);
            var type = BinaryPrimitives.ReadUInt16LittleEndian(messages[4..]);
            if (length < HeaderSize || length > messages.Length)
            {
                break;
            }

            if (BinaryPrimitives.ReadUInt32LittleEndian(messages[8..]) != sequence)
            {
                messages = messages[Math.Min((length + 3) & ~3, messages.Length)..];
                continue;
            }

            if (type is Done or Error)
            {
                end = type;
                break;
            }

            if (type == ByFamily && SocketFacts.TryParse(messages[HeaderSize..length], out var socket))
            {
                reader.Take(socket);
            }

            messages = messages[Math.Min((length + 3) & ~3, messages.Length)..];
        }
    }
}
