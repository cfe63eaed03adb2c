namespace Gantry.Benchmarks.Load;

/// <summary>The ways in which requests are offered: OTLP/HTTP over HTTP/1.1 and OTLP/gRPC over HTTP/2, each plain and compressed beforehand.</summary>
internal enum Transport
{
    Http,
    HttpGzip,
    Grpc,
    GrpcGzip,
}

internal static class Transports
{
    public static readonly IReadOnlyList<Transport> All = [Transport.Http, Transport.HttpGzip, Transport.Grpc, Transport.GrpcGzip];

    public static bool IsGrpc(this Transport transport) => transport is Transport.Grpc or Transport.GrpcGzip;

    public static bool IsGzip(this Transport transport) => transport is Transport.HttpGzip or Transport.GrpcGzip;

    public static string Name(this Transport transport) => transport switch
    {
        Transport.Http => "http",
        Transport.HttpGzip => "http_gzip",
        Transport.Grpc => "grpc",
        _ => "grpc_gzip",
    };
}
