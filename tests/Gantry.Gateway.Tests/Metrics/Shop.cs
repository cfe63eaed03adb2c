using Gantry.Testing.Otlp;

namespace Gantry.Gateway.Tests.Metrics;

/// <summary>Spans as services send them, from a seed.</summary>
internal static class Shop
{
    private static readonly string[] Services = ["shop", "cart", "payment"];

    /// <param name="count">Of spans.</param>
    public static List<(string Service, Span Span)> Spans(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (Services[random.Next(Services.Length)], Make(random)))];
    }

    public static ExportTraceServiceRequest[] Requests(IEnumerable<(string Service, Span Span)> spans) =>
        [.. spans.GroupBy(item => item.Service).Select(group => Request(group.Key, [.. group.Select(item => item.Span)]))];

    public static ExportTraceServiceRequest Request(string service, params Span[] spans)
    {
        var request = Tests.Spans.Request(service, spans);
        request.ResourceSpans[0].Resource = Tests.Spans.Resource(
            ("service.name", service), ("service.namespace", "store"), ("deployment.environment.name", "test"));
        return request;
    }

    public static Span With(this Span span, string key, string value)
    {
        span.Attributes.Add(new KeyValue { Key = key, Value = new AnyValue { StringValue = value } });
        return span;
    }

    public static string? Find(this Span span, string key) => span.Attributes.FirstOrDefault(pair => pair.Key == key)?.Value switch
    {
        { ValueCase: AnyValue.ValueOneofCase.IntValue } number => number.IntValue.ToString(System.Globalization.CultureInfo.InvariantCulture),
        { } value => value.StringValue,
        null => null,
    };

    public static ulong Duration(this Span span) => span.EndTimeUnixNano - span.StartTimeUnixNano;

    private static Span Make(Random random)
    {
        // From microseconds to beyond the last bucket, alike at each size.
        var milliseconds = Math.Pow(10, (random.NextDouble() * 7.5) - 3);
        var failed = random.Next(10) == 0;
        switch (random.Next(4))
        {
            case 0:
                var query = Tests.Spans.Span("SELECT shop.orders", kind: 3, failed ? 2 : 0, milliseconds)
                    .With("db.system.name", "mysql").With("db.namespace", "orders").With("db.operation.name", "SELECT").With("server.address", $"db{random.Next(3)}.example");
                return query;
            case 1:
                return Tests.Spans.Span("send orders", kind: 4, failed ? 2 : 0, milliseconds).With("messaging.system", "kafka").With("messaging.destination.name", "orders");
            case 2:
                return Tests.Spans.Span("GetCart", kind: 3, failed ? 2 : 0, milliseconds).With("rpc.system.name", "grpc").With("service.peer.name", "cart");
            default:
                var route = random.Next(2) == 0 ? "/cart" : "/orders";
                var span = Tests.Spans.Span($"GET {route}", kind: 2, failed ? 2 : 0, milliseconds).With("http.request.method", "GET").With("http.route", route);
                span.Attributes.Add(new KeyValue { Key = "http.response.status_code", Value = new AnyValue { IntValue = failed ? 500 : 200 } });
                return failed ? span.With("error.type", "500") : span;
        }
    }
}
