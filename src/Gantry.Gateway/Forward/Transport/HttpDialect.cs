using System.Net;
using System.Net.Http.Headers;
using Gantry.Protocol.Observations;

namespace Gantry.Gateway.Forward.Transport;

/// <summary>
/// OTLP/HTTP (https://opentelemetry.io/docs/specs/otlp/#otlphttp): 429, 502, 503 and 504 are worth a retry, all other failures are not.
/// Except those that say that we are set up wrong: the data is fine, and the client is right to keep it until we are.
/// </summary>
internal sealed class HttpDialect(Uri endpoint, TimeProvider time) : IOtlpDialect
{
    private static readonly MediaTypeHeaderValue Protobuf = new("application/x-protobuf");

    private readonly Uri[] _urls = [.. Enum.GetValues<Signal>().Prepend(default).Select(signal => UrlOf(endpoint, signal))];

    public bool IsGrpc => false;

    public HttpRequestMessage Request(Signal signal, ExportContent content, string? encoding)
    {
        content.Headers.ContentType = Protobuf;
        if (encoding is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        }

        return new HttpRequestMessage(HttpMethod.Post, _urls[(int)signal]) { Content = content };
    }

    public async ValueTask<ForwardResult> JudgeAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.IsSuccessStatusCode)
        {
            return response.Content.Headers.ContentLength is 0 || response.Content.Headers.ContentType?.MediaType != Protobuf.MediaType
                ? new ForwardResult(ForwardVerdict.Accepted)
                : PartialSuccess.Read((await Answer.ReadAsync(response.Content, cancellation)).Span);
        }

        var reason = $"the destination answered {(int)response.StatusCode}";
        return response.StatusCode switch
        {
            HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout =>
                ForwardResult.Unavailable(reason, RetryAfter(response)),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ForwardResult.Unavailable(reason, RetryAfter(response), ForwardCause.Credentials),
            HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.UnsupportedMediaType or (>= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest) =>
                ForwardResult.Unavailable($"{reason}; check the address and compression of the destination", RetryAfter(response)),
            HttpStatusCode.RequestEntityTooLarge => new ForwardResult(ForwardVerdict.Refused, reason, Cause: ForwardCause.TooLarge),
            _ => new ForwardResult(ForwardVerdict.Refused, reason),
        };
    }

    private static Uri UrlOf(Uri endpoint, Signal signal) => new($"{endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/')}/" + signal switch
    {
        Signal.Metrics => "v1/metrics",
        Signal.Logs => "v1/logs",
        Signal.Profiles => "v1development/profiles",
        _ => "v1/traces",
    });

    private TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter is { } header ? header.Delta ?? (header.Date - time.GetUtcNow()) : null;
}
