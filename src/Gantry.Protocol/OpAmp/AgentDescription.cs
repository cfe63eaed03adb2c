using Gantry.Protocol.Wire;

namespace Gantry.Protocol.OpAmp;

/// <summary>AgentDescription: identifying_attributes = 1, non_identifying_attributes = 2.</summary>
public sealed class AgentDescription : IWireMessage
{
    public List<KeyValue> Identifying { get; } = [];

    public List<KeyValue> NonIdentifying { get; } = [];

    /// <summary>The attribute as text, from either list; null when it is in neither.</summary>
    public string? Find(string key) =>
        (Identifying.Find(pair => pair.Key == key) ?? NonIdentifying.Find(pair => pair.Key == key))?.Value.ToString();

    public void WriteTo(ProtoWriter writer)
    {
        writer.Messages(1, Identifying);
        writer.Messages(2, NonIdentifying);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.LengthDelimited):
                Identifying.Add(reader.ReadInto(new KeyValue()));
                return true;
            case (2, WireType.LengthDelimited):
                NonIdentifying.Add(reader.ReadInto(new KeyValue()));
                return true;
            default:
                return false;
        }
    }
}
