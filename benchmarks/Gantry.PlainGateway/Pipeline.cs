using System.Buffers;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace Gantry.PlainGateway;

/// <summary>Parse, count every span, keep a share of them, pass those on, and say yes when the destination did.</summary>
internal sealed class Pipeline(RedCounter red, Sampler sampler, Uri destination)
{
    public const int MaxRequestBytes = 64 * 1024 * 1024;

    private static readonly MediaTypeHeaderValue Protobuf = new("application/x-protobuf");

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false, UseProxy = false, AllowAutoRedirect = false });
    private readonly Uri _traces = new(destination, "v1/traces");

    public async Task<bool> ExportAsync(ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        var request = ExportTraceServiceRequest.Parser.ParseFrom(body.Span);
        var counted = red.Resolve(request);
        sampler.Keep(request);
        if (request.ResourceSpans.Count > 0 && !await ForwardAsync(request, cancellation))
        {
            return false;
        }

        red.Count(counted);
        return true;
    }

    private async Task<bool> ForwardAsync(ExportTraceServiceRequest request, CancellationToken cancellation)
    {
        var size = request.CalculateSize();
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            request.WriteTo(buffer.AsSpan(0, size));
            using var content = new ReadOnlyMemoryContent(buffer.AsMemory(0, size));
            content.Headers.ContentType = Protobuf;
            using var message = new HttpRequestMessage(HttpMethod.Post, _traces) { Content = content };
            using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return response.IsSuccessStatusCode;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
