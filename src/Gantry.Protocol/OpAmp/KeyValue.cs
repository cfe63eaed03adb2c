using Gantry.Protocol.Wire;

namespace Gantry.Protocol.OpAmp;

/// <summary>KeyValue: key = 1, value = 2 (AnyValue), as OpAMP's descriptions and OTLP's attributes have it.</summary>
public sealed class KeyValue : IWireMessage
{
    public KeyValue()
    {
    }

    public KeyValue(string key, object? value)
    {
        Key = key;
        Value = new AnyValue { Value = value };
    }

    public string Key { get; private set; } = "";

    public AnyValue Value { get; private set; } = new();

    public override string ToString() => $"{Key}={Value}";

    public void WriteTo(ProtoWriter writer)
    {
        writer.String(1, Key);
        writer.Message(2, Value);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.LengthDelimited):
                Key = reader.ReadString();
                return true;
            case (2, WireType.LengthDelimited):
                reader.ReadInto(Value);
                return true;
            default:
                return false;
        }
    }
}
