using System.Net;
using Gantry.Gateway.Compression;
using Gantry.Gateway.Receive;
using Gantry.Testing.Otlp;
using Google.Protobuf;

namespace Gantry.Gateway.Tests.Receive;

public class CompressionTests
{
    private const string Raw = "raw-deflate";

    public static TheoryData<string> All => ["gzip", "deflate", Raw, "zstd"];

    [Theory]
    [MemberData(nameof(All))]
    public async Task Each_is_read_over_http_and_grpc_small_and_large(string name)
    {
        Assert.SkipUnless(name != "zstd" || Zstd.IsAvailable, "no libzstd here");
        await using var gateway = await GatewayFixture.StartAsync();
        var small = Spans.Request("shop", Spans.Span()).ToByteArray();
        // Some megabytes that shrink to a hundredth: rooms grow on the way.
        var large = Spans.Request("shop", Spans.Span(name: new string('x', 5_000_000))).ToByteArray();

        foreach (var request in new[] { small, large })
        {
            var packed = Pack.With(name, request);
            Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync("/v1/traces", packed, encoding: Header(name))).Status);
            Assert.Equal("0", (await GrpcCall.SendAsync(gateway.Grpc, GrpcCall.Traces, GrpcCall.Frame(packed, compressed: true), Header(name))).Status);
        }

        await gateway.CountedAsync(4);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Cut_off_anywhere_it_is_400_and_counts_nothing(string name)
    {
        Assert.SkipUnless(name != "zstd" || Zstd.IsAvailable, "no libzstd here");
        await using var gateway = await GatewayFixture.StartAsync();
        var whole = Pack.With(name, Spans.Request("shop", Spans.Span(), Spans.Span("other")).ToByteArray());
        for (var length = 0; length < whole.Length; length++)
        {
            var (status, body, _) = await gateway.PostAsync("/v1/traces", whole[..length], encoding: Header(name));

            Assert.Equal((length, HttpStatusCode.BadRequest), (length, status));
            Assert.Contains($"not a complete {Header(name)} stream", RpcStatus.Parser.ParseFrom(body).Message, StringComparison.Ordinal);
        }

        Assert.Equal("3", (await GrpcCall.SendAsync(gateway.Grpc, GrpcCall.Traces, GrpcCall.Frame(whole[..^1], compressed: true), Header(name))).Status);
        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync("/v1/traces", whole, encoding: Header(name).ToUpperInvariant())).Status);
        await gateway.CountedAsync(2);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_bomb_stops_at_the_limit_and_the_connection_lives_on(string name)
    {
        Assert.SkipUnless(name != "zstd" || Zstd.IsAvailable, "no libzstd here");
        await using var gateway = await GatewayFixture.StartAsync(maxRequestBytes: 1024 * 1024);
        var bomb = Pack.With(name, new byte[100 * 1024 * 1024]);
        var before = GC.GetTotalAllocatedBytes();

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await gateway.PostAsync("/v1/traces", bomb, encoding: Header(name))).Status);
        Assert.Equal("8", (await GrpcCall.SendAsync(gateway.Grpc, GrpcCall.Traces, GrpcCall.Frame(bomb, compressed: true), Header(name))).Status);

        Assert.True(GC.GetTotalAllocatedBytes() - before < 64 * 1024 * 1024, "the bomb was inflated");
        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync("/v1/traces", [])).Status);
    }

    [Fact]
    public async Task A_machine_without_libzstd_says_so()
    {
        await using var gateway = await GatewayFixture.StartAsync(receive: new ReceiveOptions { Zstd = false });

        var (status, body, _) = await gateway.PostAsync("/v1/traces", [1], encoding: "zstd");
        var answer = await GrpcCall.SendAsync(gateway.Grpc, GrpcCall.Traces, GrpcCall.Frame([1], compressed: true), "zstd");

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, status);
        Assert.Contains("install libzstd", RpcStatus.Parser.ParseFrom(body).Message, StringComparison.Ordinal);
        Assert.Equal(("12", "identity,gzip,deflate"), (answer.Status, answer.AcceptEncoding));
        Assert.Contains("install libzstd", answer.Message, StringComparison.Ordinal);
    }

    private static string Header(string name) => name == Raw ? "deflate" : name;
}
