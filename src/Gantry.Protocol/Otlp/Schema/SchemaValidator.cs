using System.Text.Unicode;
using Gantry.Protocol.Wire;

namespace Gantry.Protocol.Otlp.Schema;

/// <summary>Where and why bytes are not the message they claim to be.</summary>
/// <param name="Path">As a person would write it: "resource_spans[0].scope_spans[1].spans[7].name".</param>
public sealed record SchemaFault(WireError Error, string Path)
{
    public string Describe() => Error switch
    {
        WireError.Truncated => $"{Path}: the bytes end in the middle of a value",
        WireError.LengthPastEnd => $"{Path}: a length reaches past the end of the message around it",
        WireError.VarintTooLong => $"{Path}: a varint is longer than ten bytes",
        WireError.BadTag => $"{Path}: a tag names no field or no wire type",
        WireError.InvalidUtf8 => $"{Path}: the text is not UTF-8",
        WireError.TooDeep => $"{Path}: values are nested deeper than {ProtoReader.MaxDepth} levels",
        _ => $"{Path}: malformed",
    };
}

/// <summary>
/// Walks any OTLP message by its schema, down to every attribute. It is the slow twin of the trace scanner: both must accept and refuse the
/// same bytes (a test holds them together), and this one can say where the fault lies.
/// </summary>
public static class SchemaValidator
{
    /// <returns>Null when <paramref name="data"/> is well formed.</returns>
    /// <param name="depth">How many messages are around this one.</param>
    public static SchemaFault? Validate(MessageSchema schema, ReadOnlySpan<byte> data, int depth = 0)
    {
        var reader = new ProtoReader(data, depth);
        List<string>? path = null;
        if (Walk(schema, ref reader, ref path))
        {
            return null;
        }

        path?.Reverse();
        return new SchemaFault(reader.Error, path is null ? schema.Name : string.Join('.', path));
    }

    /// <summary>As <see cref="Validate"/>, when nobody asks why.</summary>
    public static bool IsValid(MessageSchema schema, ReadOnlySpan<byte> data, int depth = 0) => Validate(schema, data, depth) is null;

    private static bool Walk(MessageSchema schema, ref ProtoReader reader, ref List<string>? path)
    {
        var index = 0;
        var last = -1;
        while (reader.Next())
        {
            index = reader.Field == last ? index + 1 : 0;
            last = reader.Field;
            var field = schema.Find(reader.Field);
            var ok = field?.Kind switch
            {
                FieldKind.Message when reader.WireType == WireType.LengthDelimited => Nested(field, ref reader, ref path),
                FieldKind.String when reader.WireType == WireType.LengthDelimited => Text(ref reader),
                not null when field.Repeated && reader.WireType == WireType.LengthDelimited => Packed(field, ref reader),
                _ => Skipped(ref reader),
            };
            if (!ok)
            {
                (path ??= []).Add(field is null ? $"field {reader.Field}" : field.Repeated ? $"{field.Name}[{index}]" : field.Name);
                return false;
            }
        }

        return reader.Error == WireError.None;
    }

    private static bool Nested(FieldSchema field, ref ProtoReader reader, ref List<string>? path)
    {
        var nested = reader.ReadNested();
        if (reader.Error != WireError.None)
        {
            return false;
        }

        if (Walk(field.Message!, ref nested, ref path))
        {
            return true;
        }

        reader.FailFrom(nested.Error);
        return false;
    }

    private static bool Text(ref ProtoReader reader)
    {
        var bytes = reader.ReadBytes();
        if (reader.Error == WireError.None && !Utf8.IsValid(bytes))
        {
            reader.FailFrom(WireError.InvalidUtf8);
        }

        return reader.Error == WireError.None;
    }

    /// <summary>A packed list must end where its last element ends.</summary>
    private static bool Packed(FieldSchema field, ref ProtoReader reader)
    {
        var bytes = reader.ReadBytes();
        if (field.Kind is FieldKind.Fixed64 or FieldKind.Double or FieldKind.SFixed64)
        {
            if (bytes.Length % 8 != 0)
            {
                reader.FailFrom(WireError.Truncated);
            }
        }
        else if (field.Kind == FieldKind.UInt64)
        {
            var items = new ProtoReader(bytes);
            while (items.Error == WireError.None && items.Position < bytes.Length)
            {
                items.ReadVarint();
            }

            reader.FailFrom(items.Error);
        }

        return reader.Error == WireError.None;
    }

    private static bool Skipped(ref ProtoReader reader)
    {
        reader.Skip();
        return reader.Error == WireError.None;
    }
}
