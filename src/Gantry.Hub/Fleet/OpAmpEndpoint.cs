using System.Buffers;
using System.IO.Compression;
using System.Net.WebSockets;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;

namespace Gantry.Hub.Fleet;

/// <summary>
/// OpAMP on one path over both transports: a POST of application/x-protobuf is plain HTTP, anything else must be a WebSocket.
/// (OpAMP v0.20, "Communication Model".)
/// </summary>
internal sealed class OpAmpEndpoint(FleetStore fleet, IHostApplicationLifetime lifetime, ILogger<OpAmpEndpoint> logger)
{
    /// <summary>The specification's default, of the complete message and after decompression.</summary>
    public const int MaxMessageBytes = 64 * 1024 * 1024;

    private const string Protobuf = "application/x-protobuf";
    private const int FirstBuffer = 4096;

    // A connection that once took a process list would else keep room for one; with 100,000 connections that is the memory.
    private const int KeptBuffer = 64 * 1024;

    private static readonly TimeSpan GoodbyeTime = TimeSpan.FromSeconds(2);

    public async Task HandleAsync(HttpContext context)
    {
        if (HttpMethods.IsPost(context.Request.Method) && context.Request.ContentType?.StartsWith(Protobuf, StringComparison.OrdinalIgnoreCase) == true)
        {
            await PostAsync(context);
        }
        else if (context.WebSockets.IsWebSocketRequest)
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await TalkAsync(socket, context.RequestAborted);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync($"OpAMP: open a WebSocket here, or POST {Protobuf}\n", context.RequestAborted);
        }
    }

    private async Task PostAsync(HttpContext context)
    {
        var encoding = context.Request.Headers.ContentEncoding.ToString();
        if (encoding is not ("" or "identity" or "gzip"))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        using var body = new ProtoWriter(FirstBuffer);
        await using var source = encoding == "gzip" ? new GZipStream(context.Request.Body, CompressionMode.Decompress) : context.Request.Body;
        try
        {
            if (!await ReadAllAsync(source, body, context.RequestAborted))
            {
                context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
                return;
            }
        }
        catch (BadHttpRequestException exception)
        {
            // The server's own limit is met first when the body's length is announced; the sender's fault, so no error of ours.
            context.Response.StatusCode = exception.StatusCode;
            return;
        }
        catch (InvalidDataException)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var reply = Answer(body.Written, AgentConnection.Http, out _);
        using var bytes = new ProtoWriter();
        reply.WriteTo(bytes);
        context.Response.ContentType = Protobuf;
        context.Response.ContentLength = bytes.Written.Length;
        await context.Response.Body.WriteAsync(bytes.WrittenMemory, context.RequestAborted);
    }

    private static async Task<bool> ReadAllAsync(Stream source, ProtoWriter target, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            int read;
            while ((read = await source.ReadAsync(buffer, cancellation)) > 0)
            {
                if (target.Written.Length + read > MaxMessageBytes)
                {
                    return false;
                }

                target.Raw(buffer.AsSpan(0, read));
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task TalkAsync(WebSocket socket, CancellationToken aborted)
    {
        var connection = AgentConnection.WebSocket();
        try
        {
            var talk = ReceiveLoopAsync(socket, connection, aborted);
            if (!await EndedBeforeStopAsync(talk))
            {
                await GoodbyeAsync(socket, talk);
            }

            await talk;
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException)
        {
            Log.ConnectionLost(logger, exception.Message);
        }
        finally
        {
            fleet.Closed(connection);
        }
    }

    private async Task<bool> EndedBeforeStopAsync(Task talk)
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStopping.Register(() => stopping.TrySetResult());
        return await Task.WhenAny(talk, stopping.Task) == talk;
    }

    /// <summary>A cancelled receive aborts the socket, and the agent would see a broken connection: so the close frame goes first, and the pending
    /// receive ends with the agent's answer to it.</summary>
    private static async Task GoodbyeAsync(WebSocket socket, Task talk)
    {
        await CloseAsync(socket, WebSocketCloseStatus.EndpointUnavailable, "the hub is stopping");
        try
        {
            await talk.WaitAsync(GoodbyeTime, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            socket.Abort();
        }
    }

    private async Task ReceiveLoopAsync(WebSocket socket, AgentConnection connection, CancellationToken stop)
    {
        while (socket.State == WebSocketState.Open)
        {
            if (!await ExchangeManyAsync(socket, connection, stop))
            {
                return;
            }
        }
    }

    /// <summary>Over one buffer, until a message has made it large.</summary>
    private async Task<bool> ExchangeManyAsync(WebSocket socket, AgentConnection connection, CancellationToken stop)
    {
        using var message = new ProtoWriter(FirstBuffer);
        while (message.Written.Length <= KeptBuffer)
        {
            message.Clear();
            var (type, fits) = await ReceiveAsync(socket, message, stop);
            if (type == WebSocketMessageType.Close)
            {
                await CloseAsync(socket, WebSocketCloseStatus.NormalClosure, "");
                return false;
            }

            if (!fits || type == WebSocketMessageType.Text)
            {
                var (code, why) = fits
                    ? (WebSocketCloseStatus.InvalidMessageType, "OpAMP messages are binary")
                    : (WebSocketCloseStatus.MessageTooBig, $"a message is larger than {MaxMessageBytes} bytes");
                await CloseAsync(socket, code, why);
                return false;
            }

            var malformed = !WebSocketFrame.TryGetPayload(message.Written, out var payload);
            var reply = malformed ? Malformed("the message does not begin with the header 0") : Answer(payload, connection, out malformed);
            await SendAsync(socket, reply, stop);
            if (malformed)
            {
                await CloseAsync(socket, WebSocketCloseStatus.ProtocolError, "malformed message");
                return false;
            }

            if (socket.State != WebSocketState.Open)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>One whole message, however many frames it came in.</summary>
    private static async Task<(WebSocketMessageType Type, bool Fits)> ReceiveAsync(WebSocket socket, ProtoWriter target, CancellationToken stop)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            while (true)
            {
                var result = await socket.ReceiveAsync(buffer.AsMemory(), stop);
                if (target.Written.Length + result.Count > MaxMessageBytes)
                {
                    return (result.MessageType, false);
                }

                target.Raw(buffer.AsSpan(0, result.Count));
                if (result.EndOfMessage)
                {
                    return (result.MessageType, true);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task SendAsync(WebSocket socket, ServerToAgent reply, CancellationToken stop)
    {
        using var bytes = new ProtoWriter();
        WebSocketFrame.WriteHeader(bytes);
        reply.WriteTo(bytes);
        await socket.SendAsync(bytes.WrittenMemory, WebSocketMessageType.Binary, endOfMessage: true, stop);
    }

    private ServerToAgent Answer(ReadOnlySpan<byte> bytes, AgentConnection connection, out bool malformed)
    {
        var message = WireMessage.TryRead<AgentToServer>(bytes, out var error);
        malformed = message is null;
        return message is null ? Malformed($"not an AgentToServer message ({error})") : fleet.Take(message, connection);
    }

    private static ServerToAgent Malformed(string why) =>
        new() { Error = new ServerErrorResponse { Type = ServerErrorType.BadRequest, Message = why } };

    private static async Task CloseAsync(WebSocket socket, WebSocketCloseStatus status, string why)
    {
        if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
        {
            return;
        }

        try
        {
            using var limit = new CancellationTokenSource(GoodbyeTime, TimeProvider.System);
            await socket.CloseOutputAsync(status, why, limit.Token);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException)
        {
            // The peer is gone already; there is nobody to say goodbye to.
        }
    }
}
