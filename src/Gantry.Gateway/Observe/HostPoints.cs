using Gantry.Protocol.Observations;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Observe;

/// <summary>
/// The newest value of each <c>system.*</c> series of each host, until the next report. A host sends some hundred points every ten seconds, so
/// plain objects are cheap here.
/// </summary>
internal sealed class HostPoints
{
    /// <summary>Between two reports; more is dropped, and the next interval brings the values again.</summary>
    public const int MaxPoints = 100_000;

    // Longer than any name or set of attributes that a host metric has.
    private const int MaxNameBytes = 256;
    private const int MaxAttributeLength = 2048;

    private readonly Dictionary<(string Host, string Metric, string Attributes), HostPoint> _points = [];

    public static bool Wants(ReadOnlySpan<byte> metricName) => metricName.StartsWith("system."u8);

    public void Add(ResourceEntry resource, in MetricView metric)
    {
        if (resource.HostId.Length == 0 || metric.Name.Length > MaxNameBytes || metric.Shape is not (MetricShape.Gauge or MetricShape.Sum))
        {
            return;
        }

        var name = System.Text.Encoding.UTF8.GetString(metric.Name);
        var cumulative = metric.Shape == MetricShape.Sum && metric.IsCumulative;
        var reader = new ProtoReader(metric.Data);
        while (reader.Next())
        {
            if (reader.Tag is not (1, WireType.LengthDelimited))
            {
                reader.Skip();
                continue;
            }

            var point = Read(reader.ReadBytes());
            point.HostId = resource.HostId;
            point.HostName = resource.HostName;
            point.Metric = name;
            point.Cumulative = cumulative;
            point.Attributes.Sort(static (a, b) => string.CompareOrdinal(a.Key, b.Key));
            var key = (point.HostId, name, string.Join(';', point.Attributes.Select(pair => $"{pair.Key}={pair.Value}")));
            if (double.IsFinite(point.Value) && key.Item3.Length <= MaxAttributeLength && (_points.Count < MaxPoints || _points.ContainsKey(key)))
            {
                _points[key] = point;
            }
        }
    }

    public void Drain(List<HostPoint> target)
    {
        target.AddRange(_points.Values);
        _points.Clear();
    }

    /// <summary>NumberDataPoint: start_time_unix_nano = 2, time_unix_nano = 3, as_double = 4, as_int = 6, attributes = 7.</summary>
    private static HostPoint Read(ReadOnlySpan<byte> bytes)
    {
        var point = new HostPoint();
        var reader = new ProtoReader(bytes);
        while (reader.Next())
        {
            switch (reader.Tag)
            {
                case (2, WireType.Fixed64):
                    point.StartUnixNano = reader.ReadFixed64();
                    break;
                case (3, WireType.Fixed64):
                    point.TimeUnixNano = reader.ReadFixed64();
                    break;
                case (4, WireType.Fixed64):
                    point.Value = reader.ReadDouble();
                    break;
                case (6, WireType.Fixed64):
                    point.Value = (long)reader.ReadFixed64();
                    break;
                case (7, WireType.LengthDelimited):
                    var pair = reader.ReadInto(new KeyValue());
                    point.Attributes.Add(new StringPair { Key = pair.Key, Value = pair.Value.ToString() });
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return point;
    }
}
