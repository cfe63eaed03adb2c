using Gantry.Protocol.Wire;

namespace Gantry.Protocol.OpAmp;

/// <summary>
/// AvailableComponents: components = 1 (id → ComponentDetails), hash = 2. An agent sends the hash alone until it is asked for the list: one build has
/// one list, however many agents run it.
/// </summary>
public sealed class AvailableComponents : IWireMessage
{
    public List<MapEntry<ComponentDetails>> Components { get; } = [];

    /// <summary>The agent's own hash of its list; any bytes.</summary>
    public byte[] Hash { get; set; } = [];

    public void WriteTo(ProtoWriter writer)
    {
        writer.Messages(1, Components);
        writer.Bytes(2, Hash);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.LengthDelimited):
                Components.Add(reader.ReadInto(new MapEntry<ComponentDetails>()));
                return true;
            case (2, WireType.LengthDelimited):
                Hash = reader.ReadBytes().ToArray();
                return true;
            default:
                return false;
        }
    }
}

/// <summary>ComponentDetails: metadata = 1, sub_component_map = 2.</summary>
public sealed class ComponentDetails : IWireMessage
{
    public List<KeyValue> Metadata { get; } = [];

    public List<MapEntry<ComponentDetails>> Parts { get; } = [];

    public void WriteTo(ProtoWriter writer)
    {
        writer.Messages(1, Metadata);
        writer.Messages(2, Parts);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.LengthDelimited):
                Metadata.Add(reader.ReadInto(new KeyValue()));
                return true;
            case (2, WireType.LengthDelimited):
                Parts.Add(reader.ReadInto(new MapEntry<ComponentDetails>()));
                return true;
            default:
                return false;
        }
    }
}
