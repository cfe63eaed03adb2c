using Gantry.Protocol.Wire;

namespace Gantry.Protocol.Observations;

/// <summary>
/// What many skeletons of a report have in common, told once. Fields: id = 1, service = 2, kind = 3, operation = 4, peer_type = 5, peer_name = 6,
/// peer_system = 7, peer_address = 8.
/// </summary>
public sealed class SpanGroup : IWireMessage
{
    /// <summary>Within this report.</summary>
    public uint Id { get; set; }

    /// <summary>One of <see cref="ObservationBatch.Services"/>.</summary>
    public uint Service { get; set; }

    /// <summary>Span.kind: 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer.</summary>
    public int Kind { get; set; }

    /// <summary>As in <see cref="RedSeries.Operation"/>.</summary>
    public string Operation { get; set; } = "";

    /// <summary>Whom an exit span calls, as in <see cref="EdgeSeries"/>; without name, system and address it does not say.</summary>
    public PeerType PeerType { get; set; }

    public string PeerName { get; set; } = "";

    public string PeerSystem { get; set; } = "";

    public string PeerAddress { get; set; } = "";

    public void WriteTo(ProtoWriter writer)
    {
        writer.Varint(1, Id);
        writer.Varint(2, Service);
        writer.Int(3, Kind);
        writer.String(4, Operation);
        writer.Int(5, (int)PeerType);
        writer.String(6, PeerName);
        writer.String(7, PeerSystem);
        writer.String(8, PeerAddress);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.Varint):
                Id = (uint)reader.ReadVarint();
                return true;
            case (2, WireType.Varint):
                Service = (uint)reader.ReadVarint();
                return true;
            case (3, WireType.Varint):
                Kind = reader.ReadInt32();
                return true;
            case (4, WireType.LengthDelimited):
                Operation = reader.ReadString();
                return true;
            case (5, WireType.Varint):
                PeerType = (PeerType)reader.ReadInt32();
                return true;
            case (6, WireType.LengthDelimited):
                PeerName = reader.ReadString();
                return true;
            case (7, WireType.LengthDelimited):
                PeerSystem = reader.ReadString();
                return true;
            case (8, WireType.LengthDelimited):
                PeerAddress = reader.ReadString();
                return true;
            default:
                return false;
        }
    }
}
