using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Gantry.Protocol.Otlp.Traces;

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
    /// <returns>Length of the key.</returns>
    public static int Write(RedKey key, in SpanView span, ReadOnlySpan<byte> bytes, Span<byte> target)
    {
        var present = span.Attributes.Present;
        if (key.Kind is not (SpanKinds.Client or SpanKinds.Producer))
        {
            present &= RedAttributes;
        }

        var name = span.Name.Length <= MaxNameBytes ? span.Name : Utf8Cut.To(span.Name, MaxNameBytes);
        var length = NameAt;
        Copy(name, target, ref length);
        var written = 0u;
        while (present != 0)
        {
            var attribute = CapturedAttributes.Take(ref present);
            var (start, valueLength) = span.Attributes[attribute];
            if (valueLength <= MaxValueBytes && length + valueLength <= MaxBytes - 32)
            {
                Copy(bytes.Slice(start, valueLength), target, ref length);
                written |= 1u << (int)attribute;
            }
        }

        BinaryPrimitives.WriteUInt64LittleEndian(target, key.Mixed);
        BinaryPrimitives.WriteUInt32LittleEndian(target[8..], written);
        BinaryPrimitives.WriteUInt16LittleEndian(target[12..], (ushort)name.Length);
        return length;
    }

    public static uint PresentIn(ReadOnlySpan<byte> key) => BinaryPrimitives.ReadUInt32LittleEndian(key[8..]);

    public static ReadOnlySpan<byte> NameIn(ReadOnlySpan<byte> key) => key.Slice(NameAt, BinaryPrimitives.ReadUInt16LittleEndian(key[12..]));

    public static ReadOnlySpan<byte> ValuesIn(ReadOnlySpan<byte> key) => key[(NameAt + BinaryPrimitives.ReadUInt16LittleEndian(key[12..]))..];

    /// <summary>Most pieces are short: a fixed 32 bytes is one instruction where a copy of the exact length is a call. What is too much is overwritten.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(ReadOnlySpan<byte> piece, Span<byte> target, ref int length)
    {
        piece.CopyTo(target[length..]);
        length += piece.Length;
    }
}
