using System.Globalization;
using Gantry.Protocol.Wire;

namespace Gantry.Protocol.OpAmp;

/// <summary>AnyValue, one of: string_value = 1, bool_value = 2, int_value = 3, double_value = 4, array_value = 5, kvlist_value = 6,
/// bytes_value = 7.</summary>
public sealed class AnyValue : IWireMessage
{
    /// <summary>null, string, bool, long, double, <see cref="ValueList"/>, <see cref="KeyValueList"/> or byte[].</summary>
    public object? Value { get; set; }

    /// <summary>The value as text: lists joined with commas, bytes as hex.</summary>
    public override string ToString() => Value switch
    {
        null => "",
        byte[] bytes => Convert.ToHexStringLower(bytes),
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => Value.ToString() ?? "",
    };

    public void WriteTo(ProtoWriter writer)
    {
        switch (Value)
        {
            case string text:
                writer.PresentString(1, text);
                break;
            case bool flag:
                writer.Tag(2, WireType.Varint);
                writer.RawVarint(flag ? 1UL : 0);
                break;
            case long or int:
                writer.Tag(3, WireType.Varint);
                writer.RawVarint((ulong)Convert.ToInt64(Value, CultureInfo.InvariantCulture));
                break;
            case double number:
                writer.PresentDouble(4, number);
                break;
            case ValueList list:
                writer.Message(5, list);
                break;
            case KeyValueList pairs:
                writer.Message(6, pairs);
                break;
            case byte[] bytes:
                writer.PresentBytes(7, bytes);
                break;
        }
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.LengthDelimited):
                Value = reader.ReadString();
                return true;
            case (2, WireType.Varint):
                Value = reader.ReadBool();
                return true;
            case (3, WireType.Varint):
                Value = (long)reader.ReadVarint();
                return true;
            case (4, WireType.Fixed64):
                Value = reader.ReadDouble();
                return true;
            case (5, WireType.LengthDelimited):
                Value = reader.ReadInto(Value as ValueList ?? new ValueList());
                return true;
            case (6, WireType.LengthDelimited):
                Value = reader.ReadInto(Value as KeyValueList ?? new KeyValueList());
                return true;
            case (7, WireType.LengthDelimited):
                Value = reader.ReadBytes().ToArray();
                return true;
            default:
                return false;
        }
    }
}

/// <summary>ArrayValue: values = 1, repeated.</summary>
public sealed class ValueList : IWireMessage
{
    public List<AnyValue> Items { get; } = [];

    public override string ToString() => string.Join(',', Items);

    public void WriteTo(ProtoWriter writer) => writer.Messages(1, Items);

    public bool ReadField(ref ProtoReader reader)
    {
        if (reader.Tag is not (1, WireType.LengthDelimited))
        {
            return false;
        }

        Items.Add(reader.ReadInto(new AnyValue()));
        return true;
    }
}

/// <summary>KeyValueList: values = 1, repeated.</summary>
public sealed class KeyValueList : IWireMessage
{
    public List<KeyValue> Items { get; } = [];

    public override string ToString() => string.Join(',', Items);

    public void WriteTo(ProtoWriter writer) => writer.Messages(1, Items);

    public bool ReadField(ref ProtoReader reader)
    {
        if (reader.Tag is not (1, WireType.LengthDelimited))
        {
            return false;
        }

        Items.Add(reader.ReadInto(new KeyValue()));
        return true;
    }
}
