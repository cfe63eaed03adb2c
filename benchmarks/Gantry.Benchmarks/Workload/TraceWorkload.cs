using Google.Protobuf;

namespace Gantry.Benchmarks.Workload;

/// <summary>Export requests of 480 spans, or as many as asked for, grouped by resource, as a gateway receives them from a batching collector.</summary>
internal sealed class TraceWorkload
{
    private const int UsualSpansPerRequest = 480;

    private readonly int _spansPerRequest;

    private TraceWorkload(string source, List<SpanRow> rows, int spansPerRequest)
    {
        _spansPerRequest = spansPerRequest;
        Source = source;
        Spans = rows.Count;
        Requests = [.. rows.Chunk(spansPerRequest).Select(Request)];
    }

    /// <summary>Where the spans come from, in words.</summary>
    public string Source { get; }

    public byte[][] Requests { get; }

    public int Spans { get; }

    /// <summary>In the request at this index: all are full but the last.</summary>
    public int SpansOf(int request) => Math.Min(_spansPerRequest, Spans - (request * _spansPerRequest));

    public long Bytes => Requests.Sum(request => (long)request.Length);

    /// <summary>The recordings in GANTRY_TRACES, or beside the repository; else generated ones.</summary>
    public static TraceWorkload Load(int spansPerRequest = UsualSpansPerRequest)
    {
        var named = Environment.GetEnvironmentVariable("GANTRY_TRACES");
        if (named is not null && !Directory.Exists(named))
        {
            throw new BenchmarkException($"GANTRY_TRACES: there is no folder \"{named}\"");
        }

        var folder = named ?? Path.Combine(Repository.Root, "..", "shared", "data", "traces");
        if (Directory.Exists(folder))
        {
            var rows = RecordedTraces.Read(folder);
            if (rows.Count > 0)
            {
                return new TraceWorkload("recorded Online Boutique traces", rows, spansPerRequest);
            }
        }

        return Generate(500, spansPerRequest);
    }

    public static TraceWorkload Generate(int traces, int spansPerRequest = UsualSpansPerRequest) => new("generated traces", GeneratedTraces.Make(traces), spansPerRequest);

    private static byte[] Request(SpanRow[] rows)
    {
        var request = new Theirs.ExportTraceServiceRequest();
        foreach (var group in rows.GroupBy(row => row.Pod, StringComparer.Ordinal))
        {
            var scope = new Theirs.ScopeSpans { Scope = new() { Name = "io.opentelemetry.grpc-1.6", Version = "2.9.0-alpha" } };
            scope.Spans.AddRange(group.Select(SpanDressing.Dress));
            request.ResourceSpans.Add(new Theirs.ResourceSpans { Resource = Resource(group.Key), ScopeSpans = { scope }, SchemaUrl = "https://opentelemetry.io/schemas/1.30.0" });
        }

        return request.ToByteArray();
    }

    private static Theirs.Resource Resource(string pod)
    {
        var service = pod.Split('-')[0];
        var resource = new Theirs.Resource();
        void Add(string key, object value) => SpanDressing.Add(resource.Attributes, key, value);
        Add("service.name", service);
        Add("service.namespace", "hipstershop");
        Add("service.version", "1.4.2");
        Add("service.instance.id", $"{pod}.hipstershop");
        Add("k8s.pod.name", pod);
        Add("k8s.namespace.name", "hipstershop");
        Add("host.name", pod);
        Add("process.pid", 1);
        Add("process.runtime.name", "OpenJDK Runtime Environment");
        Add("telemetry.sdk.name", "opentelemetry");
        Add("telemetry.sdk.language", "java");
        Add("telemetry.sdk.version", "1.45.0");
        return resource;
    }
}
