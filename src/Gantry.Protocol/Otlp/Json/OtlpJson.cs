using System.Globalization;
using System.Text;
using System.Text.Json;
using Gantry.Protocol.Otlp.Schema;
using Gantry.Protocol.Wire;

namespace Gantry.Protocol.Otlp.Json;

/// <summary>
/// Turns OTLP/JSON into the same request as protobuf, so that everything behind the door sees one encoding. Rules of the OTLP specification,
/// "JSON Protobuf Encoding": lowerCamelCase names only, ids in hex, enums as integers, 64-bit integers as string or number, other bytes in base64,
/// unknown names ignored.
/// </summary>
public static class OtlpJson
{
    // A message takes up to two levels of JSON, itself and the list it stands in.
    private const int MaxDepth = (ProtoReader.MaxDepth + 1) * 2;

    /// <summary>Appends the message to <paramref name="writer"/>.</summary>
    /// <param name="maxBytes">
    /// Once the writer holds more, it ends with a fault. The protobuf may be longer than the JSON: "0," in a list is two bytes, and eight as fixed64.
    /// </param>
    /// <returns>Null on success, else what is wrong and where, in words.</returns>
    public static string? Transcode(MessageSchema schema, ReadOnlySpan<byte> json, ProtoWriter writer, int maxBytes = int.MaxValue)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            reader.Read();
            Message(schema, ref reader, writer, depth: 0, maxBytes);
            return reader.Read() ? "text follows the end of the JSON document" : null;
        }
        catch (OtlpJsonException exception)
        {
            return exception.Message;
        }
        catch (JsonException exception)
        {
            return $"invalid JSON at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}";
        }
    }

    /// <param name="depth">How many messages are around this one.</param>
    private static void Message(MessageSchema schema, ref Utf8JsonReader reader, ProtoWriter writer, int depth, int maxBytes)
    {
        if (depth > ProtoReader.MaxDepth)
        {
            throw new OtlpJsonException($"values are nested deeper than {ProtoReader.MaxDepth} levels");
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new OtlpJsonException($"expected an object ({schema.Name}), found {Show(ref reader)}");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = reader.ValueIsEscaped ? schema.FindJson(Encoding.UTF8.GetBytes(Text(ref reader))) : schema.FindJson(reader.ValueSpan);
            reader.Read();
            if (field is null)
            {
                reader.Skip();
            }
            else if (reader.TokenType != JsonTokenType.Null)
            {
                Field(field, ref reader, writer, depth, maxBytes);
                Bound(writer, maxBytes);
            }
        }
    }

    private static void Field(FieldSchema field, ref Utf8JsonReader reader, ProtoWriter writer, int depth, int maxBytes)
    {
        try
        {
            if (field.Repeated)
            {
                List(field, ref reader, writer, depth, maxBytes);
            }
            else
            {
                Single(field, ref reader, writer, depth, maxBytes);
            }
        }
        catch (OtlpJsonException exception)
        {
            throw new OtlpJsonException(Encoding.UTF8.GetString(field.JsonName), exception);
        }
    }

    private static void List(FieldSchema field, ref Utf8JsonReader reader, ProtoWriter writer, int depth, int maxBytes)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new OtlpJsonException($"expected an array, found {Show(ref reader)}");
        }

        var packed = field.Kind is FieldKind.Message or FieldKind.String ? -1 : writer.Begin(field.Number);
        for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            try
            {
                if (packed >= 0)
                {
                    Scalar(field, ref reader, writer);
                }
                else
                {
                    Single(field, ref reader, writer, depth, maxBytes);
                }

                Bound(writer, maxBytes);
            }
            catch (OtlpJsonException exception)
            {
                throw new OtlpJsonException($"[{index}]", exception);
            }
        }

        if (packed >= 0)
        {
            writer.End(packed);
        }
    }

    private static void Single(FieldSchema field, ref Utf8JsonReader reader, ProtoWriter writer, int depth, int maxBytes)
    {
        switch (field.Kind)
        {
            case FieldKind.Message:
                var mark = writer.Begin(field.Number);
                Message(field.Message!, ref reader, writer, depth + 1, maxBytes);
                writer.End(mark);
                break;
            case FieldKind.String:
                writer.PresentString(field.Number, Text(ref reader));
                break;
            case FieldKind.Bytes or FieldKind.Id:
                writer.PresentBytes(field.Number, field.Kind == FieldKind.Id ? Hex(ref reader) : Base64(ref reader));
                break;
            default:
                writer.Tag(field.Number, OnWire(field.Kind));
                Scalar(field, ref reader, writer);
                break;
        }
    }

    private static void Bound(ProtoWriter writer, int maxBytes)
    {
        if (writer.Written.Length > maxBytes)
        {
            throw new OtlpJsonException($"it is larger than {maxBytes} bytes as protobuf");
        }
    }

    private static WireType OnWire(FieldKind kind) => kind switch
    {
        FieldKind.Fixed64 or FieldKind.SFixed64 or FieldKind.Double => WireType.Fixed64,
        FieldKind.Fixed32 => WireType.Fixed32,
        _ => WireType.Varint,
    };

    private static void Scalar(FieldSchema field, ref Utf8JsonReader reader, ProtoWriter writer)
    {
        switch (field.Kind)
        {
            case FieldKind.Bool:
                writer.RawVarint(Flag(ref reader) ? 1UL : 0);
                break;
            case FieldKind.Double:
                writer.RawFixed64(BitConverter.DoubleToUInt64Bits(Number(ref reader)));
                break;
            case FieldKind.Fixed32:
                writer.RawFixed32((uint)Integer(ref reader, 0, uint.MaxValue));
                break;
            case FieldKind.Fixed64:
                writer.RawFixed64((ulong)Integer(ref reader, 0, ulong.MaxValue));
                break;
            case FieldKind.SFixed64:
                writer.RawFixed64((ulong)(long)Integer(ref reader, long.MinValue, long.MaxValue));
                break;
            case FieldKind.SInt32:
                var signed = (int)Integer(ref reader, int.MinValue, int.MaxValue);
                writer.RawVarint((uint)((signed << 1) ^ (signed >> 31)));
                break;
            case FieldKind.Int64:
                writer.RawVarint((ulong)(long)Integer(ref reader, long.MinValue, long.MaxValue));
                break;
            case FieldKind.UInt64:
                writer.RawVarint((ulong)Integer(ref reader, 0, ulong.MaxValue));
                break;
            default:
                writer.RawVarint((ulong)(long)Integer(ref reader, int.MinValue, uint.MaxValue));
                break;
        }
    }

    private static string Text(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName))
        {
            throw new OtlpJsonException($"expected a string, found {Show(ref reader)}");
        }

        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new OtlpJsonException("the string is not valid Unicode");
        }
    }

    private static byte[] Hex(ref Utf8JsonReader reader)
    {
        var text = Text(ref reader);
        try
        {
            return Convert.FromHexString(text);
        }
        catch (FormatException)
        {
            throw new OtlpJsonException($"expected hex digits, found {Show(ref reader)}");
        }
    }

    /// <summary>Standard or URL-safe, padded or not: protobuf's JSON mapping wants all four read.</summary>
    private static byte[] Base64(ref Utf8JsonReader reader)
    {
        var text = Text(ref reader).Replace('-', '+').Replace('_', '/');
        try
        {
            return Convert.FromBase64String(text.PadRight((text.Length + 3) & ~3, '='));
        }
        catch (FormatException)
        {
            throw new OtlpJsonException($"expected base64, found {Show(ref reader)}");
        }
    }

    private static bool Flag(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw new OtlpJsonException($"expected true or false, found {Show(ref reader)}"),
    };

    private static double Number(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value))
        {
            return value;
        }

        // "NaN", "Infinity" and "-Infinity" come as strings, as protobuf's JSON mapping has it.
        return reader.TokenType == JsonTokenType.String
            && double.TryParse(Text(ref reader), NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            ? value
            : throw new OtlpJsonException($"expected a number, found {Show(ref reader)}");
    }

    private static Int128 Integer(ref Utf8JsonReader reader, Int128 lowest, Int128 highest)
    {
        if (reader.TokenType is JsonTokenType.Number or JsonTokenType.String)
        {
            var text = reader.TokenType == JsonTokenType.String ? Text(ref reader) : Encoding.UTF8.GetString(reader.ValueSpan);
            if (Int128.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                && value >= lowest && value <= highest)
            {
                return value;
            }
        }

        throw new OtlpJsonException($"expected an integer from {lowest} to {highest}, found {Show(ref reader)}");
    }

    private static string Show(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.StartObject)
        {
            return "an object";
        }

        if (reader.TokenType is JsonTokenType.StartArray)
        {
            return "an array";
        }

        var text = Encoding.UTF8.GetString(reader.ValueSpan[..Math.Min(reader.ValueSpan.Length, 40)]);
        return reader.TokenType == JsonTokenType.String ? $"\"{text}\"" : text;
    }
}

/// <summary>Carries a fault up to the door, gathering the path on its way; it never leaves <see cref="OtlpJson"/>.</summary>
internal sealed class OtlpJsonException : Exception
{
    public OtlpJsonException(string message)
        : base(message)
    {
        Path = "";
        Fault = message;
    }

    public OtlpJsonException(string step, OtlpJsonException inner)
        : base(Compose(step, inner))
    {
        Path = Join(step, inner.Path);
        Fault = inner.Fault;
    }

    private string Path { get; }

    private string Fault { get; }

    private static string Compose(string step, OtlpJsonException inner) => $"{Join(step, inner.Path)}: {inner.Fault}";

    private static string Join(string step, string rest) =>
        rest.Length == 0 || rest[0] == '[' ? step + rest : $"{step}.{rest}";
}
