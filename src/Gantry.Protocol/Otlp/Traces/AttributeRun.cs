using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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
        ref var origin = ref MemoryMarshal.GetReference(data);
        do
        {
            var end = Plain(ref origin, position, data.Length, ref explained, ref captured);
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
    private static int Plain(ref byte origin, int position, int dataEnd, ref int explained, ref CapturedAttributes captured)
    {
        // Eight bytes are the shortest pair; every read below is within "rest", as its comment says.
        ref var at = ref Unsafe.Add(ref origin, position);
        var rest = dataEnd - position;
        if (rest < 8)
        {
            return Bad;
        }

        var head = Unsafe.ReadUnaligned<uint>(ref at);
        var length = (int)(head >> 8) & 0xFF;
        var keyLength = (int)(head >> 24);
        var valueLength = length - keyLength - 4;
        // 4A n 0A k, n below 128; the value's four bytes at k + 4 end at k + 8, which is n + 2 or less when the value has two bytes or more.
        if ((head & 0x00FF_80FF) != 0x000A_004A || valueLength < 2 || rest < length + 2)
        {
            return Bad;
        }

        var value = keyLength + 4;
        var header = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref at, value));
        var expected = 0x0000_0012u | ((uint)valueLength << 8);
        if (header != (expected | 0x000A_0000 | ((uint)(valueLength - 2) << 24)))
        {
            // 12 v 18 (or 10): a varint follows, which ends with the pair.
            if ((header & 0x00F7_FFFF) != (expected | 0x0010_0000) || !Number(ref at, rest, value + 3, valueLength - 1, ref explained))
            {
                return Bad;
            }
        }

        // The key's last eight bytes begin at k - 4, within the pair, for keys of our lengths.
        var key = AttributeKeys.Find(ref Unsafe.Add(ref at, 4), keyLength);
        if (key != 0)
        {
            captured.Add(key, position + value + 2, valueLength);
        }

        return position + length + 2;
    }

    /// <summary>A varint of one to eight bytes that ends where it should: a high bit in every byte but the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Number(ref byte at, int rest, int position, int length, ref int explained)
    {
        if (length == 1)
        {
            return Unsafe.Add(ref at, position) < 0x80;
        }

        if (length is < 1 or > 8 || rest - position < 8)
        {
            return false;
        }

        // Shifted up, the number's last byte is the highest of the eight, and what stands behind the number is gone.
        var above = 64 - (8 * length);
        var bytes = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref at, position)) << above;
        if ((bytes & HighBits) != ((HighBits >> 8) >> above << above))
        {
            return false;
        }

        explained += length - 1;
        return true;
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

        var found = key > 0 ? AttributeKeys.Find(data[key..keyEnd]) : 0;
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
