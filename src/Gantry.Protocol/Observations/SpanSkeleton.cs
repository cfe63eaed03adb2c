using Gantry.Protocol.Wire;

namespace Gantry.Protocol.Observations;

/// <summary>
/// What is needed of a span to put its trace together. Fields: trace_high = 1, trace_low = 2, span = 3, parent = 4, group = 5, flags = 6,
/// duration_nano = 7. Ids are the big-endian numbers of their bytes.
/// </summary>
public sealed class SpanSkeleton : IWireMessage
{
    public ulong TraceHigh { get; set; }

    public ulong TraceLow { get; set; }

    public ulong Span { get; set; }

    /// <summary>0 for a root.</summary>
    public ulong Parent { get; set; }

    /// <summary>One of <see cref="ObservationBatch.Groups"/>.</summary>
    public uint Group { get; set; }

    public SkeletonFlags Flags { get; set; }

    public ulong DurationNano { get; set; }

    public void WriteTo(ProtoWriter writer)
    {
        writer.Fixed64(1, TraceHigh);
        writer.Fixed64(2, TraceLow);
        writer.Fixed64(3, Span);
        writer.Fixed64(4, Parent);
        writer.Varint(5, Group);
        writer.Varint(6, (ulong)Flags);
        writer.Varint(7, DurationNano);
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
                Group = (uint)reader.ReadVarint();
                return true;
            case (6, WireType.Varint):
                Flags = (SkeletonFlags)reader.ReadVarint();
                return true;
            case (7, WireType.Varint):
                DurationNano = reader.ReadVarint();
                return true;
            default:
                return false;
        }
    }
}

[Flags]
public enum SkeletonFlags
{
    None = 0,

    /// <summary>The span belongs to another trace and links to <see cref="SpanSkeleton.Parent"/> in this one.</summary>
    IsLink = 1,

    /// <summary>The span has no parent, and links to another.</summary>
    HasLink = 2,

    /// <summary>Its status is ERROR.</summary>
    Failed = 4,
}
