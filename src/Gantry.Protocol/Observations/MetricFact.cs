using Gantry.Protocol.Wire;

namespace Gantry.Protocol.Observations;

/// <summary>
/// A metric of a service with one unit and one set of bounds; a metric that comes with two of either is two of these. It has no counts, only the time at
/// which it was last seen, so that facts of several gateways are one set. Fields: service = 1, name = 2, unit = 3, bounds_hash = 4, bounds = 5, last_unix_nano = 6.
/// </summary>
public sealed class MetricFact : IWireMessage
{
    public uint Service { get; set; }

    public string Name { get; set; } = "";

    public string Unit { get; set; } = "";

    /// <summary>Of the explicit bounds of its histograms, the same in every gateway; 0 for what is no such histogram.</summary>
    public ulong BoundsHash { get; set; }

    /// <summary>The bounds for people, perhaps cut short: "0.005, 0.01, …".</summary>
    public string Bounds { get; set; } = "";

    public ulong LastUnixNano { get; set; }

    public void WriteTo(ProtoWriter writer)
    {
        writer.Varint(1, Service);
        writer.String(2, Name);
        writer.String(3, Unit);
        writer.Fixed64(4, BoundsHash);
        writer.String(5, Bounds);
        writer.Fixed64(6, LastUnixNano);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.Varint):
                Service = (uint)reader.ReadVarint();
                return true;
            case (2, WireType.LengthDelimited):
                Name = reader.ReadString();
                return true;
            case (3, WireType.LengthDelimited):
                Unit = reader.ReadString();
                return true;
            case (4, WireType.Fixed64):
                BoundsHash = reader.ReadFixed64();
                return true;
            case (5, WireType.LengthDelimited):
                Bounds = reader.ReadString();
                return true;
            case (6, WireType.Fixed64):
                LastUnixNano = reader.ReadFixed64();
                return true;
            default:
                return false;
        }
    }
}
