using Gantry.Protocol.OpAmp;
using Gantry.Protocol.WebSockets;
using Gantry.Protocol.Wire;

namespace Gantry.Conformance.Clients;

/// <summary>A connection of agents over either transport.</summary>
public abstract class Peer : IAsyncDisposable
{
    /// <summary>Says it and reads the answer.</summary>
    public abstract Task<ServerToAgent> SayAsync(AgentToServer message);

    /// <summary>What the server says unasked; null when nothing came in that time, and over plain HTTP always.</summary>
    public abstract Task<ServerToAgent?> HearAsync(TimeSpan within);

    public abstract ValueTask DisposeAsync();
}

internal sealed class WebSocketPeer(RawWebSocket socket, TimeSpan patience) : Peer
{
    public RawWebSocket Socket { get; } = socket;

    public override async Task<ServerToAgent> SayAsync(AgentToServer message)
    {
        using var limit = new CancellationTokenSource(patience);
        await Socket.SendAsync(message, limit.Token);
        return await ReadAsync("no answer", limit.Token) ?? throw new CheckFailedException($"no answer within {patience.TotalSeconds:0} s");
    }

    public override async Task<ServerToAgent?> HearAsync(TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within);
        return await ReadAsync("the server ended the connection", limit.Token);
    }

    public override ValueTask DisposeAsync() => Socket.DisposeAsync();

    private async Task<ServerToAgent?> ReadAsync(string otherwise, CancellationToken cancellation)
    {
        Incoming? incoming;
        try
        {
            incoming = await Socket.ReceiveAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            return null;
        }

        return incoming switch
        {
            null => throw new CheckFailedException(otherwise + ": the connection was cut"),
            { Opcode: Opcode.Close } => throw new CheckFailedException($"{otherwise}: closed with {incoming.CloseCode}"),
            { Opcode: Opcode.Text } => throw new CheckFailedException("the server sent a text message"),
            _ => Parse(incoming.Payload),
        };
    }

    private static ServerToAgent Parse(byte[] message) =>
        !WebSocketFrame.TryGetPayload(message, out var payload) ? throw new CheckFailedException("the message does not begin with the header 0")
        : WireMessage.TryRead<ServerToAgent>(payload, out var error) ?? throw new CheckFailedException($"not a ServerToAgent message: {error}");
}

internal sealed class HttpPeer(RawHttp http) : Peer
{
    public override async Task<ServerToAgent> SayAsync(AgentToServer message)
    {
        var answer = await http.PostAsync(message.ToArray());
        return answer.Status != 200 ? throw new CheckFailedException($"HTTP {answer.Status}") : answer.Message();
    }

    public override Task<ServerToAgent?> HearAsync(TimeSpan within) => Task.FromResult<ServerToAgent?>(null);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
