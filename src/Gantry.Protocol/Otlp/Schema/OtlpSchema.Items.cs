namespace Gantry.Protocol.Otlp.Schema;

/// <summary>Spans, metrics and log records.</summary>
public static partial class OtlpSchema
{
    private static void DefineSpan()
    {
        var spanEvent = new MessageSchema("Event")
        {
            Fields =
            [
                new(1, "time_unix_nano", FieldKind.Fixed64),
                new(2, "name", FieldKind.String),
                Many(3, "attributes", KeyValue),
                new(4, "dropped_attributes_count", FieldKind.Int32),
            ],
        };
        var link = new MessageSchema("Link")
        {
            Fields =
            [
                new(1, "trace_id", FieldKind.Id),
                new(2, "span_id", FieldKind.Id),
                new(3, "trace_state", FieldKind.String),
                Many(4, "attributes", KeyValue),
                new(5, "dropped_attributes_count", FieldKind.Int32),
                new(6, "flags", FieldKind.Fixed32),
            ],
        };
        var status = new MessageSchema("Status") { Fields = [new(2, "message", FieldKind.String), new(3, "code", FieldKind.Int32)] };
        Span.Fields =
        [
            new(1, "trace_id", FieldKind.Id),
            new(2, "span_id", FieldKind.Id),
            new(3, "trace_state", FieldKind.String),
            new(4, "parent_span_id", FieldKind.Id),
            new(5, "name", FieldKind.String),
            new(6, "kind", FieldKind.Int32),
            new(7, "start_time_unix_nano", FieldKind.Fixed64),
            new(8, "end_time_unix_nano", FieldKind.Fixed64),
            Many(9, "attributes", KeyValue),
            new(10, "dropped_attributes_count", FieldKind.Int32),
            Many(11, "events", spanEvent),
            new(12, "dropped_events_count", FieldKind.Int32),
            Many(13, "links", link),
            new(14, "dropped_links_count", FieldKind.Int32),
            One(15, "status", status),
            new(16, "flags", FieldKind.Fixed32),
        ];
    }

    private static void DefineMetric()
    {
        var exemplar = new MessageSchema("Exemplar")
        {
            Fields =
            [
                new(2, "time_unix_nano", FieldKind.Fixed64),
                new(3, "as_double", FieldKind.Double, Present: true),
                new(4, "span_id", FieldKind.Id),
                new(5, "trace_id", FieldKind.Id),
                new(6, "as_int", FieldKind.SFixed64, Present: true),
                Many(7, "filtered_attributes", KeyValue),
            ],
        };
        var number = DefineNumberPoint(exemplar);
        var temporality = new FieldSchema(2, "aggregation_temporality", FieldKind.Int32);
        var gauge = new MessageSchema("Gauge") { Fields = [Many(1, "data_points", number)] };
        var sum = new MessageSchema("Sum") { Fields = [Many(1, "data_points", number), temporality, new(3, "is_monotonic", FieldKind.Bool)] };
        var histogram = new MessageSchema("Histogram") { Fields = [Many(1, "data_points", DefineHistogramPoint(exemplar)), temporality] };
        var exponential = new MessageSchema("ExponentialHistogram") { Fields = [Many(1, "data_points", DefineExponentialPoint(exemplar)), temporality] };
        var summary = new MessageSchema("Summary") { Fields = [Many(1, "data_points", DefineSummaryPoint())] };
        Metric.Fields =
        [
            new(1, "name", FieldKind.String),
            new(2, "description", FieldKind.String),
            new(3, "unit", FieldKind.String),
            One(5, "gauge", gauge),
            One(7, "sum", sum),
            One(9, "histogram", histogram),
            One(10, "exponential_histogram", exponential),
            One(11, "summary", summary),
            Many(12, "metadata", KeyValue),
        ];
    }

