using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using Gantry.Estate.Red;
using Gantry.Protocol.Otlp.Traces;
using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Observe;

/// <summary>
/// What a <see cref="SpanKey"/> means: the operation with ids folded, and each attribute as text. The canonical key has the raw one's form, so that
/// spans which say the same in different bytes (status 200 as number and as text) are one series.
/// </summary>
internal static class SpanLabels
{
    private const int NameAt = 14;
    private const byte TextTag = 0x0A;

    /// <summary>Attributes whose values may hold ids, as names of operations may.</summary>
    private const uint Foldable =
        (1u << (int)SpanAttribute.HttpRoute) | (1u << (int)SpanAttribute.RpcMethod) | (1u << (int)SpanAttribute.DbNamespace)
        | (1u << (int)SpanAttribute.DbCollectionName) | (1u << (int)SpanAttribute.DbOperationName) | (1u << (int)SpanAttribute.MessagingDestinationName);

    /// <param name="attributes">Those that count; others are left out.</param>
    /// <param name="target"><see cref="SpanKey.MaxBytes"/> long.</param>
    /// <returns>Length, and whether anything was folded.</returns>
    public static (int Length, bool Folded) Canonical(ReadOnlySpan<byte> raw, uint attributes, Span<byte> target)
    {
        var name = SpanKey.NameIn(raw);
        var folded = OperationNames.Fold(name, target[NameAt..], out var nameLength);
        // Ids are shorter than what stands for them: a folded name may have grown, and is cut again.
        nameLength = Utf8Cut.To(target.Slice(NameAt, nameLength), SpanKey.MaxNameBytes).Length;
        var length = NameAt + nameLength;
        var written = 0u;
        var present = SpanKey.PresentIn(raw);
        var values = SpanKey.ValuesIn(raw);
        Span<byte> number = stackalloc byte[24];
        while (present != 0)
        {
            var bit = 1u << (int)CapturedAttributes.Take(ref present);
            var text = TextOf(values, number, out var used);
            values = values[used..];
            // An empty value says what no value says, and where metrics go the two are one series.
            if ((attributes & bit) == 0 || text.IsEmpty || length + SpanKey.MaxNameBytes + 8 > SpanKey.MaxBytes)
            {
                continue;
            }

            folded |= Put(text, (Foldable & bit) != 0, target, ref length);
            written |= bit;
        }

        raw[..8].CopyTo(target);
        BinaryPrimitives.WriteUInt32LittleEndian(target[8..], written);
        BinaryPrimitives.WriteUInt16LittleEndian(target[12..], (ushort)nameLength);
        return (length, folded);
    }

    public static RedKey KeyIn(ReadOnlySpan<byte> key) => RedKey.From(BinaryPrimitives.ReadUInt64LittleEndian(key));

    /// <summary>The attributes of a canonical key, in their order.</summary>
    public static List<(SpanAttribute Attribute, string Value)> Read(ReadOnlySpan<byte> key)
    {
        var list = new List<(SpanAttribute, string)>();
        var present = SpanKey.PresentIn(key);
        var values = SpanKey.ValuesIn(key);
        while (present != 0)
        {
            var attribute = CapturedAttributes.Take(ref present);
            list.Add((attribute, Encoding.UTF8.GetString(TextOf(values, [], out var used))));
            values = values[used..];
        }

        return list;
    }

    /// <summary>Key of a series that is no span's: of an operation by name, or of an overflow.</summary>
    public static byte[] Plain(RedKey key, ReadOnlySpan<byte> name)
    {
        name = Utf8Cut.To(name, SpanKey.MaxNameBytes);
        var bytes = new byte[NameAt + name.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, key.Mixed);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(12), (ushort)name.Length);
        name.CopyTo(bytes.AsSpan(NameAt));
        return bytes;
    }

    /// <summary>The first of a row of values as text.</summary>
    /// <param name="number">Room for a number's digits.</param>
    /// <param name="used">Bytes that it takes.</param>
    private static ReadOnlySpan<byte> TextOf(ReadOnlySpan<byte> values, Span<byte> number, out int used)
    {
        const int BoolField = 2;
        var reader = new ProtoReader(values);
        reader.Next();
        var field = reader.Field;
        if (reader.WireType == WireType.LengthDelimited)
        {
            var text = reader.ReadBytes();
            used = reader.Position;
            return text;
        }

        var value = reader.ReadVarint();
        used = reader.Position;
        if (field == BoolField)
        {
            return value != 0 ? "true"u8 : "false"u8;
        }

        Utf8Formatter.TryFormat((long)value, number, out var digits);
        return number[..digits];
    }

    private static bool Put(scoped ReadOnlySpan<byte> text, bool fold, Span<byte> target, ref int length)
    {
        text = Utf8Cut.To(text, SpanKey.MaxNameBytes);
        Span<byte> room = stackalloc byte[SpanKey.MaxNameBytes];
        var foldedLength = 0;
        var folded = fold && OperationNames.Fold(text, room, out foldedLength);
        // What did not fit any more was cut anywhere, also within a character.
        scoped ReadOnlySpan<byte> value = folded ? Utf8Cut.To(room[..foldedLength], SpanKey.MaxNameBytes) : text;
        target[length++] = TextTag;
        length += WriteLength(target[length..], value.Length);
        value.CopyTo(target[length..]);
        length += value.Length;
        return folded;
    }

    private static int WriteLength(Span<byte> target, int length)
    {
        ProtoWriter.WriteVarint(target, (ulong)length);
        return ProtoWriter.VarintSize((ulong)length);
    }
}
