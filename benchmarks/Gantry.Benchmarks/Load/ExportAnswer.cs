namespace Gantry.Benchmarks.Load;

internal enum Verdict
{
    Accepted,

    /// <summary>Not now: HTTP 429 or 503, gRPC UNAVAILABLE or RESOURCE_EXHAUSTED.</summary>
    Refused,

    /// <summary>Anything else: another status, a partial success, a connection that broke.</summary>
    Failed,
}

/// <param name="RetryAfter">With <see cref="Verdict.Refused"/>: when the client was told to come again; null when it was not told.</param>
/// <param name="Why">With <see cref="Verdict.Failed"/>, for people.</param>
internal readonly record struct ExportAnswer(Verdict Verdict, TimeSpan? RetryAfter = null, string Why = "")
{
    public static ExportAnswer Failed(string why) => new(Verdict.Failed, Why: why);
}

/// <summary>One exporter with one connection of its own; one request at a time.</summary>
internal interface IExportClient : IDisposable
{
    Task<ExportAnswer> SendAsync(Payload payload, CancellationToken cancellation);
}

internal static class ExportClients
{
    public static IExportClient Create(Transport transport, Uri http, Uri grpc) => transport.IsGrpc()
        ? new GrpcExportClient(grpc, transport.IsGzip())
        : new HttpExportClient(http, transport.IsGzip());
}
