using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using Gantry.Testing.Otlp;

namespace Gantry.Gateway.Tests.Receive;

/// <summary>A unary gRPC call by hand.</summary>
internal static class GrpcCall
{
    public const string Traces = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

    public static byte[] Frame(byte[] message, bool compressed = false)
    {
        var frame = new byte[5 + message.Length];
        frame[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    /// <param name="handler">For TLS; null: a plain one.</param>
    public static async Task<GrpcAnswer> SendAsync(
        Uri address, string path, byte[] frame, string? encoding = null, string? authorization = null, HttpMessageHandler? handler = null)
    {
        using var client = new HttpClient(handler ?? new SocketsHttpHandler(), disposeHandler: handler is null);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(frame),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.ParseAdd("trailers");
        if (encoding is not null)
        {
            request.Headers.Add("grpc-encoding", encoding);
        }

        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("authorization", authorization);
        }

        using var response = await client.SendAsync(request);
        var body = await response.Content.ReadAsByteArrayAsync();
        string Trailer(string name) => response.TrailingHeaders.TryGetValues(name, out var values) ? values.First() : "";
        return new GrpcAnswer(
            Trailer("grpc-status"), Uri.UnescapeDataString(Trailer("grpc-message")), Trailer("grpc-status-details-bin"), body,
            string.Join(',', response.Headers.GetValues("grpc-accept-encoding")));
    }
}

internal sealed record GrpcAnswer(string Status, string Message, string Details, byte[] Body, string AcceptEncoding)
{
    /// <summary>Of the RetryInfo, if there is one: RetryInfo {retry_delay = 1 {seconds = 1, nanos = 2}}.</summary>
    public TimeSpan? RetryDelay
    {
        get
        {
            if (Details.Length == 0)
            {
                return null;
            }

            var status = RpcStatus.Parser.ParseFrom(Convert.FromBase64String(Details.PadRight((Details.Length + 3) / 4 * 4, '=')));
            var info = Assert.Single(status.Details);
            Assert.Equal("type.googleapis.com/google.rpc.RetryInfo", info.TypeUrl);
            return Google.Protobuf.WellKnownTypes.Duration.Parser.ParseFrom(info.Value.ToByteArray().AsSpan(2).ToArray()).ToTimeSpan();
        }
    }
}
