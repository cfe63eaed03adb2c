using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using Gantry.Protocol.Wire;
using static Gantry.Protocol.Wire.WireScan;

namespace Gantry.Protocol.Otlp.Traces;

/// <summary>
/// The attributes of a span, which come in a row and are most of its bytes: validates them all and captures the few that are looked at.
/// </summary>
/// <remarks>
/// Text must be UTF-8, and nearly all of it is ASCII. To look at each text by itself costs a handful of hard-to-predict branches; so the walk only adds
/// up how many bytes with a high bit the structure explains (numbers have some), and one vector pass over the whole row counts how many there
/// are. Equal counts mean that every text is ASCII; else each attribute is looked at closely.
/// <code>
///   4A n  0A k  key...  12 v  0A t  text...      or      4A n  0A k  key...  12 v  18 (10)  varint
///         |--------------- n --------------|                           |---- v ------|
/// </code>
/// </remarks>
internal static class AttributeRun
{
    private const byte Tag = 0x4A;
    private const ulong HighBits = 0x8080_8080_8080_8080;

    /// <param name="position">Of the first attribute's tag.</param>
    /// <param name="depth">Level of nesting that the attributes are at.</param>
    /// <returns>The position behind the last attribute of the row, or <see cref="Bad"/>.</returns>
    public static int Scan(ReadOnlySpan<byte> data, int position, int depth, ref CapturedAttributes captured)
    {
        var start = position;
        var explained = 0;
        do
        {
            var end = Plain(data, position, ref explained, ref captured);
            if (end < 0)
            {
                end = Close(data, position, depth, ref captured);
                if (end < 0)
                {
                    return Bad;
                }

                explained += HighBytes.Count(data[position..end]);
            }

            position = end;
        }
        while (position < data.Length && data[position] == Tag);

        return HighBytes.Count(data[start..position]) == explained || AllText(data, start, position, depth) ? position : Bad;
    }

    /// <summary>An attribute as every SDK writes it: key, then a text, number or flag, all shorter than 128 bytes.</summary>
    /// <returns>Its end; negative means only that somebody has to look closer.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Plain(ReadOnlySpan<byte> data, int position, ref int explained, ref CapturedAttributes captured)
    {
        // One check of bounds covers the ten bytes that the shortest pair and the reads below need.
        var rest = data[position..];
        if (rest.Length < 12)
        {
            return Bad;
        }

        int length = rest[1];
        var keyLength = rest[3];
        var value = keyLength + 4;
        var valueLength = length - keyLength - 4;
        if (length >= 0x80 || valueLength < 2 || rest.Length < length + 2 || rest[2] != 0x0A || rest[value] != 0x12 || rest[value + 1] != valueLength)
        {
            return Bad;
        }

        var pair = rest[..(length + 2)];
        int type = pair[value + 2];
        if (type == 0x0A)
        {
            if (valueLength < 2 || pair[value + 3] != valueLength - 2)
            {
                return Bad;
            }
        }
        else if (type is not (0x18 or 0x10) || !Number(rest, value + 3, valueLength - 1, ref explained))
        {
            return Bad;
        }

        var key = AttributeKeys.Find(pair, 4, keyLength);
        if (key != 0)
        {
            captured.Add(key, position + value + 2, valueLength);
        }

        return position + length + 2;
    }

    /// <summary>A varint of one to eight bytes that ends where it should: a high bit in every byte but the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Number(ReadOnlySpan<byte> data, int position, int length, ref int explained)
    {
        if (length == 1)
        {
            return data[position] < 0x80;
        }

        if (length is < 1 or > 8 || data.Length - position < 8)
        {
            return false;
        }

        // Shifted up, the number's last byte is the highest of the eight, and what stands behind the number is gone.
        var above = 64 - (8 * length);
        var bytes = BinaryPrimitives.ReadUInt64LittleEndian(data[position..]) << above;
        explained += length - 1;
        return (bytes & HighBits) == ((HighBits >> 8) >> above << above);
    }

    /// <summary>Any other attribute: exact, and as slow as it takes.</summary>
    private static int Close(ReadOnlySpan<byte> data, int position, int depth, ref CapturedAttributes captured)
    {
        var start = Length(data, position + 1, data.Length, out var end);
        if (start < 0 || !AttributeScan.KeyValue(data, start, end, depth))
        {
            return Bad;
        }

        Capture(data, start, end, ref captured);
        return end;
    }

    private static bool AllText(ReadOnlySpan<byte> data, int position, int end, int depth)
    {
        while (position < end)
        {
            position = Length(data, position + 1, end, out var pairEnd);
            if (!AttributeScan.KeyValue(data, position, pairEnd, depth))
            {
                return false;
            }

            position = pairEnd;
        }

        return true;
    }

    /// <summary>Captures out of a valid pair, whatever the order and number of its fields: the last key and the last value count.</summary>
    private static void Capture(ReadOnlySpan<byte> data, int start, int end, ref CapturedAttributes captured)
    {
        var (key, keyEnd, value, valueEnd) = (0, 0, 0, 0);
        for (var position = start; position < end;)
        {
            var tag = data[position];
            if (tag is not (0x0A or 0x12))
            {
                position = Unknown(data, position, end);
                continue;
            }

            position = Length(data, position + 1, end, out var payloadEnd);
            if (tag == 0x0A)
            {
                (key, keyEnd) = (position, payloadEnd);
            }
            else
            {
                (value, valueEnd) = (position, payloadEnd);
            }

            position = payloadEnd;
        }

        // The position of a key is above 2 in any span: its pair's tag and length stand before it.
        var found = key > 0 ? AttributeKeys.Find(data, key, keyEnd - key) : 0;
        if (found != 0 && LastField(data, value, valueEnd) is { Length: > 0 } field)
        {
            captured.Add(found, field.Start, field.Length);
        }
    }

    /// <summary>The last field of an AnyValue, when it is a text, number or flag.</summary>
    private static (int Start, int Length) LastField(ReadOnlySpan<byte> data, int position, int end)
    {
        var last = (0, 0);
        while (position < end)
        {
            var start = position;
            position = Unknown(data, position, end);
            last = data[start] is 0x0A or 0x10 or 0x18 ? (start, position - start) : (0, 0);
        }

        return last;
    }
}
