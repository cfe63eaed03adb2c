using Gantry.Protocol.Wire;

namespace Gantry.Protocol.Observations;

/// <summary>
/// How many different values an attribute of a metric had within an hour, as a sketch that adds up over gateways. Told only of attributes that had more than
/// a few. Fields: service = 1, metric = 2, key = 3, hour = 4, registers = 5.
/// </summary>
public sealed class AttributeSketch : IWireMessage
{
    public uint Service { get; set; }

    public string Metric { get; set; } = "";

    public string Key { get; set; } = "";

    /// <summary>Hours since the Unix epoch.</summary>
    public ulong Hour { get; set; }

    /// <summary>Of a HyperLogLog: 2,048 bytes, each a register.</summary>
    public byte[] Registers { get; set; } = [];

    public void WriteTo(ProtoWriter writer)
    {
        writer.Varint(1, Service);
        writer.String(2, Metric);
        writer.String(3, Key);
        writer.Varint(4, Hour);
        writer.Bytes(5, Registers);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.Varint):
                Service = (uint)reader.ReadVarint();
                return true;
            case (2, WireType.LengthDelimited):
                Metric = reader.ReadString();
                return true;
            case (3, WireType.LengthDelimited):
                Key = reader.ReadString();
                return true;
            case (4, WireType.Varint):
                Hour = reader.ReadVarint();
                return true;
            case (5, WireType.LengthDelimited):
                Registers = reader.ReadBytes().ToArray();
                return true;
            default:
                return false;
        }
    }
}
