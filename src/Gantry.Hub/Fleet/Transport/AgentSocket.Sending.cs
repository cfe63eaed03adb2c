using System.Buffers;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.WebSockets;
using Gantry.Protocol.Wire;

namespace Gantry.Hub.Fleet.Transport;

/// <summary>
/// What goes out. Pushes are not queued as bytes: an agent stands in the outbox at most once, and what it is told is composed when its turn comes. So the
/// outbox of a connection is never longer than its agents, and a slow reader gets the newest and not the oldest.
/// </summary>
internal sealed partial class AgentSocket
{
    // Header of the frame, header of OpAMP, uid, capabilities.
    private const int BareReplyBytes = 64;

    private readonly Lock _outboxLock = new();
    private HashSet<AgentState>? _outbox;
    private bool _isPushing;

    public override void Push(AgentState agent)
    {
        lock (_outboxLock)
        {
            (_outbox ??= []).Add(agent);
            if (_isPushing)
            {
                return;
            }

            _isPushing = true;
        }

        _ = PushAllAsync();
    }

    private async Task PushAllAsync()
    {
        while (true)
        {
            AgentState agent;
            lock (_outboxLock)
            {
                if (_outbox is not { Count: > 0 })
                {
                    (_outbox, _isPushing) = (null, false);
                    return;
                }

                agent = _outbox.First();
                _outbox.Remove(agent);
            }

            try
            {
                if (Volatile.Read(ref _closingSince) == 0)
                {
                    await SendPushAsync(agent);
                }
            }
            catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
            {
                // The reading side finds the same, and ends the connection.
                Log.ConnectionLost(logger, error.Message);
            }
        }
    }

    private async Task SendPushAsync(AgentState agent)
    {
        await _writing.WaitAsync();
        try
        {
            // Composed under the lock: what is composed is sent, in that order.
            if (fleet.ComposePush(agent, this) is { } reply)
            {
                await WriteAsync(reply);
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    private async ValueTask AnswerAsync(ReadOnlyMemory<byte> message)
    {
        if (TryBeat(message.Span, out var beat, out var capabilities))
        {
            await SendBareAsync(beat.InstanceUid, capabilities);
            return;
        }

        await _writing.WaitAsync();
        AgentReply reply;
        try
        {
            reply = Compose(message.Span);
            await WriteAsync(reply);
        }
        finally
        {
            _writing.Release();
        }

        if (reply.Last)
        {
            var isOverload = reply.Error?.Type == ServerErrorType.Unavailable;
            await (isOverload ? CloseAsync(CloseCode.TryAgainLater, "come again later")
                : reply.IsDenied ? CloseAsync(CloseCode.PolicyViolation, "not allowed with this credential")
                : CloseAsync(CloseCode.ProtocolError, "malformed message"));
        }
    }

    private bool TryBeat(ReadOnlySpan<byte> message, out BareMessage beat, out ServerCapabilities capabilities)
    {
        (beat, capabilities) = (default, default);
        return WebSocketFrame.TryGetPayload(message, out var payload) && BareMessage.TryRead(payload, out beat) && fleet.TryBeat(beat, this, out capabilities);
    }

    private AgentReply Compose(ReadOnlySpan<byte> message)
    {
        if (!WebSocketFrame.TryGetPayload(message, out var payload))
        {
            return AgentReply.BadRequest(default, "the message does not begin with the header 0", last: true);
        }

        return WireMessage.TryRead<AgentToServer>(payload, out var error) is { } read
            ? fleet.Take(read, this)
            : AgentReply.BadRequest(default, $"not an AgentToServer message ({error})", last: true);
    }

    private async ValueTask SendBareAsync(Guid uid, ServerCapabilities capabilities)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BareReplyBytes);
        try
        {
            var length = BareReply.Write(buffer, uid, capabilities);
            await _writing.WaitAsync();
            try
            {
                await WriteAsync(buffer.AsMemory(0, length));
            }
            finally
            {
                _writing.Release();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Must be called under <see cref="_writing"/>.</summary>
    private async ValueTask WriteAsync(AgentReply reply)
    {
        using var writer = new ProtoWriter(reply.Config is null ? 256 : reply.Config.Wire.Length + 256);
        WebSocketFrame.WriteHeader(writer);
        reply.WriteTo(writer);
        var length = writer.Written.Length;
        if (length > options.MaxMessageBytes)
        {
            // The agent learns nothing of it; whoever looks at the hub does.
            Log.OversizeNotSent(logger, length, options.MaxMessageBytes);
            return;
        }

        var header = FrameHeader.SizeOf(length, masked: false);
        var frame = ArrayPool<byte>.Shared.Rent(header + length);
        try
        {
            FrameHeader.Write(frame, Opcode.Binary, length);
            writer.Written.CopyTo(frame.AsSpan(header));
            await WriteAsync(frame.AsMemory(0, header + length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(frame);
        }
    }

    /// <summary>Must be called under <see cref="_writing"/>.</summary>
    private async ValueTask WriteAsync(ReadOnlyMemory<byte> frame)
    {
        Volatile.Write(ref _writingSince, Clock);
        try
        {
            await stream.WriteAsync(frame);
            await stream.FlushAsync();
        }
        finally
        {
            Volatile.Write(ref _writingSince, 0);
        }
    }

    /// <summary>A control frame. A peer that is gone already needs none.</summary>
    private async Task TrySendAsync(Opcode opcode, ReadOnlyMemory<byte> payload)
    {
        var frame = new byte[FrameHeader.SizeOf(payload.Length, masked: false) + payload.Length];
        FrameHeader.Write(frame, opcode, payload.Length);
        payload.CopyTo(frame.AsMemory(frame.Length - payload.Length));
        try
        {
            await _writing.WaitAsync();
            try
            {
                await WriteAsync(frame);
            }
            finally
            {
                _writing.Release();
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            Log.ConnectionLost(logger, error.Message);
        }
    }
}
