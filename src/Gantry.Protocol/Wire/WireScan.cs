using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text.Unicode;

namespace Gantry.Protocol.Wire;

/// <summary>
/// The steps of a scan over protobuf bytes, for the fast path. Each takes the bytes, a position and the end of the message it is in, and answers
/// the position behind what it read, or <see cref="Bad"/>. Positions stay in registers that way; a reader object costs about twice the time.
/// Accepts and refuses exactly what <see cref="ProtoReader"/> does, which a fuzz test holds together.
/// </summary>
internal static class WireScan
{
    /// <summary>The bytes are not protobuf. Every step hands it on.</summary>
    public const int Bad = -1;

    /// <summary>Reads a length prefix and checks that what it covers ends within the message.</summary>
    /// <returns>Position of the payload; its end is <paramref name="payloadEnd"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Length(ReadOnlySpan<byte> data, int position, int end, out int payloadEnd)
    {
        if (position < end)
        {
            // One byte covers payloads up to 127 bytes: nearly every attribute.
            uint length = data[position];
            if (length < 0x80)
            {
                position++;
                payloadEnd = position + (int)length;
                return payloadEnd <= end ? position : Bad;
            }
        }

        return LongLength(data, position, end, out payloadEnd);
    }

    /// <summary>Reads a varint of up to ten bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Varint(ReadOnlySpan<byte> data, int position, int end, out ulong value)
    {
        if (position < end)
        {
            value = data[position];
            if (value < 0x80)
            {
                return position + 1;
            }
        }

        return LongVarint(data, position, end, out value);
    }

    /// <summary>Reads eight little-endian bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Fixed64(ReadOnlySpan<byte> data, int position, int end, out ulong value)
    {
        if (end - position < 8)
        {
            value = 0;
            return Bad;
        }

        value = BinaryPrimitives.ReadUInt64LittleEndian(data[position..]);
        return position + 8;
    }

    /// <summary>Passes over the field whose tag begins at <paramref name="position"/>: an unknown one, or a known one in a foreign wire type.</summary>
    public static int Unknown(ReadOnlySpan<byte> data, int position, int end)
    {
        var start = position;
        position = Varint(data, position, end, out var tag);
        // A tag written longer than need be would be a known field in disguise: the switches above look at single bytes.
        if (position < 0 || tag > uint.MaxValue || tag >> 3 == 0 || position - start != ProtoWriter.VarintSize(tag))
        {
            return Bad;
        }

        switch ((int)(tag & 7))
        {
            case 0:
                return Varint(data, position, end, out _);
            case 1:
                return end - position < 8 ? Bad : position + 8;
            case 2:
                return Length(data, position, end, out var payloadEnd) < 0 ? Bad : payloadEnd;
            case 5:
                return end - position < 4 ? Bad : position + 4;
            default:
                return Bad;
        }
    }

    /// <summary>Checks that a string field is UTF-8. Short ASCII, the common case, is settled with two overlapping reads.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsText(ReadOnlySpan<byte> data, int position, int end)
    {
        var length = end - position;
        var text = data.Slice(position, length);
        if (length is >= 8 and <= 16)
        {
            var both = BinaryPrimitives.ReadUInt64LittleEndian(text) | BinaryPrimitives.ReadUInt64LittleEndian(text[^8..]);
            if ((both & 0x8080_8080_8080_8080) == 0)
            {
                return true;
            }
        }
        else if (length is >= 4 and < 8)
        {
            var both = BinaryPrimitives.ReadUInt32LittleEndian(text) | BinaryPrimitives.ReadUInt32LittleEndian(text[^4..]);
            if ((both & 0x8080_8080) == 0)
            {
                return true;
            }
        }

        return Utf8.IsValid(text);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int LongLength(ReadOnlySpan<byte> data, int position, int end, out int payloadEnd)
    {
        position = LongVarint(data, position, end, out var length);
        if (position < 0 || length > (ulong)(end - position))
        {
            payloadEnd = Bad;
            return Bad;
        }

        payloadEnd = position + (int)length;
        return position;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int LongVarint(ReadOnlySpan<byte> data, int position, int end, out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 70 && position < end; shift += 7)
        {
            var b = data[position++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return position;
            }
        }

        return Bad;
    }
}
