using System.Security.Cryptography;
using Gantry.Testing.Otlp;
using Google.Protobuf;

namespace Gantry.Gateway.Tests;

/// <summary>Requests made with the official library, so that what the gateway reads was not written by us.</summary>
internal static class Spans
{
    public static ExportTraceServiceRequest Request(string service, params ReadOnlySpan<Span> spans)
    {
        var block = new ResourceSpans { Resource = Resource(("service.name", service)) };
        var scope = new ScopeSpans { Scope = new InstrumentationScope { Name = "test" } };
        foreach (var span in spans)
        {
            scope.Spans.Add(span);
        }

        block.ScopeSpans.Add(scope);
        return new ExportTraceServiceRequest { ResourceSpans = { block } };
    }

    public static Resource Resource(params (string Key, string Value)[] attributes)
    {
        var resource = new Resource();
        resource.Attributes.AddRange(attributes.Select(pair => new KeyValue { Key = pair.Key, Value = new AnyValue { StringValue = pair.Value } }));
        return resource;
    }

    public static Span Span(string name = "GET /", int kind = 2, int status = 0, double milliseconds = 3, byte[]? trace = null, byte[]? parent = null) => new()
    {
        TraceId = ByteString.CopyFrom(trace ?? RandomNumberGenerator.GetBytes(16)),
        SpanId = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(8)),
        ParentSpanId = ByteString.CopyFrom(parent ?? []),
        Name = name,
        Kind = kind,
        StartTimeUnixNano = 1_000_000_000,
        EndTimeUnixNano = 1_000_000_000 + (ulong)(milliseconds * 1e6),
        Status = new Status { Code = status },
    };
}
