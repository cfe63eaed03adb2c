using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Gantry.Protocol.Wire;

namespace Gantry.Protocol.Otlp.Traces;

/// <summary>
/// A number by which a span's shape is found: made of its name and kind, taken from where SDKs write them, before the span is read. Wrong for no
/// span: one that is written otherwise has none, or one that leads to no shape.
/// </summary>
public static class SpanHandle
{
    private const int AfterIds = 28;

    /// <param name="span">Any bytes.</param>
    /// <param name="start">Mixed in: whose span it is.</param>
    public static bool TryFind(ReadOnlySpan<byte> span, uint start, out ulong handle)
    {
        handle = 0;
        // 0A 10 trace_id 12 08 span_id (1A n trace_state) (22 08 parent_span_id) 2A n name 30 kind
        if (span.Length < 64)
        {
            return false;
        }

        var at = AfterIds;
        if (span[at] == 0x1A)
        {
            at += 2 + span[at + 1];
        }

        if (at + 12 > span.Length)
        {
            return false;
        }

        at += span[at] == 0x22 ? 10 : 0;
        int length = span[at + 1];
        var name = at + 2;
        if (span[at] != 0x2A || name + length + 8 > span.Length)
        {
            return false;
        }

        handle = Of(span.Slice(name, length + 8), length, start);
        return true;
    }

    /// <param name="name">With the eight bytes behind it, of which the first two are its kind.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Of(ReadOnlySpan<byte> name, int length, uint start)
    {
        // A sample of it is enough: spans that share a handle are told apart by their shapes.
        var middle = BinaryPrimitives.ReadUInt64LittleEndian(name[(length / 2)..]);
        var last = length > 8 ? length - 8 : 0;
        var first = BinaryPrimitives.ReadUInt64LittleEndian(name);
        var end = BinaryPrimitives.ReadUInt64LittleEndian(name[last..]);
        if (length < 16)
        {
            // What stands behind a short name is no part of it.
            middle = 0;
            if (length < 8)
            {
                first = end = first & ((1UL << (8 * length)) - 1);
            }
        }

        var kind = BinaryPrimitives.ReadUInt16LittleEndian(name[length..]);
        return SeededHash.Fold(first ^ start ^ ((ulong)length << 32), SeededHash.Fold(end ^ kind, middle ^ 0x9E37_79B9_7F4A_7C15));
    }
}
