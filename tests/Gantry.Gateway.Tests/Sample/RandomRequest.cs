using Gantry.Testing.Otlp;
using Google.Protobuf;

namespace Gantry.Gateway.Tests.Sample;

/// <summary>Requests of all shapes that OTLP allows: many blocks, empty ones, events, links, fields that nobody knows, tracestates of every kind.</summary>
internal static class RandomRequest
{
    private static readonly string[] TraceStates = ["", "", "", "a=1", "ot=th:8", "ot=th:c;rv:ffffffffffffff", "ot=rv:80000000000000", "b=2, ot=th:0,c=3", "ot=x:y", "ot=th:fffffffffffff1"];

    public static ExportTraceServiceRequest Make(Random random, int spans = 12)
    {
        var request = new ExportTraceServiceRequest();
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var block = new ResourceSpans { Resource = Spans.Resource(("service.name", $"service-{random.Next(3)}")) };
            block.SchemaUrl = random.Next(2) == 0 ? "https://opentelemetry.io/schemas/1.30.0" : "";
            for (var j = random.Next(0, 4); j > 0; j--)
            {
                var scope = new ScopeSpans { SchemaUrl = random.Next(2) == 0 ? "x" : "" };
                scope.Scope = random.Next(3) == 0 ? null : new InstrumentationScope { Name = $"scope {j}", Version = "1" };
                scope.Spans.AddRange(Enumerable.Range(0, random.Next(0, spans)).Select(_ => Span(random)));
                block.ScopeSpans.Add(scope);
            }

            request.ResourceSpans.Add(WithUnknown(block, ResourceSpans.Parser, random));
        }

        return request;
    }

    private static Span Span(Random random)
    {
        var trace = new byte[16];
        var id = new byte[8];
        random.NextBytes(trace);
        random.NextBytes(id);
        var span = new Span
        {
            TraceId = ByteString.CopyFrom(trace),
            SpanId = ByteString.CopyFrom(id),
            Name = $"op {random.Next(5)}",
            Kind = random.Next(6),
            StartTimeUnixNano = 1000,
            EndTimeUnixNano = (ulong)random.Next(900, 1_000_000_000),
            TraceState = TraceStates[random.Next(TraceStates.Length)],
            Flags = (uint)random.Next(1024),
        };
        span.Attributes.AddRange(Enumerable.Range(0, random.Next(20)).Select(_ => Attribute(random)));
        if (random.Next(3) == 0)
        {
            span.Status = new Status { Code = random.Next(3), Message = random.Next(2) == 0 ? "" : "why" };
        }

        if (random.Next(4) == 0)
        {
            span.Events.Add(new Span.Types.Event { Name = "exception", TimeUnixNano = 5, Attributes = { Attribute(random) } });
            span.Links.Add(new Span.Types.Link { TraceId = span.TraceId, SpanId = span.SpanId, TraceState = "x=y", Attributes = { Attribute(random) } });
        }

        return WithUnknown(span, Gantry.Testing.Otlp.Span.Parser, random);
    }

    private static KeyValue Attribute(Random random)
    {
        string[] keys = ["http.route", "http.response.status_code", "http.method", "thread.id", "é", "server.address", "db.name", new string('k', random.Next(200))];
        return new KeyValue
        {
            Key = keys[random.Next(keys.Length)],
            Value = random.Next(7) switch
            {
                0 => new AnyValue { IntValue = random.NextInt64() >> random.Next(64) },
                1 => new AnyValue { BoolValue = random.Next(2) == 0 },
                2 => new AnyValue { DoubleValue = -random.NextDouble() },
                3 => new AnyValue { ArrayValue = new ArrayValue { Values = { new AnyValue { StringValue = "é" }, new AnyValue { IntValue = -1 } } } },
                4 => new AnyValue { StringValue = new string('ü', random.Next(100)) },
                5 => new AnyValue(),
                _ => new AnyValue { StringValue = new string('v', random.Next(300)) },
            },
        };
    }

    /// <summary>Fields of a later version: they must arrive as they came.</summary>
    private static T WithUnknown<T>(T message, MessageParser<T> parser, Random random)
        where T : IMessage<T> =>
        random.Next(4) > 0 ? message : parser.ParseFrom([.. message.ToByteArray(), 0xFA, 0x3F, 3, 1, 2, 3]);
}