    private static MessageSchema DefineNumberPoint(MessageSchema exemplar) => new("NumberDataPoint")
    {
        Fields =
        [
            new(2, "start_time_unix_nano", FieldKind.Fixed64),
            new(3, "time_unix_nano", FieldKind.Fixed64),
            new(4, "as_double", FieldKind.Double, Present: true),
            Many(5, "exemplars", exemplar),
            new(6, "as_int", FieldKind.SFixed64, Present: true),
            Many(7, "attributes", KeyValue),
            new(8, "flags", FieldKind.Int32),
        ],
    };

    private static MessageSchema DefineHistogramPoint(MessageSchema exemplar) => new("HistogramDataPoint")
    {
        Fields =
        [
            new(2, "start_time_unix_nano", FieldKind.Fixed64),
            new(3, "time_unix_nano", FieldKind.Fixed64),
            new(4, "count", FieldKind.Fixed64),
            new(5, "sum", FieldKind.Double, Present: true),
            new(6, "bucket_counts", FieldKind.Fixed64, Repeated: true),
            new(7, "explicit_bounds", FieldKind.Double, Repeated: true),
            Many(8, "exemplars", exemplar),
            Many(9, "attributes", KeyValue),
            new(10, "flags", FieldKind.Int32),
            new(11, "min", FieldKind.Double, Present: true),
            new(12, "max", FieldKind.Double, Present: true),
        ],
    };

    private static MessageSchema DefineExponentialPoint(MessageSchema exemplar)
    {
        var buckets = new MessageSchema("Buckets")
        {
            Fields = [new(1, "offset", FieldKind.SInt32), new(2, "bucket_counts", FieldKind.UInt64, Repeated: true)],
        };
        return new MessageSchema("ExponentialHistogramDataPoint")
        {
            Fields =
            [
                Many(1, "attributes", KeyValue),
                new(2, "start_time_unix_nano", FieldKind.Fixed64),
                new(3, "time_unix_nano", FieldKind.Fixed64),
                new(4, "count", FieldKind.Fixed64),
                new(5, "sum", FieldKind.Double, Present: true),
                new(6, "scale", FieldKind.SInt32),
                new(7, "zero_count", FieldKind.Fixed64),
                One(8, "positive", buckets),
                One(9, "negative", buckets),
                new(10, "flags", FieldKind.Int32),
                Many(11, "exemplars", exemplar),
                new(12, "min", FieldKind.Double, Present: true),
                new(13, "max", FieldKind.Double, Present: true),
                new(14, "zero_threshold", FieldKind.Double),
            ],
        };
    }

    private static MessageSchema DefineSummaryPoint()
    {
        var quantile = new MessageSchema("ValueAtQuantile") { Fields = [new(1, "quantile", FieldKind.Double), new(2, "value", FieldKind.Double)] };
        return new MessageSchema("SummaryDataPoint")
        {
            Fields =
            [
                new(2, "start_time_unix_nano", FieldKind.Fixed64),
                new(3, "time_unix_nano", FieldKind.Fixed64),
                new(4, "count", FieldKind.Fixed64),
                new(5, "sum", FieldKind.Double),
                Many(6, "quantile_values", quantile),
                Many(7, "attributes", KeyValue),
                new(8, "flags", FieldKind.Int32),
            ],
        };
    }

    private static void DefineLogRecord() => LogRecord.Fields =
    [
        new(1, "time_unix_nano", FieldKind.Fixed64),
        new(2, "severity_number", FieldKind.Int32),
        new(3, "severity_text", FieldKind.String),
        One(5, "body", AnyValue),
        Many(6, "attributes", KeyValue),
        new(7, "dropped_attributes_count", FieldKind.Int32),
        new(8, "flags", FieldKind.Fixed32),
        new(9, "trace_id", FieldKind.Id),
        new(10, "span_id", FieldKind.Id),
        new(11, "observed_time_unix_nano", FieldKind.Fixed64),
        new(12, "event_name", FieldKind.String),
    ];
}
