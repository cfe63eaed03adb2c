using System.Buffers.Binary;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Observe;

/// <summary>
/// One point of a request-duration histogram. HistogramDataPoint: start_time_unix_nano = 2, count = 4, sum = 5, bucket_counts = 6,
/// explicit_bounds = 7, attributes = 9.
/// </summary>
internal sealed class HistogramPoint
{
    /// <summary>More buckets than this no SDK makes.</summary>
    public const int MaxBuckets = 1000;

    private readonly List<ulong> _counts = [];
    private readonly List<double> _bounds = [];

    public ulong StartUnixNano { get; private set; }

    public ulong Count { get; private set; }

    public double Sum { get; private set; }

    public IReadOnlyList<ulong> Counts => _counts;

    public IReadOnlyList<double> Bounds => _bounds;

    public Dictionary<string, string> Attributes { get; } = [];

    /// <summary>The attributes as they were sent; with the resource they identify the series.</summary>
    public ulong AttributeHash { get; private set; }

    /// <returns>Null for a point with more than <see cref="MaxBuckets"/> buckets.</returns>
    public static HistogramPoint? Read(ReadOnlySpan<byte> bytes)
    {
        var point = new HistogramPoint();
        var reader = new ProtoReader(bytes);
        while (reader.Next())
        {
            switch (reader.Tag)
            {
                case (2, WireType.Fixed64):
                    point.StartUnixNano = reader.ReadFixed64();
                    break;
                case (4, WireType.Fixed64):
                    point.Count = reader.ReadFixed64();
                    break;
                case (5, WireType.Fixed64):
                    point.Sum = reader.ReadDouble();
                    break;
                case (6 or 7, WireType.Fixed64 or WireType.LengthDelimited):
                    point.ReadList(ref reader);
                    break;
                case (9, WireType.LengthDelimited):
                    point.Add(reader.ReadInto(new KeyValue()));
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return point._counts.Count > MaxBuckets || point._bounds.Count > MaxBuckets ? null : point;
    }

    /// <summary>Repeated numbers come packed, in one run or several, or one by one.</summary>
    private void ReadList(ref ProtoReader reader)
    {
        var isCount = reader.Field == 6;
        if (reader.WireType == WireType.Fixed64)
        {
            Add(isCount, reader.ReadFixed64());
            return;
        }

        var packed = reader.ReadBytes();
        for (; packed.Length >= 8 && _counts.Count <= MaxBuckets && _bounds.Count <= MaxBuckets; packed = packed[8..])
        {
            Add(isCount, BinaryPrimitives.ReadUInt64LittleEndian(packed));
        }
    }

    private void Add(bool isCount, ulong bits)
    {
        if (isCount)
        {
            _counts.Add(bits);
        }
        else
        {
            _bounds.Add(BitConverter.UInt64BitsToDouble(bits));
        }
    }

    private void Add(KeyValue pair)
    {
        var value = pair.Value.ToString();
        Attributes[pair.Key] = value;
        // A sum, so that the order in which an SDK writes attributes does not matter.
        AttributeHash += SeededHash.Of(System.Text.Encoding.UTF8.GetBytes($"{pair.Key}\0{value}"));
    }
}
