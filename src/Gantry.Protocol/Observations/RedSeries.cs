using Gantry.Protocol.Wire;

namespace Gantry.Protocol.Observations;

/// <summary>Where a RED series was counted.</summary>
public enum RedSource
{
    /// <summary>From every span, before any sampling.</summary>
    Spans = 0,

    /// <summary>From a request-duration histogram that the SDK sent.</summary>
    Metrics = 1,
}

/// <summary>
/// Rate, errors and duration of one operation; all counts cumulative since <see cref="StartUnixNano"/>. Fields: service = 1, operation = 2, kind = 3,
/// status = 4, source = 5, calls = 6, duration_nano = 7, buckets = 8 (packed varints), last_unix_nano = 9,
/// start_unix_nano = 10, begun = 11, linked = 12.
/// </summary>
public sealed class RedSeries : IWireMessage
{
    public uint Service { get; set; }

    /// <summary>Span name, or "METHOD route" from metrics.</summary>
    public string Operation { get; set; } = "";

    /// <summary>Span.kind: 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer.</summary>
    public int Kind { get; set; }

    /// <summary>Status.code: 0 unset, 1 ok, 2 error.</summary>
    public int Status { get; set; }

    public RedSource Source { get; set; }

    public ulong Calls { get; set; }

    /// <summary>Sum of all durations.</summary>
    public ulong DurationNano { get; set; }

    /// <summary>Counts by duration, bounds as in the semantic conventions (Estate, DurationBuckets); their sum is <see cref="Calls"/>.</summary>
    public ulong[] Buckets { get; set; } = [];

    public ulong LastUnixNano { get; set; }

    /// <summary>When this series began to count. A series that was idle for long is forgotten and begins anew; 0 from a gateway of before.</summary>
    public ulong StartUnixNano { get; set; }

    /// <summary>Of <see cref="Calls"/> of an inbound kind, those without a parent and without a link: each begins a trace.</summary>
    public ulong Begun { get; set; }

    /// <summary>Of <see cref="Calls"/> of an inbound kind, those without a parent that link to another trace. The rest continues one.</summary>
    public ulong Linked { get; set; }

    public void WriteTo(ProtoWriter writer)
    {
        writer.Varint(1, Service);
        writer.String(2, Operation);
        writer.Int(3, Kind);
        writer.Int(4, Status);
        writer.Int(5, (int)Source);
        writer.Varint(6, Calls);
        writer.Varint(7, DurationNano);
        PackedCounts.Write(writer, 8, Buckets);
        writer.Fixed64(9, LastUnixNano);
        writer.Fixed64(10, StartUnixNano);
        writer.Varint(11, Begun);
        writer.Varint(12, Linked);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.Varint):
                Service = (uint)reader.ReadVarint();
                return true;
            case (2, WireType.LengthDelimited):
                Operation = reader.ReadString();
                return true;
            case (3, WireType.Varint):
                Kind = reader.ReadInt32();
                return true;
            case (4, WireType.Varint):
                Status = reader.ReadInt32();
                return true;
            case (5, WireType.Varint):
                Source = (RedSource)reader.ReadInt32();
                return true;
            case (6, WireType.Varint):
                Calls = reader.ReadVarint();
                return true;
            case (7, WireType.Varint):
                DurationNano = reader.ReadVarint();
                return true;
            case (8, WireType.LengthDelimited):
                Buckets = PackedCounts.Read(ref reader);
                return true;
            case (9, WireType.Fixed64):
                LastUnixNano = reader.ReadFixed64();
                return true;
            case (10, WireType.Fixed64):
                StartUnixNano = reader.ReadFixed64();
                return true;
            case (11, WireType.Varint):
                Begun = reader.ReadVarint();
                return true;
            case (12, WireType.Varint):
                Linked = reader.ReadVarint();
                return true;
            default:
                return false;
        }
    }
}
