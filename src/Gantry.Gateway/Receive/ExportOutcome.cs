namespace Gantry.Gateway.Receive;

/// <summary>gRPC status codes that OTLP uses; HTTP's are derived from them.</summary>
internal enum RpcCode
{
    Ok = 0,
    InvalidArgument = 3,
    ResourceExhausted = 8,
    Unimplemented = 12,
    Unavailable = 14,
    Unauthenticated = 16,
}

/// <summary>What becomes of an export request, whatever door it came through.</summary>
/// <param name="Rejected">Items refused while the rest was accepted: a partial success.</param>
/// <param name="RetryAfter">With <see cref="RpcCode.Unavailable"/>.</param>
internal readonly record struct ExportOutcome(RpcCode Code, string Message = "", long Rejected = 0, TimeSpan? RetryAfter = null)
{
    public static ExportOutcome Malformed(string why) => new(RpcCode.InvalidArgument, why);

    public static ExportOutcome TooLarge(int limit) =>
        new(RpcCode.ResourceExhausted, $"the request is larger than {limit} bytes after decompression, or as protobuf; send smaller batches");

    /// <param name="delay">Another one for every client; see <see cref="ReturnTimes"/>.</param>
    public static ExportOutcome Overloaded(TimeSpan delay) => new(RpcCode.Unavailable, "the gateway holds as many requests as it may", RetryAfter: delay);
}
