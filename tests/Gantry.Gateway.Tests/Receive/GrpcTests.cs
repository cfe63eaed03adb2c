using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Gantry.Testing.Otlp;
using Google.Protobuf;

namespace Gantry.Gateway.Tests.Receive;

/// <summary>gRPC by hand, frame by frame, so that it can also be done wrong. Real gRPC clients are in Sdk.</summary>
public class GrpcTests
{
    private const string Traces = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

    [Fact]
    public async Task A_message_is_counted_and_answered_with_status_0()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        var answer = await CallAsync(gateway, Traces, Frame(Spans.Request("shop", Spans.Span()).ToByteArray()));

        Assert.Equal("0", answer.Status);
        Assert.Equal([0, 0, 0, 0, 0], answer.Body);
        await gateway.CountedAsync(1);
    }

    [Fact]
    public async Task A_gzip_message_is_inflated()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest))
        {
            Spans.Request("shop", Spans.Span()).WriteTo(gzip);
        }

        var answer = await CallAsync(gateway, Traces, Frame(buffer.ToArray(), compressed: true), "gzip");

        Assert.Equal("0", answer.Status);
        await gateway.CountedAsync(1);
    }

    [Fact]
    public async Task Malformed_protobuf_is_INVALID_ARGUMENT()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        var answer = await CallAsync(gateway, Traces, Frame([0x0A, 0x7F]));

        Assert.Equal("3", answer.Status);
        Assert.Contains("resource_spans[0]", answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 0, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 9, 1 })]
    public async Task A_lying_frame_is_INVALID_ARGUMENT(byte[] frame)
    {
        await using var gateway = await GatewayFixture.StartAsync();

        Assert.Equal("3", (await CallAsync(gateway, Traces, frame)).Status);
    }

    [Fact]
    public async Task A_message_over_the_limit_is_RESOURCE_EXHAUSTED()
    {
        await using var gateway = await GatewayFixture.StartAsync(maxRequestBytes: 4096);

        Assert.Equal("8", (await CallAsync(gateway, Traces, Frame(new byte[8192]))).Status);
    }

    [Fact]
    public async Task An_unknown_encoding_or_method_is_UNIMPLEMENTED()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        Assert.Equal("12", (await CallAsync(gateway, Traces, Frame([1], compressed: true), "snappy")).Status);
        Assert.Equal("12", (await CallAsync(gateway, "/opentelemetry.proto.collector.trace.v1.TraceService/Nope", Frame([]))).Status);
    }

    [Fact]
    public async Task An_unavailable_destination_is_UNAVAILABLE_with_retry_info()
    {
        await using var gateway = await GatewayFixture.StartAsync(forward: true);
        gateway.Sink.Answer = static _ => 503;

        var answer = await CallAsync(gateway, Traces, Frame(Spans.Request("shop", Spans.Span()).ToByteArray()));

        Assert.Equal("14", answer.Status);
        var details = RpcStatus.Parser.ParseFrom(Convert.FromBase64String(answer.Details.PadRight((answer.Details.Length + 3) / 4 * 4, '=')));
        Assert.Equal("type.googleapis.com/google.rpc.RetryInfo", Assert.Single(details.Details).TypeUrl);
    }

    private static byte[] Frame(byte[] message, bool compressed = false)
    {
        var frame = new byte[5 + message.Length];
        frame[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    private static async Task<(string Status, string Message, string Details, byte[] Body)> CallAsync(
        GatewayFixture gateway, string path, byte[] frame, string? encoding = null)
    {
        using var client = new HttpClient { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Grpc, path))
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

        using var response = await client.SendAsync(request);
        var body = await response.Content.ReadAsByteArrayAsync();
        string Trailer(string name) => response.TrailingHeaders.TryGetValues(name, out var values) ? values.First() : "";
        return (Trailer("grpc-status"), Uri.UnescapeDataString(Trailer("grpc-message")), Trailer("grpc-status-details-bin"), body);
    }
}
