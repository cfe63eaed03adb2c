using System.Buffers.Binary;

namespace Gantry.Protocol.WebSockets;

public enum Opcode : byte
{
    Continuation = 0,
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10,
}

public enum FrameRead
{
    Complete,

    /// <summary>The header is not all there yet.</summary>
    NeedsMore,

    /// <summary>No frame of RFC 6455: reserved bits, an unknown opcode, a control frame that is long or in pieces, a length of more than 63 bits.</summary>
    Malformed,
}

/// <summary>
/// The header of a WebSocket frame (RFC 6455, section 5.2): FIN, RSV1-3 and opcode in the first byte; MASK and a 7-bit length in the second; then the
/// length in 2 or 8 bytes where 7 bits do not do, and four bytes of mask from a client.
/// </summary>
public readonly record struct FrameHeader(bool Fin, Opcode Opcode, bool Masked, uint Mask, long Length, int Size)
{
    public const int MostBytes = 14;

    public const int MostControlPayload = 125;

    public bool IsControl => Opcode >= Opcode.Close;

    public static FrameRead TryRead(ReadOnlySpan<byte> bytes, out FrameHeader header)
    {
        header = default;
        if (bytes.Length < 2)
        {
            return FrameRead.NeedsMore;
        }

        var opcode = (Opcode)(bytes[0] & 0x0F);
        var (fin, masked, small) = ((bytes[0] & 0x80) != 0, (bytes[1] & 0x80) != 0, bytes[1] & 0x7F);
        var isControl = opcode >= Opcode.Close;
        if ((bytes[0] & 0x70) != 0 || !Enum.IsDefined(opcode) || (isControl && (!fin || small > MostControlPayload)))
        {
            return FrameRead.Malformed;
        }

        var lengthBytes = small switch { 126 => 2, 127 => 8, _ => 0 };
        var size = 2 + lengthBytes + (masked ? 4 : 0);
        if (bytes.Length < size)
        {
            return FrameRead.NeedsMore;
        }

        var length = lengthBytes switch
        {
            2 => BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            8 => BinaryPrimitives.ReadInt64BigEndian(bytes[2..]),
            _ => small,
        };
        if (length < 0)
        {
            return FrameRead.Malformed;
        }

        header = new FrameHeader(fin, opcode, masked, masked ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[(size - 4)..]) : 0, length, size);
        return FrameRead.Complete;
    }

    /// <summary>Bytes of a header before a payload of that length.</summary>
    public static int SizeOf(int length, bool masked) => (length switch { < 126 => 2, <= ushort.MaxValue => 4, _ => 10 }) + (masked ? 4 : 0);

    /// <param name="target">At least <see cref="SizeOf"/> long.</param>
    /// <param name="mask">Of a client's frame; null for a server's, which has none.</param>
    public static void Write(Span<byte> target, Opcode opcode, int length, uint? mask = null, bool fin = true)
    {
        target[0] = (byte)((fin ? 0x80 : 0) | (byte)opcode);
        var masked = (byte)(mask is null ? 0 : 0x80);
        switch (length)
        {
            case < 126:
                target[1] = (byte)(masked | length);
                break;
            case <= ushort.MaxValue:
                target[1] = (byte)(masked | 126);
                BinaryPrimitives.WriteUInt16BigEndian(target[2..], (ushort)length);
                break;
            default:
                target[1] = (byte)(masked | 127);
                BinaryPrimitives.WriteUInt64BigEndian(target[2..], (ulong)length);
                break;
        }

        if (mask is { } bits)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(target[(SizeOf(length, masked: true) - 4)..], bits);
        }
    }

    /// <summary>Masks a payload, or takes the mask off: the two are one operation.</summary>
    public static void Apply(uint mask, Span<byte> payload)
    {
        var words = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, uint>(payload);
        for (var i = 0; i < words.Length; i++)
        {
            words[i] ^= mask;
        }

        for (var i = words.Length * 4; i < payload.Length; i++)
        {
            payload[i] ^= (byte)(mask >> ((i & 3) * 8));
        }
    }
}
