using System.Net.WebSockets;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;

namespace Gantry.Agent.Report;

/// <summary>OpAMP messages over one WebSocket: a message is one binary frame sequence, a header byte before the protobuf.</summary>
internal sealed class HubSocket : IDisposable
{
    /// <summary>A hub sends us configuration one day; nothing else comes near.</summary>
    private const int MostReceived = 4 * 1024 * 1024;

    private readonly WebSocket _socket;
    private readonly ProtoWriter _writer = new(4096);
    private byte[] _buffer = new byte[4096];

    public HubSocket(WebSocket socket) => _socket = socket;

    public async Task SendAsync(AgentToServer message, CancellationToken cancellation)
    {
        _writer.Clear();
        WebSocketFrame.WriteHeader(_writer);
        message.WriteTo(_writer);
        await _socket.SendAsync(_writer.WrittenMemory, WebSocketMessageType.Binary, endOfMessage: true, cancellation);
    }

    /// <returns>Null when the connection is over or said something that is not OpAMP; <see cref="Ending"/> says why.</returns>
    public async Task<ServerToAgent?> ReceiveAsync(CancellationToken cancellation)
    {
        var length = 0;
        while (true)
        {
            var part = await _socket.ReceiveAsync(_buffer.AsMemory(length), cancellation);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                Ending = $"it closed the connection ({(int?)_socket.CloseStatus} {_socket.CloseStatusDescription})";
                return null;
            }

            length += part.Count;
            if (part.EndOfMessage)
            {
                return Parse(_buffer.AsSpan(0, length));
            }

            if (length >= MostReceived)
            {
                Ending = $"it sent a message of more than {MostReceived} bytes";
                return null;
            }

            if (length == _buffer.Length)
            {
                Array.Resize(ref _buffer, Math.Min(_buffer.Length * 2, MostReceived));
            }
        }
    }

    public string Ending { get; private set; } = "";

    /// <summary>Says goodbye with a close frame; a peer that is gone already is no error.</summary>
    public async Task CloseAsync(WebSocketCloseStatus status, CancellationToken cancellation)
    {
        if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            await _socket.CloseOutputAsync(status, null, cancellation);
        }
    }

    public void Abort() => _socket.Abort();

    public void Dispose()
    {
        _socket.Dispose();
        _writer.Dispose();
    }

    private ServerToAgent? Parse(ReadOnlySpan<byte> bytes)
    {
        if (!WebSocketFrame.TryGetPayload(bytes, out var payload))
        {
            Ending = "it sent a message without OpAMP's header";
            return null;
        }

        var message = WireMessage.TryRead<ServerToAgent>(payload, out var error);
        Ending = message is null ? $"it sent a malformed message ({error})" : "";
        return message;
    }
}
