using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Gantry.Testing.Otlp;

namespace Gantry.Gateway.Tests.Receive;

/// <summary>A client can always read its refusal, also while it still sends; and its next request is served.</summary>
public class RefusalTests
{
    [Fact]
    public async Task A_small_rest_is_read_away_and_the_connection_lives_on()
    {
        await using var gateway = await GatewayFixture.StartAsync(maxRequestBytes: 100_000);
        using var socket = await ConnectAsync(gateway);
        for (var i = 0; i < 5; i++)
        {
            await SendHeadAsync(socket, 500_000);
            await socket.SendAsync(new byte[500_000]);

            var answer = await ReadAnswerAsync(socket);

            Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
            Assert.DoesNotContain("Connection: close", answer, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("application/x-protobuf", 413)]
    [InlineData("text/plain", 415)]
    public async Task Of_a_large_body_the_answer_comes_first_and_says_that_it_closes(string type, int status)
    {
        await using var gateway = await GatewayFixture.StartAsync(maxRequestBytes: 100_000);
        using var socket = await ConnectAsync(gateway);
        await SendHeadAsync(socket, 50_000_000, type: type);
        // More than all buffers on the way hold: an answer that only came after the body, or a reset, would fail this.
        for (var i = 0; i < 20; i++)
        {
            await socket.SendAsync(new byte[1_000_000]);
        }

        var answer = await ReadAnswerAsync(socket);

        Assert.StartsWith($"HTTP/1.1 {status}", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
        for (var i = 0; i < 30; i++)
        {
            await socket.SendAsync(new byte[1_000_000]);
        }

        Assert.Equal("", await PortTests.ReadAllAsync(socket));
    }

    [Fact]
    public async Task Who_asks_first_is_told_before_it_sends()
    {
        await using var gateway = await GatewayFixture.StartAsync(maxRequestBytes: 100_000);
        using var socket = await ConnectAsync(gateway);
        await SendHeadAsync(socket, 500_000, "Expect: 100-continue\r\n");

        var all = await PortTests.ReadAllAsync(socket);

        Assert.StartsWith("HTTP/1.1 413", all, StringComparison.Ordinal);
        Assert.DoesNotContain("100 Continue", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sender_that_stalls_in_a_refused_body_gets_its_answer()
    {
        await using var gateway = await GatewayFixture.StartAsync(maxRequestBytes: 100_000);
        using var socket = await ConnectAsync(gateway);
        await SendHeadAsync(socket, 500_000);
        await socket.SendAsync(new byte[10_000]);

        var answer = await ReadAnswerAsync(socket);

        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chunked_body_over_the_limit_is_413_and_an_ordinary_client_reads_it()
    {
        await using var gateway = await GatewayFixture.StartAsync(maxRequestBytes: 100_000);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/traces") { Content = new ByteArrayContent(new byte[900_000]) };
        request.Content.Headers.ContentType = new("application/x-protobuf");
        request.Headers.TransferEncodingChunked = true;

        using var response = await gateway.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync("/v1/traces", [])).Status);
    }

    [Theory]
    [InlineData("GET", "/v1/traces")]
    [InlineData("PUT", "/v1/logs")]
    [InlineData("OPTIONS", "/v1/metrics")]
    public async Task Another_method_is_405_and_says_which(string method, string path)
    {
        await using var gateway = await GatewayFixture.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = method == "PUT" ? new ByteArrayContent([1]) : null;

        using var response = await gateway.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["POST"], response.Content.Headers.Allow);
        Assert.Equal(12, RpcStatus.Parser.ParseFrom(await response.Content.ReadAsByteArrayAsync()).Code);
    }

    [Theory]
    [InlineData("/v1/traces")]
    [InlineData("/v1/metrics")]
    [InlineData("/v1/logs")]
    [InlineData("/v1development/profiles")]
    public async Task An_empty_request_is_200(string path)
    {
        await using var gateway = await GatewayFixture.StartAsync(forward: true);

        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync(path, [])).Status);
        if (!path.EndsWith("profiles", StringComparison.Ordinal))
        {
            Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync(path, "{}"u8.ToArray(), "application/json; charset=utf-8")).Status);
        }

        Assert.Empty(gateway.Sink.Requests);
    }

    [Fact]
    public async Task A_client_that_goes_away_in_its_body_does_no_harm()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        for (var i = 0; i < 20; i++)
        {
            using var socket = await ConnectAsync(gateway);
            await SendHeadAsync(socket, 500_000);
            await socket.SendAsync(new byte[i * 1000]);
            socket.LingerState = new LingerOption(i % 2 == 0, 0);
        }

        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync("/v1/traces", [])).Status);
    }

    private static async Task<Socket> ConnectAsync(GatewayFixture gateway)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { SendTimeout = 60_000 };
        await socket.ConnectAsync(IPEndPoint.Parse(gateway.Http.Authority));
        return socket;
    }

    private static async Task SendHeadAsync(Socket socket, int length, string more = "", string type = "application/x-protobuf") =>
        await socket.SendAsync(Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: {type}\r\nContent-Length: {length}\r\n{more}\r\n")));

    /// <summary>Head and body of one answer.</summary>
    private static async Task<string> ReadAnswerAsync(Socket socket)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var text = new StringBuilder();
        var buffer = new byte[1];
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            Assert.Equal(1, await socket.ReceiveAsync(buffer, limit.Token));
            text.Append((char)buffer[0]);
        }

        var head = text.ToString();
        var mark = head.IndexOf("Content-Length: ", StringComparison.Ordinal) + "Content-Length: ".Length;
        var body = new byte[int.Parse(head.AsSpan(mark, head.IndexOf('\r', mark) - mark), CultureInfo.InvariantCulture)];
        for (var read = 0; read < body.Length;)
        {
            read += await socket.ReceiveAsync(body.AsMemory(read), limit.Token);
        }

        return head;
    }
}
