using System.Globalization;
using Gantry.Testing.Otlp;
using Google.Protobuf;

namespace Gantry.Hub.Tests.Quality;

/// <summary>Requests made with the official library, so that what the gateway reads was not written by us.</summary>
internal static class Otlp
{
    /// <param name="attributes">"service.name=shop;k8s.pod.uid=1".</param>
    public static Resource Resource(string attributes)
    {
        var resource = new Resource();
        resource.Attributes.AddRange(Pairs(attributes));
        return resource;
    }

    public static IEnumerable<KeyValue> Pairs(string attributes) => attributes.Split(';', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2)).Select(pair => new KeyValue { Key = pair[0], Value = new AnyValue { StringValue = pair[1] } });

    public static byte[] Spans(string resource, string attributes = "http.request.method=GET")
    {
        var span = new Span
        {
            TraceId = ByteString.CopyFrom(Guid.NewGuid().ToByteArray()),
            SpanId = ByteString.CopyFrom(1, 2, 3, 4, 5, 6, 7, 8),
            Name = "GET /",
            Kind = 2,
            StartTimeUnixNano = 1_000_000_000,
            EndTimeUnixNano = 2_000_000_000,
        };
        span.Attributes.AddRange(Pairs(attributes));
        var block = new ResourceSpans { Resource = Resource(resource) };
        block.ScopeSpans.Add(new ScopeSpans { Scope = new InstrumentationScope { Name = "test" }, Spans = { span } });
        return new ExportTraceServiceRequest { ResourceSpans = { block } }.ToByteArray();
    }

    public static byte[] Metrics(string resource, params ReadOnlySpan<Metric> metrics)
    {
        var scope = new ScopeMetrics { Scope = new InstrumentationScope { Name = "test" } };
        foreach (var metric in metrics)
        {
            scope.Metrics.Add(metric);
        }

        return new ExportMetricsServiceRequest { ResourceMetrics = { new ResourceMetrics { Resource = Resource(resource), ScopeMetrics = { scope } } } }.ToByteArray();
    }

    public static Metric Gauge(string name, string unit, params ReadOnlySpan<string> points)
    {
        var gauge = new Gauge();
        foreach (var attributes in points)
        {
            var point = new NumberDataPoint { AsInt = 1 };
            point.Attributes.AddRange(Pairs(attributes));
            gauge.DataPoints.Add(point);
        }

        return new Metric { Name = name, Unit = unit, Gauge = gauge };
    }

    /// <summary>A point for each number, with it as value of the attribute.</summary>
    public static Metric Values(string name, string key, int from, int count) =>
        Gauge(name, "1", [.. Enumerable.Range(from, count).Select(i => $"{key}={i.ToString(CultureInfo.InvariantCulture)}")]);

    public static Metric Histogram(string name, params double[] bounds)
    {
        var point = new HistogramDataPoint { Count = 1, Sum = 1 };
        point.ExplicitBounds.AddRange(bounds);
        point.BucketCounts.AddRange(Enumerable.Repeat(1UL, bounds.Length + 1));
        return new Metric { Name = name, Unit = "s", Histogram = new Histogram { DataPoints = { point }, AggregationTemporality = 2 } };
    }

    public static byte[] Logs(string resource, int severity, string text = "", string attributes = "")
    {
        var record = new LogRecord { SeverityNumber = severity, SeverityText = text };
        record.Attributes.AddRange(Pairs(attributes));
        var scope = new ScopeLogs { Scope = new InstrumentationScope { Name = "test" }, LogRecords = { record } };
        return new ExportLogsServiceRequest { ResourceLogs = { new ResourceLogs { Resource = Resource(resource), ScopeLogs = { scope } } } }.ToByteArray();
    }
}
