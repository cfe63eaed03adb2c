using Gantry.Protocol.Wire;

namespace Gantry.Protocol.Observations;

/// <summary>What a service called, as its own CLIENT or PRODUCER spans name it.</summary>
public enum PeerType
{
    /// <summary>An address only: "cart.shop.svc:8080".</summary>
    Address = 0,

    /// <summary>The caller named the service (service.peer.name, or peer.service of before).</summary>
    Service = 1,

    Database = 2,

    /// <summary>A queue or topic.</summary>
    Messaging = 3,

    /// <summary>An RPC service by its interface name, without an address.</summary>
    Rpc = 4,
}

/// <summary>
/// Calls from one service to one peer; cumulative since <see cref="StartUnixNano"/>. Fields: service = 1, type = 2, name = 3, system = 4,
/// address = 5, calls = 6, failed = 7, duration_nano = 8, buckets = 9 (packed varints), last_unix_nano = 10, start_unix_nano = 11.
/// </summary>
public sealed class EdgeSeries : IWireMessage
{
    /// <summary>The caller, one of <see cref="ObservationBatch.Services"/>.</summary>
    public uint Service { get; set; }

    public PeerType Type { get; set; }

    /// <summary>Service name, db.namespace, messaging.destination.name, rpc.service; "" where only an address is known.</summary>
    public string Name { get; set; } = "";

    /// <summary>db.system.name, messaging.system or rpc.system: "mysql", "kafka", "grpc"; else "".</summary>
    public string System { get; set; } = "";

    /// <summary>server.address with server.port: "10.0.0.7:8080"; "" when the span has none.</summary>
    public string Address { get; set; } = "";

    public ulong Calls { get; set; }

    /// <summary>Of <see cref="Calls"/>, those whose span has status ERROR.</summary>
    public ulong Failed { get; set; }

    /// <summary>Sum of all durations, as the caller saw them.</summary>
    public ulong DurationNano { get; set; }

    /// <summary>As in <see cref="RedSeries.Buckets"/>.</summary>
    public ulong[] Buckets { get; set; } = [];

    public ulong LastUnixNano { get; set; }

    public ulong StartUnixNano { get; set; }

    public void WriteTo(ProtoWriter writer)
    {
        writer.Varint(1, Service);
        writer.Int(2, (int)Type);
        writer.String(3, Name);
        writer.String(4, System);
        writer.String(5, Address);
        writer.Varint(6, Calls);
        writer.Varint(7, Failed);
        writer.Varint(8, DurationNano);
        PackedCounts.Write(writer, 9, Buckets);
        writer.Fixed64(10, LastUnixNano);
        writer.Fixed64(11, StartUnixNano);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.Varint):
                Service = (uint)reader.ReadVarint();
                return true;
            case (2, WireType.Varint):
                Type = (PeerType)reader.ReadInt32();
                return true;
            case (3, WireType.LengthDelimited):
                Name = reader.ReadString();
                return true;
            case (4, WireType.LengthDelimited):
                System = reader.ReadString();
                return true;
            case (5, WireType.LengthDelimited):
                Address = reader.ReadString();
                return true;
            case (6, WireType.Varint):
                Calls = reader.ReadVarint();
                return true;
            case (7, WireType.Varint):
                Failed = reader.ReadVarint();
                return true;
            case (8, WireType.Varint):
                DurationNano = reader.ReadVarint();
                return true;
            case (9, WireType.LengthDelimited):
                Buckets = PackedCounts.Read(ref reader);
                return true;
            case (10, WireType.Fixed64):
                LastUnixNano = reader.ReadFixed64();
                return true;
            case (11, WireType.Fixed64):
                StartUnixNano = reader.ReadFixed64();
                return true;
            default:
                return false;
        }
    }
}
