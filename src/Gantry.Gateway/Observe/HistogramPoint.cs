using System.Runtime.InteropServices;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Observe;

/// <summary>
/// One point of a request-duration histogram. HistogramDataPoint: start_time_unix_nano = 2, count = 4, sum = 5, bucket_counts = 6,
/// explicit_bounds = 7, attributes = 9.
/// </summary>
internal sealed class HistogramPoint
{
    public ulong StartUnixNano { get; private set; }

    public ulong Count { get; private set; }

    public double Sum { get; private set; }

    public ulong[] Counts { get; private set; } = [];

    public double[] Bounds { get; private set; } = [];

    public Dictionary<string, string> Attributes { get; } = [];

    /// <summary>The attributes as they were sent; with the resource they identify the series.</summary>
    public ulong AttributeHash { get; private set; }

    public static HistogramPoint Read(ReadOnlySpan<byte> bytes)
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
                case (6, WireType.LengthDelimited):
                    point.Counts = [.. MemoryMarshal.Cast<byte, ulong>(reader.ReadBytes())];
                    break;
                case (7, WireType.LengthDelimited):
                    point.Bounds = [.. MemoryMarshal.Cast<byte, double>(reader.ReadBytes())];
                    break;
                case (9, WireType.LengthDelimited):
                    point.Add(reader.ReadInto(new KeyValue()));
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return point;
    }

    private void Add(KeyValue pair)
    {
        var value = pair.Value.ToString();
        Attributes[pair.Key] = value;
        // A sum, so that the order in which an SDK writes attributes does not matter.
        AttributeHash += SeededHash.Of(System.Text.Encoding.UTF8.GetBytes($"{pair.Key}\0{value}"));
    }
}
