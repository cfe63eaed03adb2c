using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace Gantry.Benchmarks.Load;

/// <summary>OTLP/gRPC over one HTTP/2 connection.</summary>
internal sealed class GrpcExportClient : IExportClient
{
    private const string Method = "opentelemetry.proto.collector.trace.v1.TraceService/Export";

    private const string RetryInfo = "type.googleapis.com/google.rpc.RetryInfo";

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false, UseProxy = false, EnableMultipleHttp2Connections = false, ActivityHeadersPropagator = null });
    private readonly Uri _url;
    private readonly bool _gzip;

    public GrpcExportClient(Uri server, bool gzip)
    {
        _url = new Uri(server, Method);
        _gzip = gzip;
    }

    public async Task<ExportAnswer> SendAsync(Payload payload, CancellationToken cancellation)
    {
        using var content = new ReadOnlyMemoryContent(payload.Body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        using var request = new HttpRequestMessage(HttpMethod.Post, _url) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = content };
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        if (_gzip)
        {
            request.Headers.Add("grpc-encoding", "gzip");
        }

        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            var body = await response.Content.ReadAsByteArrayAsync(cancellation);
            return Judge(response, body);
        }
        catch (HttpRequestException exception)
        {
            return ExportAnswer.Failed($"the call broke: {exception.Message}");
        }
    }

    public void Dispose() => _http.Dispose();

    private static ExportAnswer Judge(HttpResponseMessage response, byte[] body)
    {
        // A refusal has no message, so its status may stand where headers stand ("trailers-only").
        var status = Value(response, "grpc-status");
        return status switch
        {
            // A prefix and an empty ExportTraceServiceResponse.
            "0" when body.Length == 5 => new ExportAnswer(Verdict.Accepted),
            "0" => ExportAnswer.Failed("partial success"),
            "8" or "14" => new ExportAnswer(Verdict.Refused, Delay(Value(response, "grpc-status-details-bin"))),
            _ => ExportAnswer.Failed($"HTTP status {(int)response.StatusCode}, grpc-status \"{status}\" {Value(response, "grpc-message")}"),
        };
    }

    private static string? Value(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out var values) || response.Headers.TryGetValues(name, out values) ? values.First() : null;

    private static TimeSpan? Delay(string? details)
    {
        if (details is null)
        {
            return null;
        }

        var status = Theirs.RpcStatus.Parser.ParseFrom(Convert.FromBase64String(details.PadRight((details.Length + 3) / 4 * 4, '=')));
        var retry = status.Details.FirstOrDefault(item => item.TypeUrl == RetryInfo);
        return retry is null ? null : Duration(retry.Value);
    }

    /// <summary>RetryInfo {retry_delay = 1 {seconds = 1, nanos = 2}}.</summary>
    private static TimeSpan? Duration(ByteString retry)
    {
        var input = retry.CreateCodedInput();
        if (input.ReadTag() != WireFormat.MakeTag(1, WireFormat.WireType.LengthDelimited))
        {
            return null;
        }

        var duration = Google.Protobuf.WellKnownTypes.Duration.Parser.ParseFrom(input.ReadBytes());
        return duration.ToTimeSpan();
    }
}
