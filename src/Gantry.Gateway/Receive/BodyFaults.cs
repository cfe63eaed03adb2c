using Gantry.Gateway.Receive.Body;

namespace Gantry.Gateway.Receive;

/// <summary>What a client is told of its body.</summary>
internal static class BodyFaults
{
    /// <param name="header">Where the compression was said: "Content-Encoding" or "grpc-encoding".</param>
    public static ExportOutcome Describe(BodyFault fault, int limit, string header, ContentCoding coding, ReturnTimes returns) => fault switch
    {
        BodyFault.TooLarge => ExportOutcome.TooLarge(limit),
        BodyFault.Overloaded => ExportOutcome.Overloaded(returns.Next()),
        BodyFault.TooSlow => ExportOutcome.Malformed("the body came too slowly; send smaller batches"),
        BodyFault.BadCompression => ExportOutcome.Malformed(
            $"{header} says {Name(coding)}, but the body is not a complete {Name(coding)} stream{(coding == ContentCoding.Zstd ? " with a window of at most 8 MiB" : "")}"),
        _ => ExportOutcome.Malformed("the request broke off or is no valid HTTP"),
    };

    private static string Name(ContentCoding coding) => coding switch
    {
        ContentCoding.Gzip => "gzip",
        ContentCoding.Deflate => "deflate",
        _ => "zstd",
    };
}
