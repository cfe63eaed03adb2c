using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Gantry.Gateway.Receive;
using Google.Protobuf;

namespace Gantry.Gateway.Tests.Receive;

/// <summary>More than there is room for: a destination that does not answer keeps what it has, and the room is full.</summary>
public class OverloadTests
{
    private const int Room = 1024 * 1024;

    private static readonly byte[] Large = Spans.Request("shop", Spans.Span(name: new string('x', 900_000))).ToByteArray();

    [Fact]
    public async Task Without_room_it_is_503_with_a_delay_and_UNAVAILABLE_with_RetryInfo()
    {
        await using var gateway = await GatewayFixture.StartAsync(forward: true, receive: Tight(TimeSpan.FromMilliseconds(200)));
        using var release = Hold(gateway);
        var holding = gateway.PostAsync("/v1/traces", Large);
        await HeldAsync(gateway);

        var refused = gateway.PostAsync("/v1/traces", Large);
        var call = GrpcCall.SendAsync(gateway.Grpc, GrpcCall.Traces, GrpcCall.Frame(Large));

        var (status, _, response) = await refused;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 11);
        Assert.False(response.Headers.ConnectionClose ?? false);
        var answer = await call;
        Assert.Equal("14", answer.Status);
        Assert.InRange(answer.RetryDelay!.Value.TotalSeconds, 1, 11);

        // On a slow machine the gateway may have given the destination up by now; then it has room again all the same.
        release.Set();
        await holding;
        await Eventually.True("room again", () => gateway.PostAsync("/v1/traces", Large).GetAwaiter().GetResult().Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Who_waits_is_served_when_room_comes()
    {
        await using var gateway = await GatewayFixture.StartAsync(forward: true, receive: Tight(TimeSpan.FromMinutes(1)));
        using var release = Hold(gateway);
        var holding = gateway.PostAsync("/v1/traces", Large);
        await HeldAsync(gateway);
        var waiting = Enumerable.Range(0, 4).Select(_ => gateway.PostAsync("/v1/traces", Large)).ToList();

        release.Set();

        await holding;
        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.InRange(gateway.Sink.Requests.Count, 4, 6);
    }

    [Fact]
    public async Task The_largest_request_gets_through_a_smaller_room()
    {
        await using var gateway = await GatewayFixture.StartAsync(receive: Tight(TimeSpan.FromSeconds(2)));
        var huge = Spans.Request("shop", Spans.Span(name: new string('x', 20_000_000))).ToByteArray();

        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync("/v1/traces", huge)).Status);
        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync("/v1/traces", Pack.With("gzip", huge), encoding: "gzip")).Status);
        await gateway.CountedAsync(2);
    }

    [Fact]
    public async Task Promises_hold_no_room()
    {
        await using var gateway = await GatewayFixture.StartAsync(receive: Tight(TimeSpan.FromMinutes(1)));
        var liars = new List<Socket>();
        try
        {
            for (var i = 0; i < 40; i++)
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                liars.Add(socket);
                await socket.ConnectAsync(IPEndPoint.Parse(gateway.Http.Authority));
                await socket.SendAsync(Encoding.ASCII.GetBytes(
                    $"POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\nContent-Length: {60_000_000 + i}\r\n\r\n"));
            }

            Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync("/v1/traces", Large).WaitAsync(TimeSpan.FromSeconds(50))).Status);
        }
        finally
        {
            liars.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task A_sender_that_stalls_is_cut_off_and_gives_back_its_room()
    {
        await using var gateway = await GatewayFixture.StartAsync(receive: Tight(TimeSpan.FromMinutes(1)) with { StallPeriod = TimeSpan.FromSeconds(1) });
        using var slow = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await slow.ConnectAsync(IPEndPoint.Parse(gateway.Http.Authority));
        await slow.SendAsync(Encoding.ASCII.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\nContent-Length: {Large.Length}\r\n\r\n")));
        await slow.SendAsync(Large.AsMemory(0, 800_000));

        var answer = await PortTests.ReadAllAsync(slow);

        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync("/v1/traces", Large)).Status);
    }

    private static ReceiveOptions Tight(TimeSpan patience) => new() { MaxInFlightBytes = Room, Patience = patience };

    /// <summary>The destination answers when told.</summary>
    private static ManualResetEventSlim Hold(GatewayFixture gateway)
    {
        var release = new ManualResetEventSlim();
        gateway.Sink.Answer = _ =>
        {
            Interlocked.Increment(ref _held);
            release.Wait(TimeSpan.FromSeconds(30));
            return 200;
        };
        return release;
    }

    private static int _held;

    private static async Task HeldAsync(GatewayFixture gateway)
    {
        await Eventually.True("the first request is at the destination", () => Volatile.Read(ref _held) > 0);
        Volatile.Write(ref _held, 0);
        Assert.Empty(gateway.Sink.Requests);
    }
}
