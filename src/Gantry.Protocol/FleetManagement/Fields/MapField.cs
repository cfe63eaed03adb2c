using System.Text.Json;
using Gantry.Protocol.Wire;

namespace Gantry.Protocol.FleetManagement.Fields;

/// <summary>A map from strings: entries of key = 1, value = 2. Written in the order of the keys (ordinal), so equal maps are equal bytes.</summary>
internal sealed class MapField<T, TValue>(int number, string name, ValueKind<TValue> kind, Func<T, Dictionary<string, TValue>> get) : MessageField<T>(number, name)
{
    public override WireType WireType => WireType.LengthDelimited;

    public override void Write(T message, ProtoWriter writer)
    {
        foreach (var (key, value) in Sorted(message))
        {
            var mark = writer.Begin(Number);
            writer.String(1, key);
            kind.Write(writer, 2, value);
            writer.End(mark);
        }
    }

    public override bool Read(T message, ref ProtoReader outer)
    {
        var reader = outer.ReadNested();
        var (key, value) = ("", kind.Default);
        while (reader.Next())
        {
            if (reader.Tag == (1, WireType.LengthDelimited))
            {
                key = reader.ReadString();
            }
            else if (reader.Tag == (2, kind.WireType))
            {
                // Parsers disagree about an entry whose value comes twice (C++ merges, C# takes the last); we take the last.
                value = kind.Read(ref reader, kind.Default);
            }
            else
            {
                reader.Skip();
            }
        }

        outer.FailFrom(reader.Error);
        get(message)[key] = value;
        return true;
    }

    public override void WriteJson(T message, Utf8JsonWriter writer)
    {
        if (get(message).Count == 0)
        {
            return;
        }

        writer.WriteStartObject(JsonName);
        foreach (var (key, value) in Sorted(message))
        {
            writer.WritePropertyName(key);
            kind.WriteJson(writer, value);
        }

        writer.WriteEndObject();
    }

    public override void ReadJson(T message, JsonElement value, JsonReading reading) => ReadEntries(get(message), kind, value, reading);

    public static void ReadEntries(Dictionary<string, TValue> entries, ValueKind<TValue> kind, JsonElement value, JsonReading reading)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            reading.Fail("an object", value);
            return;
        }

        foreach (var property in value.EnumerateObject())
        {
            reading.Enter(property.Name);
            if (kind.TryReadJson(property.Value, reading, out var read))
            {
                entries[property.Name] = read;
            }

            reading.Leave();
            if (reading.Failed)
            {
                return;
            }
        }
    }

    private IEnumerable<KeyValuePair<string, TValue>> Sorted(T message) => get(message).OrderBy(entry => entry.Key, StringComparer.Ordinal);
}
