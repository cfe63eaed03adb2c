using System.Buffers.Text;
using System.Text.Json;
using Gantry.Protocol.Wire;

namespace Gantry.Protocol.FleetManagement.Fields;

/// <summary>How values of one type are written and read, in both encodings.</summary>
internal abstract class ValueKind<TValue>
{
    public abstract WireType WireType { get; }

    /// <summary>What a field is before anything was read.</summary>
    public abstract TValue Default { get; }

    /// <summary>Writes it also when it is the default.</summary>
    public abstract void Write(ProtoWriter writer, int field, TValue value);

    /// <param name="current">What the field held: a message merges into it, anything else replaces it.</param>
    public abstract TValue Read(ref ProtoReader reader, TValue current);

    public abstract void WriteJson(Utf8JsonWriter writer, TValue value);

    /// <returns>False: the reading says why.</returns>
    public abstract bool TryReadJson(JsonElement element, JsonReading reading, out TValue value);
}

internal sealed class TextKind : ValueKind<string>
{
    public static TextKind Instance { get; } = new();

    public override WireType WireType => WireType.LengthDelimited;

    public override string Default => "";

    public override void Write(ProtoWriter writer, int field, string value) => writer.PresentString(field, value);

    public override string Read(ref ProtoReader reader, string current) => reader.ReadString();

    public override void WriteJson(Utf8JsonWriter writer, string value) => writer.WriteStringValue(value);

    public override bool TryReadJson(JsonElement element, JsonReading reading, out string value)
    {
        value = "";
        if (element.ValueKind != JsonValueKind.String)
        {
            reading.Fail("a string", element);
            return false;
        }

        try
        {
            value = element.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, escaped: it is JSON, and no text.
            reading.Fail("a string of whole characters", element);
            return false;
        }
    }
}

internal sealed class FlagKind : ValueKind<bool>
{
    public static FlagKind Instance { get; } = new();

    public override WireType WireType => WireType.Varint;

    public override bool Default => false;

    public override void Write(ProtoWriter writer, int field, bool value)
    {
        writer.Tag(field, WireType.Varint);
        writer.RawVarint(value ? 1UL : 0);
    }

    public override bool Read(ref ProtoReader reader, bool current) => reader.ReadBool();

    public override void WriteJson(Utf8JsonWriter writer, bool value) => writer.WriteBooleanValue(value);

    public override bool TryReadJson(JsonElement element, JsonReading reading, out bool value)
    {
        value = element.ValueKind == JsonValueKind.True;
        if (value || element.ValueKind == JsonValueKind.False)
        {
            return true;
        }

        reading.Fail("true or false", element);
        return false;
    }
}

internal sealed class BytesKind : ValueKind<byte[]>
{
    public static BytesKind Instance { get; } = new();

    public override WireType WireType => WireType.LengthDelimited;

    public override byte[] Default => [];

    public override void Write(ProtoWriter writer, int field, byte[] value) => writer.PresentBytes(field, value);

    public override byte[] Read(ref ProtoReader reader, byte[] current) => reader.ReadBytes().ToArray();

    public override void WriteJson(Utf8JsonWriter writer, byte[] value) => writer.WriteBase64StringValue(value);

    /// <summary>Standard or URL-safe, with or without padding.</summary>
    public override bool TryReadJson(JsonElement element, JsonReading reading, out byte[] value)
    {
        value = [];
        if (element.ValueKind == JsonValueKind.String && TextKind.Instance.TryReadJson(element, reading, out var text))
        {
            var plain = text.TrimEnd('=').Replace('+', '-').Replace('/', '_');
            if (Base64Url.IsValid(plain) && !plain.Any(char.IsWhiteSpace))
            {
                value = Base64Url.DecodeFromChars(plain);
                return true;
            }
        }

        reading.Fail("bytes in base64", element);
        return false;
    }
}
