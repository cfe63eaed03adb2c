using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Gantry.Protocol.Observations;

namespace Gantry.Gateway.Forward.Transport;

/// <summary>
/// OTLP/gRPC over HTTP/2, unary, by hand (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md): the status is in the trailers, or in
/// the headers when there is nothing else to say.
/// </summary>
internal sealed class GrpcDialect(Uri endpoint, TimeSpan timeout) : IOtlpDialect
{
    private const string Status = "grpc-status";
    private const string Details = "grpc-status-details-bin";
    private static readonly MediaTypeHeaderValue Grpc = new("application/grpc");

    private readonly Uri[] _urls = [.. Enum.GetValues<Signal>().Prepend(default).Select(signal => UrlOf(endpoint, signal))];
    private readonly string _timeout = string.Create(CultureInfo.InvariantCulture, $"{(long)timeout.TotalMilliseconds}m");

    public bool IsGrpc => true;

    public HttpRequestMessage Request(Signal signal, ExportContent content, string? encoding)
    {
        content.Headers.ContentType = Grpc;
        var request = new HttpRequestMessage(HttpMethod.Post, _urls[(int)signal])
        {
            Content = content,
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.TryAddWithoutValidation("TE", "trailers");
        request.Headers.TryAddWithoutValidation("grpc-timeout", _timeout);
        if (encoding is not null)
        {
            request.Headers.TryAddWithoutValidation("grpc-encoding", encoding);
        }

        return request;
    }

    public async ValueTask<ForwardResult> JudgeAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            return GrpcStatus.Judge(GrpcStatus.OfHttp(response.StatusCode), $"the destination answered HTTP {(int)response.StatusCode} to gRPC", retryAfter: null);
        }

        if (response.Content.Headers.ContentType?.MediaType?.StartsWith("application/grpc", StringComparison.Ordinal) != true)
        {
            return ForwardResult.Unavailable("the destination does not speak gRPC at this address; check the address of the destination");
        }

        // First the body: trailers are there when it has ended.
        var body = await Answer.ReadAsync(response.Content, cancellation);
        var headers = response.Headers.Contains(Status) ? response.Headers : response.TrailingHeaders;
        if (!int.TryParse(One(headers, Status), NumberStyles.None, CultureInfo.InvariantCulture, out var code))
        {
            return ForwardResult.Unavailable("the destination's answer has no grpc-status", cause: ForwardCause.NoAnswer);
        }

        if (code != GrpcStatus.Ok)
        {
            return GrpcStatus.Judge(code, $"the destination answered {GrpcStatus.NameOf(code)}", RetryInfo.Read(One(headers, Details)));
        }

        // One message, not compressed: we say of no encoding that we accept it.
        return body.Length > ExportContent.GrpcPrefixLength && body.Span[0] == 0
            ? PartialSuccess.Read(body.Span[ExportContent.GrpcPrefixLength..])
            : new ForwardResult(ForwardVerdict.Accepted);
    }

    private static string? One(HttpResponseHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.First() : null;

    private static Uri UrlOf(Uri endpoint, Signal signal) => new($"{endpoint.GetLeftPart(UriPartial.Authority)}/opentelemetry.proto.collector." + signal switch
    {
        Signal.Metrics => "metrics.v1.MetricsService",
        Signal.Logs => "logs.v1.LogsService",
        Signal.Profiles => "profiles.v1development.ProfilesService",
        _ => "trace.v1.TraceService",
    } + "/Export");
}
