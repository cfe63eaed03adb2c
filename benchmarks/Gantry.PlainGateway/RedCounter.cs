namespace Gantry.PlainGateway;

/// <summary>Rate, errors and duration by service, operation, kind, status and the attributes that dashboards group by; one dictionary, one lock.</summary>
internal sealed class RedCounter
{
    private static readonly ulong[] BoundsNano =
    [
        5_000_000, 10_000_000, 25_000_000, 50_000_000, 75_000_000, 100_000_000, 250_000_000, 500_000_000, 750_000_000,
        1_000_000_000, 2_500_000_000, 5_000_000_000, 7_500_000_000, 10_000_000_000,
    ];

    private readonly Dictionary<Key, Series> _series = [];
    private readonly Lock _lock = new();

    /// <summary>What each span will count, once the request is accepted.</summary>
    public List<(Key Key, ulong DurationNano)> Resolve(ExportTraceServiceRequest request)
    {
        var counted = new List<(Key, ulong)>(512);
        foreach (var resource in request.ResourceSpans)
        {
            var (service, space, environment) = ServiceOf(resource.Resource);
            foreach (var scope in resource.ScopeSpans)
            {
                foreach (var span in scope.Spans)
                {
                    var duration = span.EndTimeUnixNano > span.StartTimeUnixNano ? span.EndTimeUnixNano - span.StartTimeUnixNano : 0;
                    counted.Add((KeyOf(service, space, environment, span), duration));
                }
            }
        }

        return counted;
    }

    public void Count(List<(Key Key, ulong DurationNano)> counted)
    {
        lock (_lock)
        {
            foreach (var (key, duration) in counted)
            {
                if (!_series.TryGetValue(key, out var series))
                {
                    _series.Add(key, series = new Series());
                }

                series.Calls++;
                series.DurationNano += duration;
                var bucket = Array.BinarySearch(BoundsNano, duration);
                series.Buckets[bucket < 0 ? ~bucket : bucket]++;
            }
        }
    }

    public List<SeriesSnapshot> Snapshot()
    {
        lock (_lock)
        {
            return [.. _series.Select(item => new SeriesSnapshot(
                item.Key.Service, item.Key.Operation, item.Key.Kind, item.Key.Status, item.Value.Calls, item.Value.DurationNano, [.. item.Value.Buckets]))];
        }
    }

    private static (string Service, string Namespace, string Environment) ServiceOf(Resource? resource)
    {
        var (service, space, environment) = ("unknown_service", "", "");
        foreach (var attribute in resource?.Attributes ?? [])
        {
            switch (attribute.Key)
            {
                case "service.name":
                    service = attribute.Value.StringValue;
                    break;
                case "service.namespace":
                    space = attribute.Value.StringValue;
                    break;
                case "deployment.environment.name":
                    environment = attribute.Value.StringValue;
                    break;
            }
        }

        return (service, space, environment);
    }

    private static Key KeyOf(string service, string space, string environment, Span span)
    {
        var key = new Key(service, space, environment, span.Name, span.Kind, span.Status?.Code ?? 0);
        foreach (var attribute in span.Attributes)
        {
            switch (attribute.Key)
            {
                case "http.request.method":
                    key.HttpMethod = attribute.Value.StringValue;
                    break;
                case "http.route":
                    key.HttpRoute = attribute.Value.StringValue;
                    break;
                case "http.response.status_code":
                    key.HttpStatus = attribute.Value.IntValue;
                    break;
                case "rpc.system":
                    key.RpcSystem = attribute.Value.StringValue;
                    break;
                case "rpc.service":
                    key.RpcService = attribute.Value.StringValue;
                    break;
                case "rpc.method":
                    key.RpcMethod = attribute.Value.StringValue;
                    break;
                case "db.system.name":
                    key.DbSystem = attribute.Value.StringValue;
                    break;
                case "db.operation.name":
                    key.DbOperation = attribute.Value.StringValue;
                    break;
                case "messaging.system":
                    key.MessagingSystem = attribute.Value.StringValue;
                    break;
                case "messaging.operation.type":
                    key.MessagingOperation = attribute.Value.StringValue;
                    break;
            }
        }

        return key;
    }

    internal record struct Key(string Service, string Namespace, string Environment, string Operation, int Kind, int Status)
    {
        public string? HttpMethod { get; set; }

        public string? HttpRoute { get; set; }

        public long HttpStatus { get; set; }

        public string? RpcSystem { get; set; }

        public string? RpcService { get; set; }

        public string? RpcMethod { get; set; }

        public string? DbSystem { get; set; }

        public string? DbOperation { get; set; }

        public string? MessagingSystem { get; set; }

        public string? MessagingOperation { get; set; }
    }

    private sealed class Series
    {
        public ulong Calls { get; set; }

        public ulong DurationNano { get; set; }

        public ulong[] Buckets { get; } = new ulong[BoundsNano.Length + 1];
    }
}

internal sealed record SeriesSnapshot(string Service, string Operation, int Kind, int Status, ulong Calls, ulong DurationNano, ulong[] Buckets);
