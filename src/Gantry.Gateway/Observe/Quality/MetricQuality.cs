using Gantry.Estate.Quality;
using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Observe.Quality;

/// <summary>
/// Looks at a metric and its points: unit, bounds, and the values of attributes. A series that was looked at within this hour costs one pass over its
/// fields and one hash; nothing here allocates for a point.
/// </summary>
internal static class MetricQuality
{
    private const ulong Hour = 3_600_000_000_000;

    public static void See(QualityShard shard, uint service, in MetricView metric, ulong nowUnixNano)
    {
        if (metric.Name.Length is 0 or > MetricTable.MaxName || metric.Shape == MetricShape.None)
        {
            return;
        }

        var hour = nowUnixNano / Hour;
        shard.Values.Begin(hour);
        var start = SeededHash.Of(metric.Name, SeededHash.Of(metric.Unit, (hour << 32) | service));
        var touched = -1;
        var reader = new ProtoReader(metric.Data);
        while (reader.Next())
        {
            if (reader.Tag is not (1, WireType.LengthDelimited))
            {
                reader.Skip();
                continue;
            }

            var point = reader.ReadBytes();
            var hash = HashOf(point, metric.Shape, start);
            var found = shard.Metrics.Series.Find(hash);
            if (found < 0)
            {
                found = Learn(shard, service, metric, point);
                if (found < 0)
                {
                    return;
                }

                shard.Metrics.Series.Set(hash, found);
            }

            if (found != touched)
            {
                shard.Metrics.Touch(found, nowUnixNano);
                touched = found;
            }
        }
    }

    /// <summary>NumberDataPoint and SummaryDataPoint: attributes = 7; HistogramDataPoint: explicit_bounds = 7, attributes = 9; ExponentialHistogramDataPoint: attributes = 1.</summary>
    private static int AttributesOf(MetricShape shape) => shape switch
    {
        MetricShape.Histogram => 9,
        MetricShape.ExponentialHistogram => 1,
        _ => 7,
    };

    private static ulong HashOf(ReadOnlySpan<byte> point, MetricShape shape, ulong start)
    {
        var attributes = AttributesOf(shape);
        var hash = start;
        var reader = new ProtoReader(point);
        while (reader.Next())
        {
            if (reader.WireType == WireType.LengthDelimited && (reader.Field == attributes || (reader.Field == 7 && shape == MetricShape.Histogram)))
            {
                hash = SeededHash.Of(reader.ReadBytes(), hash);
            }
            else
            {
                reader.Skip();
            }
        }

        return hash;
    }

    private static int Learn(QualityShard shard, uint service, in MetricView metric, ReadOnlySpan<byte> point)
    {
        var attributes = AttributesOf(metric.Shape);
        ReadOnlySpan<byte> bounds = default;
        var reader = new ProtoReader(point);
        while (reader.Next())
        {
            if (reader.WireType != WireType.LengthDelimited)
            {
                reader.Skip();
            }
            else if (reader.Field == attributes)
            {
                var pair = AttributePair.Read(reader.ReadBytes());
                shard.Values.Add(service, metric.Name, pair.Key, pair.Value);
            }
            else if (reader.Field == 7)
            {
                // Packed, as proto3 and every SDK has it.
                bounds = reader.ReadBytes();
            }
            else
            {
                reader.Skip();
            }
        }

        return shard.Metrics.Find(service, metric, metric.Shape == MetricShape.Histogram ? CardinalitySketch.Hash(bounds) | 1 : 0, bounds);
    }
}
