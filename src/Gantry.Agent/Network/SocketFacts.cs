using System.Buffers.Binary;
using System.Net;

namespace Gantry.Agent.Network;

/// <summary>An IPv6 address, or an IPv4 one as IPv6 writes it, so that both kinds of socket of one connection compare.</summary>
internal readonly record struct Address(ulong High, ulong Low)
{
    private const ulong Mapped = 0x0000_FFFF_0000_0000;

    public bool IsWildcard => High == 0 && Low is 0 or Mapped;

    public bool IsLoopback => High == 0 && (Low == 1 || (Low >> 24) == ((Mapped >> 24) | 127));

    public static Address Read(ReadOnlySpan<byte> bytes, bool isV4) => isV4
        ? new Address(0, Mapped | BinaryPrimitives.ReadUInt32BigEndian(bytes))
        : new Address(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
        var address = new IPAddress(bytes);
        return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
    }
}

/// <summary>The two ends of a connection, ours first.</summary>
internal readonly record struct Ends(Address Local, ushort LocalPort, Address Remote, ushort RemotePort)
{
    public Ends Reversed => new(Remote, RemotePort, Local, LocalPort);
}

internal enum TcpState : byte
{
    Established = 1,
    SynSent = 2,
    FinWait1 = 4,
    FinWait2 = 5,
    Close = 7,
    CloseWait = 8,
    LastAck = 9,
    Listen = 10,
    Closing = 11,
}

/// <summary>One TCP socket as the kernel describes it.</summary>
/// <remarks>
/// struct inet_diag_msg, 72 bytes: family at 0, state at 1, ports at 4 and 6 (big endian), addresses at 8 and 24, cookie at 44 (8 bytes), inode at 68;
/// then attributes (length 2, type 2, value, filled up to 4), of which 2 is struct tcp_info: rtt in microseconds at 68, total_retrans at 100, bytes_acked at
/// 120, bytes_received at 128, segs_in at 140, data_segs_in at 152, bytes_sent at 200 and bytes_retrans at 208 (since Linux 4.19).
/// linux/inet_diag.h, linux/tcp.h
/// </remarks>
internal readonly struct SocketFacts
{
    private const int MessageSize = 72;
    private const int InfoAttribute = 2;

    private SocketFacts(ReadOnlySpan<byte> message)
    {
        var isV4 = message[0] == 2;
        State = (TcpState)message[1];
        Ends = new Ends(
            Address.Read(message[8..], isV4), BinaryPrimitives.ReadUInt16BigEndian(message[4..]),
            Address.Read(message[24..], isV4), BinaryPrimitives.ReadUInt16BigEndian(message[6..]));
        Cookie = BinaryPrimitives.ReadUInt64LittleEndian(message[44..]);
        Inode = BinaryPrimitives.ReadUInt32LittleEndian(message[68..]);
        var info = Info(message[MessageSize..]);
        HasInfo = info.Length >= 160;
        if (HasInfo)
        {
            RttMicroseconds = BinaryPrimitives.ReadUInt32LittleEndian(info[68..]);
            Retransmits = BinaryPrimitives.ReadUInt32LittleEndian(info[100..]);
            Acked = BinaryPrimitives.ReadUInt64LittleEndian(info[120..]);
            Received = BinaryPrimitives.ReadUInt64LittleEndian(info[128..]);
            HasDataIn = BinaryPrimitives.ReadUInt32LittleEndian(info[152..]) > 0;
            HasSent = info.Length >= 216;
            Sent = HasSent ? BinaryPrimitives.ReadUInt64LittleEndian(info[200..]) - BinaryPrimitives.ReadUInt64LittleEndian(info[208..]) : Acked;
        }
    }

    public TcpState State { get; }

    public Ends Ends { get; }

    /// <summary>The kernel's name for the socket, never used twice in a network namespace.</summary>
    public ulong Cookie { get; }

    /// <summary>0 once the program has closed it.</summary>
    public uint Inode { get; }

    /// <summary>Not so in what remains of a connection that is over (TIME_WAIT).</summary>
    public bool HasInfo { get; }

    public uint RttMicroseconds { get; }

    public uint Retransmits { get; }

    /// <summary>The payload handed to the network, each byte once. On kernels before 4.19 what was acknowledged, SYN and FIN included.</summary>
    public ulong Sent { get; }

    /// <summary>What arrived in order; the end of the other's stream counts as a byte.</summary>
    public ulong Received { get; }

    private ulong Acked { get; }

    private bool HasSent { get; }

    private bool HasDataIn { get; }

    /// <summary>Whoever connects has its SYN acknowledged, which is counted; a socket that was accepted never sent one.</summary>
    public bool WasEstablished => Acked > 0 || Received > 0;

    /// <summary>The payload that arrived. The state tells whether the end of the stream is in the count, that of a dead socket does not.</summary>
    public ulong ReceivedPayload => State switch
    {
        _ when !HasDataIn || Received == 0 => 0,
        TcpState.CloseWait or TcpState.LastAck or TcpState.Closing or TcpState.Close => Received - 1,
        _ => Received,
    };

    /// <summary>
    /// Of a socket whose listener is not known: a client's SYN was acknowledged and counted, a server's was not; the end of the stream counts for both.
    /// </summary>
    public bool LooksLikeServer => HasSent && Acked >= Sent && Acked - Sent < (State == TcpState.Close ? 2u : 1u);

    public static bool TryParse(ReadOnlySpan<byte> message, out SocketFacts facts)
    {
        var isSocket = message.Length >= MessageSize && message[0] is 2 or 10;
        facts = isSocket ? new SocketFacts(message) : default;
        return isSocket;
    }

    private static ReadOnlySpan<byte> Info(ReadOnlySpan<byte> attributes)
    {
        while (attributes.Length >= 4)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(attributes);
            if (length < 4 || length > attributes.Length)
            {
                break;
            }

            if (BinaryPrimitives.ReadUInt16LittleEndian(attributes[2..]) == InfoAttribute)
            {
                return attributes[4..length];
            }

            attributes = attributes[Math.Min((length + 3) & ~3, attributes.Length)..];
        }

        return default;
    }
}
