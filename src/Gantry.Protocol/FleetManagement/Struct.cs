using System.Text.Json;
using Gantry.Protocol.FleetManagement.Fields;
using Gantry.Protocol.Wire;

namespace Gantry.Protocol.FleetManagement;

/// <summary>google.protobuf.Struct: fields = 1 (name → Value); in JSON an object.</summary>
public sealed class Struct : FieldedMessage<Struct>
{
    private static readonly FieldTable<Struct> Table = new(Field.MessageMap<Struct, StructValue>(1, "fields", message => message.Values));

    public Dictionary<string, StructValue> Values { get; } = [];

    private protected override FieldTable<Struct> Fields => Table;

    public override void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in Values.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            writer.WritePropertyName(name);
            value.WriteJson(writer);
        }

        writer.WriteEndObject();
    }

    public override void ReadJson(JsonElement value, JsonReading reading) =>
        MapField<Struct, StructValue>.ReadEntries(Values, MessageKind<StructValue>.Instance, value, reading);
}

/// <summary>google.protobuf.Value, one of: null_value = 1, number_value = 2, string_value = 3, bool_value = 4, struct_value = 5, list_value = 6.</summary>
public sealed class StructValue : IWireMessage, IJsonMessage
{
    /// <summary>What null_value holds; a Value in which nothing is set, which JSON shows as null too, is null itself.</summary>
    public static object Null { get; } = DBNull.Value;

    /// <summary>null, <see cref="Null"/>, double, string, bool, <see cref="Struct"/> or <see cref="StructList"/>.</summary>
    public object? Value { get; set; }

    public void WriteTo(ProtoWriter writer)
    {
        switch (Value)
        {
            case double number:
                writer.PresentDouble(2, number);
                break;
            case string text:
                writer.PresentString(3, text);
                break;
            case bool flag:
                FlagKind.Instance.Write(writer, 4, flag);
                break;
            case Struct fields:
                writer.Message(5, fields);
                break;
            case StructList list:
                writer.Message(6, list);
                break;
            case DBNull:
                writer.Tag(1, WireType.Varint);
                writer.RawVarint(0);
                break;
        }
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.Varint):
                reader.ReadVarint();
                Value = Null;
                return true;
            case (2, WireType.Fixed64):
                Value = reader.ReadDouble();
                return true;
            case (3, WireType.LengthDelimited):
                Value = reader.ReadString();
                return true;
            case (4, WireType.Varint):
                Value = reader.ReadBool();
                return true;
            case (5, WireType.LengthDelimited):
                Value = reader.ReadInto(Value as Struct ?? new Struct());
                return true;
            case (6, WireType.LengthDelimited):
                Value = reader.ReadInto(Value as StructList ?? new StructList());
                return true;
            default:
                return false;
        }
    }

    public void WriteJson(Utf8JsonWriter writer)
    {
        switch (Value)
        {
            case double number when double.IsFinite(number):
                writer.WriteNumberValue(number);
                break;
            case double number:
                // JSON has no word for it, and protobuf's JSON of a Value none either.
                writer.WriteStringValue(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case IJsonMessage nested:
                nested.WriteJson(writer);
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    public void ReadJson(JsonElement value, JsonReading reading)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var fields = new Struct();
                fields.ReadJson(value, reading);
                Value = fields;
                break;
            case JsonValueKind.Array:
                var list = new StructList();
                list.ReadJson(value, reading);
                Value = list;
                break;
            case JsonValueKind.String:
                Value = TextKind.Instance.TryReadJson(value, reading, out var text) ? text : null;
                break;
            case JsonValueKind.Number:
                Value = value.GetDouble();
                if (!double.IsFinite((double)Value))
                {
                    reading.Fail("a number that a double can hold", value);
                }

                break;
            case JsonValueKind.True or JsonValueKind.False:
                Value = value.ValueKind == JsonValueKind.True;
                break;
            default:
                Value = Null;
                break;
        }
    }
}

/// <summary>google.protobuf.ListValue: values = 1, repeated; in JSON a list.</summary>
public sealed class StructList : FieldedMessage<StructList>
{
    private static readonly FieldTable<StructList> Table = new(Field.Messages<StructList, StructValue>(1, "values", message => message.Items));

    public List<StructValue> Items { get; } = [];

    private protected override FieldTable<StructList> Fields => Table;

    public override void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (var item in Items)
        {
            item.WriteJson(writer);
        }

        writer.WriteEndArray();
    }

    public override void ReadJson(JsonElement value, JsonReading reading)
    {
        // Elements may be null here, which is a Value, and not in other lists.
        Items.AddRange(value.EnumerateArray().Select(element =>
        {
            var item = new StructValue();
            item.ReadJson(element, reading);
            return item;
        }));
    }
}
