using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Gantry.Protocol.Otlp.Traces;
using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Observe;

/// <summary>
/// The key that a span is looked up by, as raw bytes: who, kind and status, then its name and the values of its attributes as they were sent. Spans
/// of one shape repeat it byte for byte; what it means is worked out once (<see cref="SpanLabels"/>).
/// <code>
///   0         8        12         14        14+n
///   RedKey    present  n of name  name...   values, each a field of AnyValue: tag, length, text or tag, number
/// </code>
/// </summary>
internal static class SpanKey
{
    public const int MaxBytes = 2048;

    /// <summary>Longer names are cut here: they are keys, and keys are kept.</summary>
    public const int MaxNameBytes = 256;

    /// <summary>A value longer than this is left out: it is no name of anything.</summary>
    private const int MaxValueBytes = 256;

    private const int NameAt = 14;
    private const uint RedAttributes = (1u << (int)SpanAttributes.FirstOfPeer) - 1;

    /// <param name="target"><see cref="MaxBytes"/> long.</param>
    /// <param name="hash">Of the key. It is made from the pieces where they came from: to read back what was just written in overlapping steps stalls.</param>
    /// <returns>Length of the key.</returns>
    public static int Write(RedKey key, in SpanView span, ReadOnlySpan<byte> bytes, Span<byte> target, out ulong hash)
    {
        var present = span.Attributes.Present;
        if (key.Kind is not (SpanKinds.Client or SpanKinds.Producer))
        {
            present &= RedAttributes;
        }

        var name = span.Name.Length <= MaxNameBytes ? span.Name : Utf8Cut.To(span.Name, MaxNameBytes);
        var length = NameAt;
        var sum = Put(bytes, OffsetOf(name, bytes), name.Length, SpanAttributes.Count, target, ref length);
        var written = present;
        while (present != 0)
        {
            var attribute = CapturedAttributes.Take(ref present);
            var (start, valueLength) = span.Attributes[attribute];
            if (valueLength <= MaxValueBytes && length + valueLength <= MaxBytes - PieceHash.Step)
            {
                sum += Put(bytes, start, valueLength, (int)attribute, target, ref length);
            }
            else
            {
                written &= ~(1u << (int)attribute);
            }
        }

        BinaryPrimitives.WriteUInt64LittleEndian(target, key.Mixed);
        BinaryPrimitives.WriteUInt32LittleEndian(target[8..], written);
        BinaryPrimitives.WriteUInt16LittleEndian(target[12..], (ushort)name.Length);
        hash = PieceHash.Finish(sum, key.Mixed, written);
        return length;
    }

    public static uint PresentIn(ReadOnlySpan<byte> key) => BinaryPrimitives.ReadUInt32LittleEndian(key[8..]);

    public static ReadOnlySpan<byte> NameIn(ReadOnlySpan<byte> key) => key.Slice(NameAt, BinaryPrimitives.ReadUInt16LittleEndian(key[12..]));

    public static ReadOnlySpan<byte> ValuesIn(ReadOnlySpan<byte> key) => key[(NameAt + BinaryPrimitives.ReadUInt16LittleEndian(key[12..]))..];

    /// <summary>
    /// Copies a piece and hashes it. Most are short: 32 bytes are read at once and what is too much is masked off, because lengths cannot be predicted and
    /// a wrong guess costs more than all of this.
    /// </summary>
    /// <param name="target">Has room for 32 bytes more than the piece.</param>
    /// <param name="at">Where in <paramref name="target"/>; moves on by the length.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Put(ReadOnlySpan<byte> bytes, int start, int length, int place, Span<byte> target, ref int at)
    {
        var to = at;
        at += length;
        if (length > PieceHash.Step)
        {
            return PieceHash.CopyLong(bytes.Slice(start, length), place, target[to..]);
        }

        if (bytes.Length - start < PieceHash.Step)
        {
            return PieceHash.CopyShort(bytes.Slice(start, length), place, target[to..]);
        }

        var piece = PieceHash.Masked(bytes.Slice(start, PieceHash.Step), length);
        piece.CopyTo(target.Slice(to, PieceHash.Step));
        return PieceHash.Of(piece, length, place);
    }

    /// <summary>Where a slice of <paramref name="bytes"/> begins; 0 for an empty one.</summary>
    private static int OffsetOf(ReadOnlySpan<byte> slice, ReadOnlySpan<byte> bytes) =>
        slice.IsEmpty ? 0 : (int)Unsafe.ByteOffset(ref MemoryMarshal.GetReference(bytes), ref MemoryMarshal.GetReference(slice));
}
