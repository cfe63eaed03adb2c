using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Gantry.Gateway.Receive;
using Gantry.Gateway.Receive.Listen;
using Google.Protobuf;

namespace Gantry.Gateway.Tests.Receive;

/// <summary>Each port speaks HTTP/1.1, HTTP/2 and gRPC, and finds out by itself which.</summary>
public class PortTests
{
    [Theory]
    [InlineData(true, "1.1")]
    [InlineData(true, "2.0")]
    [InlineData(false, "1.1")]
    [InlineData(false, "2.0")]
    public async Task Otlp_http_is_taken_on_either_port_with_either_version(bool httpPort, string version)
    {
        await using var gateway = await GatewayFixture.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(httpPort ? gateway.Http : gateway.Grpc, "/v1/traces"))
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(Spans.Request("shop", Spans.Span()).ToByteArray()),
        };
        request.Content.Headers.ContentType = new("application/x-protobuf");

        using var response = await gateway.Client.SendAsync(request);

        Assert.Equal((HttpStatusCode.OK, Version.Parse(version)), (response.StatusCode, response.Version));
        await gateway.CountedAsync(1);
    }

    [Fact]
    public async Task Grpc_is_taken_on_the_http_port()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        var answer = await GrpcCall.SendAsync(gateway.Http, GrpcCall.Traces, GrpcCall.Frame(Spans.Request("shop", Spans.Span()).ToByteArray()));

        Assert.Equal("0", answer.Status);
        await gateway.CountedAsync(1);
    }

    [Fact]
    public async Task A_request_whose_bytes_come_one_by_one_is_served()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPEndPoint.Parse(gateway.Http.Authority));
        foreach (var letter in "POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        {
            await socket.SendAsync(new[] { (byte)letter });
        }

        Assert.StartsWith("HTTP/1.1 200 OK", await ReadAllAsync(socket), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_shows_nothing_is_closed_in_time_and_others_are_served_meanwhile()
    {
        await using var gateway = await GatewayFixture.StartAsync(receive: new ReceiveOptions { FirstBytesWithin = TimeSpan.FromSeconds(1) });
        using var silent = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await silent.ConnectAsync(IPEndPoint.Parse(gateway.Http.Authority));
        using var halfway = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await halfway.ConnectAsync(IPEndPoint.Parse(gateway.Http.Authority));
        await halfway.SendAsync("PRI * HT"u8.ToArray());

        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync("/v1/traces", [])).Status);
        Assert.Equal("", await ReadAllAsync(silent));
        Assert.Equal("", await ReadAllAsync(halfway));
    }

    [Fact]
    public async Task It_stops_while_connections_have_shown_nothing()
    {
        using var silent = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await using (var gateway = await GatewayFixture.StartAsync())
        {
            await silent.ConnectAsync(IPEndPoint.Parse(gateway.Http.Authority));
        }

        Assert.Equal("", await ReadAllAsync(silent));
    }

    [Theory]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", true)]
    [InlineData("POST /v1/traces HTTP/1.1\r\n", false)]
    [InlineData("PRI * HTTP/1.1\r\n", false)]
    [InlineData("\u0016\u0003\u0001", false)]
    public async Task The_preface_is_told_at_every_split_and_nothing_is_consumed(string text, bool isHttp2)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        for (var split = 0; split < bytes.Length; split++)
        {
            var pipe = new Pipe();
            await pipe.Writer.WriteAsync(bytes.AsMemory(0, split));
            var verdict = HttpPreface.IsHttp2Async(pipe.Reader, CancellationToken.None);
            await pipe.Writer.WriteAsync(bytes.AsMemory(split));

            Assert.Equal((split, isHttp2), (split, await verdict));
            await pipe.Writer.CompleteAsync();
            Assert.Equal(bytes, (await pipe.Reader.ReadAtLeastAsync(bytes.Length)).Buffer.ToArray());
        }
    }

    /// <returns>What comes until the peer closes; "" also when it resets.</returns>
    internal static async Task<string> ReadAllAsync(Socket socket)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var text = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer, limit.Token) is > 0 and var read)
            {
                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Closed all the same.
        }

        return text.ToString();
    }
}
