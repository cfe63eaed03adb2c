namespace Gantry.Gateway.Observe;

/// <summary>What the attributes of a request metric say: which operation, and whether it failed. Current names first, then those of before.</summary>
internal static class RequestPoint
{
    // What a server answers when the fault is its own (semantic conventions for gRPC): UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, DATA_LOSS.
    private static readonly string[] GrpcFaults = ["2", "4", "12", "13", "14", "15", "UNKNOWN", "DEADLINE_EXCEEDED", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS"];

    /// <summary>"GET /items/{id}", "shop.Cart/Add", "process orders".</summary>
    public static string OperationOf(IReadOnlyDictionary<string, string> attributes)
    {
        string First(params ReadOnlySpan<string> keys)
        {
            foreach (var key in keys)
            {
                if (attributes.TryGetValue(key, out var value))
                {
                    return value;
                }
            }

            return "";
        }

        var http = $"{First("http.request.method", "http.method")} {First("http.route")}".Trim();
        if (http.Length > 0)
        {
            return http;
        }

        var rpc = First("rpc.method");
        return rpc.Length > 0
            ? (First("rpc.service") is { Length: > 0 } service ? $"{service}/{rpc}" : rpc)
            : $"{First("messaging.operation.name", "messaging.operation")} {First("messaging.destination.name")}".Trim();
    }

    /// <summary>error.type is set on failed requests; older instrumentation has only a status code.</summary>
    public static bool IsError(IReadOnlyDictionary<string, string> attributes) =>
        attributes.ContainsKey("error.type")
        || (attributes.GetValueOrDefault("http.response.status_code") ?? attributes.GetValueOrDefault("http.status_code", "")).StartsWith('5')
        || GrpcFaults.Contains(attributes.GetValueOrDefault("rpc.response.status_code") ?? attributes.GetValueOrDefault("rpc.grpc.status_code", "0"));
}
