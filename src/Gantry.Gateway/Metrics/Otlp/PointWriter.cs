using System.Buffers.Binary;
using System.Text;
using Gantry.Estate.Red;
using Gantry.Gateway.Observe;
using Gantry.Gateway.Report;
using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Metrics.Otlp;

/// <summary>Writes data points. opentelemetry/proto/metrics/v1/metrics.proto; the numbers of the fields stand at each.</summary>
/// <param name="gatewayId">Every point carries it, so that points of several gateways are several series: one writer each.</param>
internal sealed class PointWriter(ProtoWriter writer, ServiceRegistry services, string gatewayId, bool exponential)
{
    private const int NumberAttributes = 7;
    private const int HistogramAttributes = 9;
    private const int ExponentialAttributes = 1;
    private const double NanoPerSecond = 1e9;

    private readonly byte[] _gatewayId = Encoding.ASCII.GetBytes(gatewayId);

    /// <summary>Edges have no fine buckets.</summary>
    public bool IsExponential(MetricSeries series) => exponential && series is SpanSeries;

    /// <summary>NumberDataPoint: start_time_unix_nano = 2, time_unix_nano = 3, exemplars = 5, as_int = 6, attributes = 7.</summary>
    public void Sum(in Point point, ulong value)
    {
        var mark = Begin(point);
        Exemplar(5, point.Exemplar);
        writer.Tag(6, WireType.Fixed64);
        writer.RawFixed64(value);
        Attributes(NumberAttributes, point.Series);
        writer.End(mark, 2);
    }

    /// <summary>HistogramDataPoint: start_time_unix_nano = 2, time_unix_nano = 3, count = 4, sum = 5, bucket_counts = 6, explicit_bounds = 7,
    /// exemplars = 8, attributes = 9. ExponentialHistogramDataPoint: see <see cref="Exponential"/>.</summary>
    public void Duration(in Point point)
    {
        var mark = Begin(point);
        writer.Fixed64(4, point.Tally.Calls);
        writer.PresentDouble(5, point.Tally.DurationNano / NanoPerSecond);
        if (IsExponential(point.Series))
        {
            Exponential(point);
        }
        else
        {
            writer.Tag(6, WireType.LengthDelimited);
            writer.RawVarint(DurationBuckets.Count * 8);
            foreach (var count in point.Tally.Buckets)
            {
                writer.RawFixed64(count);
            }

            writer.Tag(7, WireType.LengthDelimited);
            writer.RawVarint((ulong)DurationBuckets.BoundsNano.Length * 8);
            foreach (var bound in DurationBuckets.BoundsNano)
            {
                writer.RawFixed64(BitConverter.DoubleToUInt64Bits(bound / NanoPerSecond));
            }

            Exemplar(8, point.Exemplar);
            Attributes(HistogramAttributes, point.Series);
        }

        writer.End(mark, 2);
    }

    /// <summary>
    /// attributes = 1, scale = 6, zero_count = 7, positive = 8 {offset = 1, bucket_counts = 2}, exemplars = 11, zero_threshold = 14. Our first bucket has all
    /// that is shorter too, down to 0: it is the zero bucket, and its bound the threshold.
    /// </summary>
    private void Exponential(in Point point)
    {
        var fine = point.Tally.Fine;
        var counts = fine.Counts;
        var first = fine.First;
        if (first == 0 && !counts.IsEmpty)
        {
            writer.Fixed64(7, counts[0]);
            counts = counts[1..];
            first = 1;
        }

        writer.Varint(6, ZigZag(ExponentialBuckets.Scale));
        var positive = writer.Begin(8);
        writer.Varint(1, ZigZag(ExponentialBuckets.Offset + first));
        var packed = writer.Begin(2);
        foreach (var count in counts)
        {
            writer.RawVarint(count);
        }

        writer.End(packed);
        writer.End(positive);
        Exemplar(11, point.Exemplar);
        writer.Double(14, ExponentialBuckets.UpperBoundSeconds(0));
        Attributes(ExponentialAttributes, point.Series);
    }

