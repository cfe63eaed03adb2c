using Gantry.Protocol.Wire;

namespace Gantry.Protocol.Inventory;

/// <summary>A TCP socket in LISTEN: address = 1 ("127.0.0.1", "::", as bound), port = 2.</summary>
public sealed class ListeningSocket : IWireMessage
{
    public string Address { get; set; } = "";

    /// <summary>1 to 65535.</summary>
    public uint Port { get; set; }

    public void WriteTo(ProtoWriter writer)
    {
        writer.String(1, Address);
        writer.Varint(2, Port);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.LengthDelimited):
                Address = reader.ReadString();
                return true;
            case (2, WireType.Varint):
                Port = (uint)reader.ReadVarint();
                return true;
            default:
                return false;
        }
    }
}
