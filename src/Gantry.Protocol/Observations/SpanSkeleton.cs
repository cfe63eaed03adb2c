using Gantry.Protocol.Wire;

namespace Gantry.Protocol.Observations;

/// <summary>
/// What is needed of a span to see which services a trace joins. Fields: trace_high = 1, trace_low = 2, span = 3, parent = 4, service = 5, kind = 6,
/// seen_unix_nano = 7. Ids are the big-endian numbers of their bytes.
/// </summary>
public sealed class SpanSkeleton : IWireMessage
{
    public ulong TraceHigh { get; set; }

    public ulong TraceLow { get; set; }

    public ulong Span { get; set; }

    /// <summary>0 for a root.</summary>
    public ulong Parent { get; set; }

    public uint Service { get; set; }

    public int Kind { get; set; }

    public ulong SeenUnixNano { get; set; }

    public void WriteTo(ProtoWriter writer)
    {
        writer.Fixed64(1, TraceHigh);
        writer.Fixed64(2, TraceLow);
        writer.Fixed64(3, Span);
        writer.Fixed64(4, Parent);
        writer.Varint(5, Service);
        writer.Int(6, Kind);
        writer.Fixed64(7, SeenUnixNano);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.Fixed64):
                TraceHigh = reader.ReadFixed64();
                return true;
            case (2, WireType.Fixed64):
                TraceLow = reader.ReadFixed64();
                return true;
            case (3, WireType.Fixed64):
                Span = reader.ReadFixed64();
                return true;
            case (4, WireType.Fixed64):
                Parent = reader.ReadFixed64();
                return true;
            case (5, WireType.Varint):
                Service = (uint)reader.ReadVarint();
                return true;
            case (6, WireType.Varint):
                Kind = reader.ReadInt32();
                return true;
            case (7, WireType.Fixed64):
                SeenUnixNano = reader.ReadFixed64();
                return true;
            default:
                return false;
        }
    }
}
