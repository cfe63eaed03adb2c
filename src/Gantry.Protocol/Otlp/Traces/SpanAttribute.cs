namespace Gantry.Protocol.Otlp.Traces;

/// <summary>The span attributes that are looked at: what statistics are kept by, then what names the other side of a call.</summary>
public enum SpanAttribute
{
    HttpRequestMethod,
    HttpRoute,
    HttpResponseStatusCode,
    RpcSystem,
    RpcService,
    RpcMethod,
    RpcResponseStatusCode,
    DbSystemName,
    DbNamespace,
    DbOperationName,
    DbCollectionName,
    MessagingSystem,
    MessagingOperationName,
    MessagingDestinationName,
    ErrorType,
    ServicePeerName,
    ServerAddress,
    ServerPort,

    /// <summary>Names the queue where a message goes to RabbitMQ's default exchange, which has no name.</summary>
    RabbitRoutingKey,
}

/// <summary>Names of <see cref="SpanAttribute"/>: those of the current semantic conventions, and the ones that came before and are still sent.</summary>
public static class SpanAttributes
{
    public const int Count = (int)SpanAttribute.RabbitRoutingKey + 1;

    /// <summary>Of what comes before this one, RED series are kept by.</summary>
    public const SpanAttribute FirstOfPeer = SpanAttribute.ServicePeerName;

    private static readonly (SpanAttribute Attribute, string Name, string[] Before)[] All =
    [
        (SpanAttribute.HttpRequestMethod, "http.request.method", ["http.method"]),
        (SpanAttribute.HttpRoute, "http.route", []),
        (SpanAttribute.HttpResponseStatusCode, "http.response.status_code", ["http.status_code"]),
        (SpanAttribute.RpcSystem, "rpc.system.name", ["rpc.system"]),
        (SpanAttribute.RpcService, "rpc.service", []),
        (SpanAttribute.RpcMethod, "rpc.method", []),
        (SpanAttribute.RpcResponseStatusCode, "rpc.response.status_code", ["rpc.grpc.status_code"]),
        (SpanAttribute.DbSystemName, "db.system.name", ["db.system"]),
        (SpanAttribute.DbNamespace, "db.namespace", ["db.name"]),
        (SpanAttribute.DbOperationName, "db.operation.name", ["db.operation"]),
        (SpanAttribute.DbCollectionName, "db.collection.name", ["db.sql.table"]),
        (SpanAttribute.MessagingSystem, "messaging.system", []),
        (SpanAttribute.MessagingOperationName, "messaging.operation.name", ["messaging.operation"]),
        (SpanAttribute.MessagingDestinationName, "messaging.destination.name", ["messaging.destination"]),
        (SpanAttribute.ErrorType, "error.type", []),
        (SpanAttribute.ServicePeerName, "service.peer.name", ["peer.service"]),
        (SpanAttribute.ServerAddress, "server.address", ["net.peer.name"]),
        (SpanAttribute.ServerPort, "server.port", ["net.peer.port"]),
        // The current name, messaging.rabbitmq.destination.routing_key, comes with a messaging.destination.name that says it all.
        (SpanAttribute.RabbitRoutingKey, "messaging.rabbitmq.routing_key", []),
    ];

    /// <summary>The current name.</summary>
    public static string NameOf(SpanAttribute attribute) => All[(int)attribute].Name;

    /// <summary>Every name that is recognised, and whether it is one of before: then the current one goes first when a span has both.</summary>
    internal static IEnumerable<(string Name, SpanAttribute Attribute, bool IsOld)> Names =>
        All.SelectMany(item => item.Before.Select(name => (name, item.Attribute, true)).Prepend((item.Name, item.Attribute, false)));
}
