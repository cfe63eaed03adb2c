using System.IO.Compression;
using Google.Protobuf;

namespace Gantry.Gateway.Tests.Receive;

/// <summary>gRPC by hand, frame by frame, so that it can also be done wrong. Real gRPC clients are in Sdk.</summary>
public class GrpcTests
{
    private const string Traces = GrpcCall.Traces;

    [Fact]
    public async Task A_message_is_counted_and_answered_with_status_0()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        var answer = await GrpcCall.SendAsync(gateway.Grpc, Traces, GrpcCall.Frame(Spans.Request("shop", Spans.Span()).ToByteArray()));

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

        var answer = await GrpcCall.SendAsync(gateway.Grpc, Traces, GrpcCall.Frame(buffer.ToArray(), compressed: true), "gzip");

        Assert.Equal("0", answer.Status);
        await gateway.CountedAsync(1);
    }

    [Fact]
    public async Task Malformed_protobuf_is_INVALID_ARGUMENT()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        var answer = await GrpcCall.SendAsync(gateway.Grpc, Traces, GrpcCall.Frame([0x0A, 0x7F]));

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

        Assert.Equal("3", (await GrpcCall.SendAsync(gateway.Grpc, Traces, frame)).Status);
    }

    [Fact]
    public async Task A_message_over_the_limit_is_RESOURCE_EXHAUSTED()
    {
        await using var gateway = await GatewayFixture.StartAsync(maxRequestBytes: 4096);

        Assert.Equal("8", (await GrpcCall.SendAsync(gateway.Grpc, Traces, GrpcCall.Frame(new byte[8192]))).Status);
    }

    [Fact]
    public async Task An_unknown_encoding_or_method_is_UNIMPLEMENTED()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        Assert.Equal("12", (await GrpcCall.SendAsync(gateway.Grpc, Traces, GrpcCall.Frame([1], compressed: true), "snappy")).Status);
        Assert.Equal("12", (await GrpcCall.SendAsync(gateway.Grpc, "/opentelemetry.proto.collector.trace.v1.TraceService/Nope", GrpcCall.Frame([]))).Status);
    }

    [Fact]
    public async Task An_unavailable_destination_is_UNAVAILABLE_with_retry_info()
    {
        await using var gateway = await GatewayFixture.StartAsync(forward: true);
        gateway.Sink.Answer = static _ => 503;

        var answer = await GrpcCall.SendAsync(gateway.Grpc, Traces, GrpcCall.Frame(Spans.Request("shop", Spans.Span()).ToByteArray()));

        Assert.Equal("14", answer.Status);
        Assert.InRange(answer.RetryDelay!.Value.TotalSeconds, 1, 11);
    }
}
