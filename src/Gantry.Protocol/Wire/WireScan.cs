using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;
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
            // One byte covers payloads up to 127 bytes: nearly every attribute. Two cover nearly every span.
            uint length = data[position++];
            if (length < 0x80)
            {
                payloadEnd = position + (int)length;
                return payloadEnd <= end ? position : Bad;
            }

            if (position < end && data[position] < 0x80)
            {
                length = (length & 0x7F) | ((uint)data[position++] << 7);
                payloadEnd = position + (int)length;
                return payloadEnd <= end ? position : Bad;
            }

            position--;
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

    /// <summary>
    /// Reads one byte of every cache line. A walk from length to length waits for memory at each step, because the next address is in what it
    /// waits for; these reads wait for nothing, so memory delivers them all at once, and the walk behind finds its bytes at hand. The scan of
    /// 14 MB of requests takes 1.7 times as long without (docs/performance.md).
    /// </summary>
    /// <returns>Nothing of interest; not inlined, so that the reads are not optimised away.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int ReadAhead(ReadOnlySpan<byte> data)
    {
        const int CacheLine = 64;
        var sum = 0;
        for (var i = 0; i < data.Length; i += CacheLine)
        {
            sum += data[i];
        }

        return sum;
    }

    /// <summary>Checks that a string field is UTF-8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsText(ReadOnlySpan<byte> data, int position, int end)
    {
        var text = data.Slice(position, end - position);
        return IsAscii(text) || Utf8.IsValid(text);
    }

    /// <summary>Whether no byte has its high bit set. Telemetry is short ASCII: two overlapping reads settle every length up to 64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsAscii(ReadOnlySpan<byte> text)
    {
        if (text.Length >= 16)
        {
            if (text.Length > 64)
            {
                return Ascii.IsValid(text);
            }

            if (text.Length >= 32)
            {
                return (Vector256.Create(text) | Vector256.Create(text[^32..])).ExtractMostSignificantBits() == 0;
            }

            return (Vector128.Create(text) | Vector128.Create(text[^16..])).ExtractMostSignificantBits() == 0;
        }

        if (text.Length >= 8)
        {
            var both = BinaryPrimitives.ReadUInt64LittleEndian(text) | BinaryPrimitives.ReadUInt64LittleEndian(text[^8..]);
            return (both & 0x8080_8080_8080_8080) == 0;
        }

        if (text.Length >= 4)
        {
            var both = BinaryPrimitives.ReadUInt32LittleEndian(text) | BinaryPrimitives.ReadUInt32LittleEndian(text[^4..]);
            return (both & 0x8080_8080) == 0;
        }

        // One, two or three bytes: the first, the middle and the last are all of them.
        return text.IsEmpty || (text[0] | text[text.Length / 2] | text[^1]) < 0x80;
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
