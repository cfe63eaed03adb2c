using System.Net.WebSockets;
using System.Threading.Channels;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gantry.Agent.Tests.Support;

/// <summary>A hub and a gateway on a free port that do what the test says: answer, refuse, stall, cut.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<HubConnection> _connections = Channel.CreateUnbounded<HubConnection>();
    private readonly Channel<byte[]> _posts = Channel.CreateUnbounded<byte[]>();
    private int _attempts;

    private ScriptedServer(WebApplication app) => _app = app;

    /// <summary>WebSocket attempts, refused ones included.</summary>
    public int Attempts => _attempts;

    /// <summary>Set to refuse: status and Retry-After.</summary>
    public (int Status, string RetryAfter)? Refusal { get; set; }

    public string Address => _app.Urls.Single();

    public static async Task<ScriptedServer> StartAsync(string address = "http://127.0.0.1:0")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address);
        var app = builder.Build();
        var server = new ScriptedServer(app);
        app.UseWebSockets();
        app.Map("/v1/opamp", server.AcceptAsync);
        app.MapPost("/v1/metrics", server.TakePostAsync);
        await app.StartAsync();
        return server;
    }

    public async Task<HubConnection> ConnectionAsync() => await Eventually.Within(_connections.Reader.ReadAsync(), "the agent connects to the hub");

    public async Task<byte[]> PostAsync() => await Eventually.Within(_posts.Reader.ReadAsync(), "the agent posts metrics");

    public int PostsWaiting => _posts.Reader.Count;

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task AcceptAsync(HttpContext context)
    {
        Interlocked.Increment(ref _attempts);
        if (Refusal is { } refusal)
        {
            context.Response.StatusCode = refusal.Status;
            context.Response.Headers.RetryAfter = refusal.RetryAfter;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var connection = new HubConnection(socket, context);
        _connections.Writer.TryWrite(connection);
        await connection.Over;
    }

    private async Task TakePostAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        Assert.Equal("application/x-protobuf", context.Request.ContentType);
        if (Refusal is { } refusal)
        {
            context.Response.StatusCode = refusal.Status;
            context.Response.Headers.RetryAfter = refusal.RetryAfter;
        }

        _posts.Writer.TryWrite(body.ToArray());
    }
}

/// <summary>The hub's end of one connection.</summary>
internal sealed class HubConnection(WebSocket socket, HttpContext context)
{
    private readonly TaskCompletionSource _over = new();
    private readonly byte[] _buffer = new byte[4 * 1024 * 1024];

    public Task Over => _over.Task;

    /// <returns>Null when the agent closed.</returns>
    public async Task<AgentToServer?> ReceiveAsync()
    {
        var length = 0;
        while (true)
        {
            var part = await Eventually.Within(socket.ReceiveAsync(_buffer.AsMemory(length), CancellationToken.None), "a message of the agent");
            if (part.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                _over.TrySetResult();
                return null;
            }

            length += part.Count;
            if (part.EndOfMessage)
            {
                Assert.True(WebSocketFrame.TryGetPayload(_buffer.AsSpan(0, length), out var payload));
                return Assert.IsType<AgentToServer>(WireMessage.TryRead<AgentToServer>(payload, out _));
            }
        }
    }

    /// <summary>The next message that is not null.</summary>
    public async Task<AgentToServer> MessageAsync() => Assert.IsType<AgentToServer>(await ReceiveAsync());

    public async Task SendAsync(ServerToAgent message)
    {
        using var writer = new ProtoWriter();
        WebSocketFrame.WriteHeader(writer);
        message.WriteTo(writer);
        await socket.SendAsync(writer.WrittenMemory, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
    }

    public async Task SendRawAsync(byte[] bytes) => await socket.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);

    /// <summary>As a crash or a firewall would: no close frame.</summary>
    public void Cut()
    {
        context.Abort();
        _over.TrySetResult();
    }

    public string Header(string name) => context.Request.Headers[name].ToString();
}