    private int Begin(in Point point)
    {
        var mark = writer.Begin(1, 2);
        writer.Fixed64(2, point.StartUnixNano);
        writer.Fixed64(3, point.TimeUnixNano);
        return mark;
    }

    /// <summary>Exemplar: time_unix_nano = 2, as_double = 3, span_id = 4, trace_id = 5.</summary>
    private void Exemplar(int field, in Exemplar exemplar)
    {
        if (exemplar.UnixNano == 0)
        {
            return;
        }

        Span<byte> id = stackalloc byte[16];
        var mark = writer.Begin(field);
        writer.Fixed64(2, exemplar.UnixNano);
        writer.PresentDouble(3, exemplar.DurationNano / NanoPerSecond);
        BinaryPrimitives.WriteUInt64BigEndian(id, exemplar.Span);
        writer.Bytes(4, id[..8]);
        BinaryPrimitives.WriteUInt64BigEndian(id, exemplar.TraceHigh);
        BinaryPrimitives.WriteUInt64BigEndian(id[8..], exemplar.TraceLow);
        writer.Bytes(5, id);
        writer.End(mark);
    }

    private void Attributes(int field, MetricSeries series)
    {
        if (series is SpanSeries span)
        {
            Attributes(field, span);
        }
        else
        {
            Attributes(field, ((EdgeMetric)series).Labels);
        }

        Attribute(field, "collector.instance.id"u8, _gatewayId);
    }

    private void Attributes(int field, SpanSeries series)
    {
        // The connector has the service at each point, beside the resource; dashboards ask for it there.
        var service = services[series.Service];
        Attribute(field, "service.name"u8, service.Name);
        Attribute(field, "service.namespace"u8, service.Namespace);
        Attribute(field, "deployment.environment.name"u8, service.Environment);
        if (!series.Red.IsOverflow)
        {
            Attribute(field, "span.name"u8, SpanKey.NameIn(series.Key));
        }

        Attribute(field, "span.kind"u8, MetricWords.Kind(series.Red.Kind));
        Attribute(field, "status.code"u8, MetricWords.Status(series.Red.Status));
        if (series.Red.IsOverflow)
        {
            // Boolean in OpenTelemetry's SDKs, text in the connector; Prometheus knows text only.
            Attribute(field, "otel.metric.overflow"u8, "true"u8);
            return;
        }

        for (var dimensions = new SpanDimensions(series.Key); dimensions.Next();)
        {
            Attribute(field, MetricWords.Attribute(dimensions.Attribute), dimensions.Value);
        }
    }

    private void Attributes(int field, EdgeLabels labels)
    {
        var service = services[labels.Service];
        Attribute(field, "client"u8, service.Name);
        Attribute(field, "client_service.namespace"u8, service.Namespace);
        Attribute(field, "client_deployment.environment.name"u8, service.Environment);
        Attribute(field, "server"u8, labels.Server);
        Attribute(field, "server_system"u8, labels.System);
        // Empty is one of its values, as the connector has it.
        Present(field, "connection_type"u8, Encoding.UTF8.GetBytes(labels.Connection));
    }

    private void Attribute(int field, ReadOnlySpan<byte> name, string value)
    {
        if (value.Length > 0)
        {
            Present(field, name, Encoding.UTF8.GetBytes(value));
        }
    }

    private void Attribute(int field, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty)
        {
            Present(field, name, value);
        }
    }

    /// <summary>KeyValue: key = 1, value = 2 {string_value = 1}.</summary>
    private void Present(int field, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var pair = writer.Begin(field, value.Length < 64 ? 1 : 2);
        writer.Bytes(1, name);
        var any = writer.Begin(2, value.Length < 126 ? 1 : 2);
        writer.PresentBytes(1, value);
        writer.End(any, value.Length < 126 ? 1 : 2);
        writer.End(pair, value.Length < 64 ? 1 : 2);
    }

    private static ulong ZigZag(int value) => (ulong)(uint)((value << 1) ^ (value >> 31));
}

/// <summary>What a point says of a series.</summary>
/// <param name="Exemplar">None while its time is 0.</param>
internal readonly record struct Point(MetricSeries Series, Tally Tally, ulong StartUnixNano, ulong TimeUnixNano, Exemplar Exemplar);
