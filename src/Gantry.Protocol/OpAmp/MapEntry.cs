using Gantry.Protocol.Wire;

namespace Gantry.Protocol.OpAmp;

/// <summary>An entry of a map from names to messages: key = 1, value = 2. On the wire a map is a list; of two entries with one key the last counts.</summary>
public sealed class MapEntry<T> : IWireMessage
    where T : class, IWireMessage, new()
{
    public MapEntry()
    {
    }

    public MapEntry(string name, T value)
    {
        Name = name;
        Value = value;
    }

    public string Name { get; set; } = "";

    public T Value { get; set; } = new();

    public void WriteTo(ProtoWriter writer)
    {
        writer.String(1, Name);
        writer.Message(2, Value);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.LengthDelimited):
                Name = reader.ReadString();
                return true;
            case (2, WireType.LengthDelimited):
                // Parsers disagree about a map entry whose value comes twice (C++ merges, C# takes the last); we take the last.
                Value = reader.ReadInto(new T());
                return true;
            default:
                return false;
        }
    }
}

/// <summary>An entry of a map from names to texts: key = 1, value = 2.</summary>
public sealed class TextEntry : IWireMessage
{
    public string Name { get; set; } = "";

    public string Value { get; set; } = "";

    public void WriteTo(ProtoWriter writer)
    {
        writer.String(1, Name);
        writer.String(2, Value);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.LengthDelimited):
                Name = reader.ReadString();
                return true;
            case (2, WireType.LengthDelimited):
                Value = reader.ReadString();
                return true;
            default:
                return false;
        }
    }
}
