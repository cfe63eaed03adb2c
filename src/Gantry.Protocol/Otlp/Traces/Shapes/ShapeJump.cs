using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Gantry.Protocol.Wire;
using static Gantry.Protocol.Wire.WireScan;

namespace Gantry.Protocol.Otlp.Traces;

/// <summary>
/// A value of any length within a <see cref="SpanShape"/>. Its length stands before it, and again in the messages around it, which grow with it; all are single bytes.
/// </summary>
/// <param name="At">Of the byte that says the length, in the span that was learned.</param>
/// <param name="Length">What it said there.</param>
/// <param name="Outer">Of the length of the outermost message around it.</param>
/// <param name="Inner">Of the one within; <paramref name="Outer"/> once more when there is none.</param>
/// <param name="IsNumber">A varint in a message of its own, whose length <paramref name="At"/> is; else a text.</param>
internal readonly record struct ShapeJump(ushort At, byte Length, ushort Outer, byte OuterLength, ushort Inner, byte InnerLength, bool IsNumber)
{
    public const int Failed = int.MinValue;

    /// <param name="shift">How many bytes longer the span is up to here than the learned one.</param>
    /// <returns>The same for what stands behind the value, or <see cref="Failed"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Over(ReadOnlySpan<byte> span, int shift)
    {
        var at = At + shift;
        if ((uint)at >= (uint)span.Length)
        {
            return Failed;
        }

        int length = span[at];
        var longer = length - Length;
        int outer = span[Outer + shift];
        // The outer length is the largest: when it is a single byte, all are.
        if (outer != OuterLength + longer || span[Inner + shift] != InnerLength + longer || outer >= 0x80)
        {
            return Failed;
        }

        return (IsNumber ? Number(span, at, length) : Text(span, at + 1, length)) ? shift + longer : Failed;
    }

    private static bool Text(ReadOnlySpan<byte> span, int start, int length) => span.Length - start >= length && IsAscii(span.Slice(start, length));

    /// <summary>12 v 18 varint: a high bit in every byte but the last.</summary>
    private static bool Number(ReadOnlySpan<byte> span, int at, int length)
    {
        const ulong HighBits = 0x8080_8080_8080_8080;
        if (length is < 2 or > 9 || span.Length - at < 10)
        {
            return false;
        }

        var above = 64 - (8 * (length - 1));
        var bytes = BinaryPrimitives.ReadUInt64LittleEndian(span[(at + 2)..]) << above;
        return (bytes & HighBits) == ((HighBits >> 8) >> above << above);
    }
}
