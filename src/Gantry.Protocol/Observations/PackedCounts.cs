using Gantry.Protocol.Wire;

namespace Gantry.Protocol.Observations;

/// <summary>Counts of buckets as packed varints.</summary>
internal static class PackedCounts
{
    public static void Write(ProtoWriter writer, int field, ulong[] counts)
    {
        var mark = writer.Begin(field);
        foreach (var count in counts)
        {
            writer.RawVarint(count);
        }

        writer.End(mark);
    }

    public static ulong[] Read(ref ProtoReader outer)
    {
        var bytes = outer.ReadBytes();
        var reader = new ProtoReader(bytes);
        var counts = new List<ulong>();
        while (reader.Error == WireError.None && reader.Position < bytes.Length)
        {
            counts.Add(reader.ReadVarint());
        }

        outer.FailFrom(reader.Error);
        return [.. counts];
    }
}
