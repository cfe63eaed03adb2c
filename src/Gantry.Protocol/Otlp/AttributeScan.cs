using Gantry.Protocol.Wire;
using static Gantry.Protocol.Wire.WireScan;

namespace Gantry.Protocol.Otlp;

/// <summary>Validates attributes, the bulk of all telemetry, without looking at what they say.</summary>
/// <remarks>KeyValue: key = 1, value = 2. AnyValue: string = 1, bool = 2, int = 3, double = 4, array = 5, kvlist = 6, bytes = 7.</remarks>
internal static class AttributeScan
{
    /// <summary>One KeyValue that fills <paramref name="position"/> to <paramref name="end"/>.</summary>
    /// <param name="depth">Level of nesting that this message is at.</param>
    public static bool KeyValue(ReadOnlySpan<byte> data, int position, int end, int depth) =>
        (depth < ProtoReader.MaxDepth && IsPlain(data[position..end])) || Pair(data, position, end, depth);

    /// <summary>
    /// Recognises a pair as every SDK writes it, and most are: an ASCII key and an ASCII text, a number or a flag, all shorter than 128 bytes.
    /// False means only that somebody has to look closer.
    /// <code>
    ///   0A k  key...  12 v  0A t  text...      or      0A k  key...  12 v  18 (10)  varint
    ///         |----- k ---|       |-- t = v - 2                      |---- v ------|
    /// </code>
    /// </summary>
    private static bool IsPlain(ReadOnlySpan<byte> pair)
    {
        if (pair.Length < 6 || pair[0] != 0x0A)
        {
            return false;
        }

        var value = pair[1] + 2;
        var rest = pair.Length - value - 2;
        if (value > 0x81 || rest is < 2 or >= 0x80 || pair[value] != 0x12 || pair[value + 1] != rest)
        {
            return false;
        }

        return pair[value + 2] switch
        {
            // Tags and lengths in between are below 0x80 as well, so one look goes over key and text.
            0x0A => pair[value + 3] == rest - 2 && IsAscii(pair[2..]),
            0x10 or 0x18 => Varint(pair, value + 3, pair.Length, out _) == pair.Length && IsAscii(pair[2..value]),
            _ => false,
        };
    }

    private static bool Pair(ReadOnlySpan<byte> data, int position, int end, int depth)
    {
        while (position < end)
        {
            int payloadEnd;
            switch (data[position])
            {
                case 0x0A:
                    position = Length(data, position + 1, end, out payloadEnd);
                    if (position < 0 || !IsText(data, position, payloadEnd))
                    {
                        return false;
                    }

                    position = payloadEnd;
                    break;
                case 0x12:
                    position = Length(data, position + 1, end, out payloadEnd);
                    if (position < 0 || !AnyValue(data, position, payloadEnd, depth + 1))
                    {
                        return false;
                    }

                    position = payloadEnd;
                    break;
                default:
                    position = Unknown(data, position, end);
                    if (position < 0)
                    {
                        return false;
                    }

                    break;
            }
        }

        return depth <= ProtoReader.MaxDepth;
    }

    public static bool AnyValue(ReadOnlySpan<byte> data, int position, int end, int depth)
    {
        while (position < end)
        {
            var tag = data[position];
            if (tag == 0x0A)
            {
                position = Length(data, position + 1, end, out var textEnd);
                if (position < 0 || !IsText(data, position, textEnd))
                {
                    return false;
                }

                position = textEnd;
            }
            else if (tag is 0x2A or 0x32)
            {
                position = Length(data, position + 1, end, out var listEnd);
                if (position < 0 || !List(data, position, listEnd, depth + 1, ofPairs: tag == 0x32))
                {
                    return false;
                }

                position = listEnd;
            }
            else
            {
                // Numbers, flags and bytes need no more than to be passed over.
                position = Unknown(data, position, end);
                if (position < 0)
                {
                    return false;
                }
            }
        }

        return depth <= ProtoReader.MaxDepth;
    }

    /// <summary>ArrayValue or KeyValueList: values = 1, repeated.</summary>
    private static bool List(ReadOnlySpan<byte> data, int position, int end, int depth, bool ofPairs)
    {
        if (depth > ProtoReader.MaxDepth)
        {
            return false;
        }

        while (position < end)
        {
            if (data[position] != 0x0A)
            {
                position = Unknown(data, position, end);
                if (position < 0)
                {
                    return false;
                }

                continue;
            }

            position = Length(data, position + 1, end, out var itemEnd);
            if (position < 0 || !(ofPairs ? KeyValue(data, position, itemEnd, depth + 1) : AnyValue(data, position, itemEnd, depth + 1)))
            {
                return false;
            }

            position = itemEnd;
        }

        return true;
    }
}
