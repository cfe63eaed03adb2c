using Gantry.Protocol.Wire;

namespace Gantry.Protocol.OpAmp;

/// <summary>CustomMessage: capability = 1, type = 2, data = 3. The capability is one that both sides named before.</summary>
public sealed class CustomMessage : IWireMessage
{
    public string Capability { get; set; } = "";

    public string Type { get; set; } = "";

    public byte[] Data { get; set; } = [];

    public void WriteTo(ProtoWriter writer)
    {
        writer.String(1, Capability);
        writer.String(2, Type);
        writer.Bytes(3, Data);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.LengthDelimited):
                Capability = reader.ReadString();
                return true;
            case (2, WireType.LengthDelimited):
                Type = reader.ReadString();
                return true;
            case (3, WireType.LengthDelimited):
                Data = reader.ReadBytes().ToArray();
                return true;
            default:
                return false;
        }
    }
}

/// <summary>CustomCapabilities: capabilities = 1, repeated.</summary>
public sealed class CustomCapabilities : IWireMessage
{
    public List<string> Names { get; init; } = [];

    public void WriteTo(ProtoWriter writer) => writer.Strings(1, Names);

    public bool ReadField(ref ProtoReader reader)
    {
        if (reader.Tag is not (1, WireType.LengthDelimited))
        {
            return false;
        }

        Names.Add(reader.ReadString());
        return true;
    }
}
