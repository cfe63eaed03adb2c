using Gantry.Estate.Red;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;

namespace Gantry.Agent.Instrument.Attach.Meters;

/// <summary>
/// A <see cref="MeterTable"/> as an ExportMetricsServiceRequest, each meter a scope. opentelemetry/proto/metrics/v1/metrics.proto:
/// ResourceMetrics: resource = 1, scope_metrics = 2. ScopeMetrics: scope = 1, metrics = 2. Metric: name = 1, description = 2, unit = 3, gauge = 5,
/// sum = 7, histogram = 9. Gauge, Sum, Histogram: data_points = 1, aggregation_temporality = 2, is_monotonic = 3. NumberDataPoint: start = 2, time = 3,
/// as_double = 4, attributes = 7. HistogramDataPoint: start = 2, time = 3, count = 4, sum = 5, bucket_counts = 6, explicit_bounds = 7, attributes = 9.
/// </summary>
internal static class MeterEncoder
{
    public const int NumberAttributes = 7;
    public const int HistogramAttributes = 9;

    private const int Cumulative = 2;

    /// <returns>Points written.</returns>
    public static int Write(ProtoWriter writer, IReadOnlyList<KeyValue> resource, MeterTable table, ulong nowUnixNano)
    {
        var points = 0;
        var resourceMetrics = writer.Begin(1, 3);
        var mark = writer.Begin(1, 2);
        writer.Messages(1, resource);
        writer.End(mark, 2);
        foreach (var meter in table.Instruments.Where(item => item.Series.Count > 0).GroupBy(item => item.Meter))
        {
            var scopeMetrics = writer.Begin(2, 3);
            mark = writer.Begin(1);
            writer.String(1, meter.Key);
            writer.String(2, meter.First().MeterVersion);
            writer.End(mark);
            foreach (var instrument in meter)
            {
                WriteMetric(writer, instrument, nowUnixNano);
                points += instrument.Series.Count;
            }

            writer.End(scopeMetrics, 3);
        }

        writer.End(resourceMetrics, 3);
        return points;
    }

    private static void WriteMetric(ProtoWriter writer, Instrument instrument, ulong now)
    {
        var metric = writer.Begin(2, 2);
        writer.String(1, instrument.Name);
        writer.String(2, instrument.Description);
        writer.String(3, instrument.Unit);
        var data = writer.Begin(instrument.Kind switch { InstrumentKind.Histogram => 9, InstrumentKind.Gauge => 5, _ => 7 }, 2);
        foreach (var series in instrument.Series)
        {
            var point = writer.Begin(1, 2);
            writer.Fixed64(2, instrument.Kind == InstrumentKind.Gauge ? 0 : series.StartUnixNano);
            writer.Fixed64(3, now);
            if (instrument.Kind == InstrumentKind.Histogram)
            {
                WriteHistogram(writer, series);
            }
            else
            {
                writer.PresentDouble(4, series.Value);
            }

            writer.Raw(series.Attributes);
            writer.End(point, 2);
        }

        if (instrument.Kind != InstrumentKind.Gauge)
        {
            writer.Int(2, Cumulative);
            writer.Bool(3, instrument.Kind is InstrumentKind.Counter or InstrumentKind.ObservableCounter);
        }

        writer.End(data, 2);
        writer.End(metric, 2);
    }

    private static void WriteHistogram(ProtoWriter writer, Series series)
    {
        writer.Tag(4, WireType.Fixed64);
        writer.RawFixed64(series.Count);
        writer.PresentDouble(5, series.Sum);
        if (series.Buckets is null)
        {
            return;
        }

        var packed = writer.Begin(6);
        foreach (var count in series.Buckets)
        {
            writer.RawFixed64(count);
        }

        writer.End(packed);
        packed = writer.Begin(7);
        foreach (var bound in DurationBuckets.BoundsNano)
        {
            writer.RawFixed64(BitConverter.DoubleToUInt64Bits(bound / 1e9));
        }

        writer.End(packed);
    }
}
