namespace Gantry.Protocol.Otlp.Schema;

/// <summary>
/// OTLP's messages as data: one table for the JSON reader, for the validator of what is not on the fast path, and for naming the place of an
/// error. Contracts/otlp.proto says the same, and a test holds the two together.
/// </summary>
public static partial class OtlpSchema
{
    public static MessageSchema AnyValue { get; } = new("AnyValue");

    public static MessageSchema KeyValue { get; } = new("KeyValue");

    public static MessageSchema ArrayValue { get; } = new("ArrayValue");

    public static MessageSchema KeyValueList { get; } = new("KeyValueList");

    public static MessageSchema EntityRef { get; } = new("EntityRef");

    public static MessageSchema Resource { get; } = new("Resource");

    public static MessageSchema Scope { get; } = new("InstrumentationScope");

    public static MessageSchema Span { get; } = new("Span");

    public static MessageSchema Metric { get; } = new("Metric");

    public static MessageSchema LogRecord { get; } = new("LogRecord");

    /// <summary>Without fields: the signal is in development, its fields change with each release. What is inside is passed on as it is.</summary>
    public static MessageSchema Profile { get; } = new("Profile");

    public static MessageSchema Traces { get; } = new("ExportTraceServiceRequest");

    public static MessageSchema Metrics { get; } = new("ExportMetricsServiceRequest");

    public static MessageSchema Logs { get; } = new("ExportLogsServiceRequest");

    public static MessageSchema Profiles { get; } = new("ExportProfilesServiceRequest");

    static OtlpSchema()
    {
        AnyValue.Fields =
        [
            new(1, "string_value", FieldKind.String, Present: true),
            new(2, "bool_value", FieldKind.Bool, Present: true),
            new(3, "int_value", FieldKind.Int64, Present: true),
            new(4, "double_value", FieldKind.Double, Present: true),
            One(5, "array_value", ArrayValue),
            One(6, "kvlist_value", KeyValueList),
            new(7, "bytes_value", FieldKind.Bytes, Present: true),
        ];
        ArrayValue.Fields = [Many(1, "values", AnyValue)];
        KeyValueList.Fields = [Many(1, "values", KeyValue)];
        KeyValue.Fields = [new(1, "key", FieldKind.String), One(2, "value", AnyValue)];
        EntityRef.Fields =
        [
            new(1, "schema_url", FieldKind.String),
            new(2, "type", FieldKind.String),
            new(3, "id_keys", FieldKind.String, Repeated: true),
            new(4, "description_keys", FieldKind.String, Repeated: true),
        ];
        Resource.Fields =
        [
            Many(1, "attributes", KeyValue),
            new(2, "dropped_attributes_count", FieldKind.Int32),
            Many(3, "entity_refs", EntityRef),
        ];
        Scope.Fields =
        [
            new(1, "name", FieldKind.String),
            new(2, "version", FieldKind.String),
            Many(3, "attributes", KeyValue),
            new(4, "dropped_attributes_count", FieldKind.Int32),
        ];
        DefineSpan();
        DefineMetric();
        DefineLogRecord();
        Envelope(Traces, "spans", Span);
        Envelope(Metrics, "metrics", Metric);
        Envelope(Logs, "log_records", LogRecord, "logs");
        Envelope(Profiles, "profiles", Profile);
    }

    /// <summary>All signals are wrapped alike: resource_X = 1 {resource = 1, scope_X = 2 {scope = 1, items = 2, schema_url = 3}, schema_url = 3}.</summary>
    private static void Envelope(MessageSchema request, string items, MessageSchema item, string? signal = null)
    {
        signal ??= items;
        var suffix = char.ToUpperInvariant(signal[0]) + signal[1..];
        var scopes = new MessageSchema($"Scope{suffix}")
        {
            Fields = [One(1, "scope", Scope), Many(2, items, item), new(3, "schema_url", FieldKind.String)],
        };
        var resources = new MessageSchema($"Resource{suffix}")
        {
            Fields = [One(1, "resource", Resource), Many(2, $"scope_{signal}", scopes), new(3, "schema_url", FieldKind.String)],
        };
        request.Fields = [Many(1, $"resource_{signal}", resources)];
    }

    private static FieldSchema One(int number, string name, MessageSchema type) => new(number, name, FieldKind.Message, type);

    private static FieldSchema Many(int number, string name, MessageSchema type) => new(number, name, FieldKind.Message, type, Repeated: true);
}
