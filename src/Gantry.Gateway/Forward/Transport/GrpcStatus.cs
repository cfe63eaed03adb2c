using System.Net;

namespace Gantry.Gateway.Forward.Transport;

/// <summary>
/// Codes of gRPC (https://grpc.github.io/grpc/core/md_doc_statuscodes.html), and which of them the OTLP specification has a client try again
/// (https://opentelemetry.io/docs/specs/otlp/#failures).
/// </summary>
internal static class GrpcStatus
{
    public const int Ok = 0;
    private const int Unknown = 2;
    private const int PermissionDenied = 7;
    private const int ResourceExhausted = 8;
    private const int Unimplemented = 12;
    private const int Internal = 13;
    private const int Unavailable = 14;
    private const int Unauthenticated = 16;

    private static readonly string[] Names =
    [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
    ];

    public static string NameOf(int code) => code < Names.Length ? Names[code] : $"gRPC status {code}";

    /// <summary>Of an answer without grpc-status: https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md .</summary>
    public static int OfHttp(HttpStatusCode code) => code switch
    {
        HttpStatusCode.BadRequest => Internal,
        HttpStatusCode.Unauthorized => Unauthenticated,
        HttpStatusCode.Forbidden => PermissionDenied,
        HttpStatusCode.NotFound => Unimplemented,
        HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => Unavailable,
        _ => Unknown,
    };

    public static ForwardResult Judge(int code, string reason, TimeSpan? retryAfter) => code switch
    {
        // CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS.
        1 or 4 or 10 or 11 or 14 or 15 => ForwardResult.Unavailable(reason, retryAfter),
        ResourceExhausted when retryAfter is not null => ForwardResult.Unavailable(reason, retryAfter),
        ResourceExhausted => new ForwardResult(ForwardVerdict.Refused, reason, Cause: ForwardCause.TooLarge),
        // About us, not about the data, as 401, 403 and 404 are over HTTP.
        PermissionDenied or Unauthenticated => ForwardResult.Unavailable(reason, retryAfter, ForwardCause.Credentials),
        Unimplemented => ForwardResult.Unavailable($"{reason}; check the address and compression of the destination", retryAfter),
        _ => new ForwardResult(ForwardVerdict.Refused, reason),
    };
}
