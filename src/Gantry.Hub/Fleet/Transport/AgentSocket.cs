using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Gantry.Hub.Access;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.WebSockets;
using Gantry.Protocol.Wire;

namespace Gantry.Hub.Fleet.Transport;

/// <summary>
/// One WebSocket of agents, over any stream. Our own frames rather than the framework's: at rest it holds no buffer and no timer, pings go only to peers
/// that are silent, and what a peer does wrong ends with the code for it. One loop reads and answers; <see cref="Push"/> sends from elsewhere; both write
/// under one lock. Deadlines are not kept here but looked at by <see cref="FleetSweep"/>.
/// </summary>
/// <param name="abort">Cuts the connection below the stream.</param>
internal sealed partial class AgentSocket(Stream stream, FleetStore fleet, FleetOptions options, LargeMessages large, Action abort, ILogger logger)
    : AgentConnection("websocket"), IFarewell, IDisposable
{
    private const int SmallBuffer = 4096;

    private readonly SemaphoreSlim _writing = new(1, 1);
    private long _heardAt = Clock;
    private long _writingSince;
    private long _messageSince = Clock;
    private long _pingedAt;
    private long _closingSince;
    private int _probing;

    public override bool IsWebSocket => true;

    /// <summary>Its place in <see cref="SocketTable"/>.</summary>
    public int Slot { get; set; }

    private static long Clock => TimeProvider.System.GetTimestamp();

    /// <summary>Talks until either side ends it; it does not throw.</summary>
    public async Task RunAsync()
    {
        try
        {
            await ReceiveAllAsync();
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            Log.ConnectionLost(logger, error.Message);
        }
        finally
        {
            fleet.Closed(this);
        }
    }

    /// <summary>Says goodbye; the peer's answer, or its silence, ends <see cref="RunAsync"/>.</summary>
    public async Task CloseAsync(CloseCode code, string why)
    {
        if (Interlocked.CompareExchange(ref _closingSince, Clock, 0) != 0)
        {
            return;
        }

        var payload = new byte[2 + Encoding.UTF8.GetByteCount(why)];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        Encoding.UTF8.GetBytes(why, payload.AsSpan(2));
        await TrySendAsync(Opcode.Close, payload);
    }

    /// <summary>One look of the sweep.</summary>
    public void Look()
    {
        if (IsOver(Volatile.Read(ref _closingSince), FleetSweep.GoodbyeTime) || IsOver(Volatile.Read(ref _writingSince), options.WriteWithin))
        {
            abort();
        }
        else if (Volatile.Read(ref _closingSince) != 0)
        {
            // Its goodbye is under way.
        }
        else if (IsOver(Volatile.Read(ref _messageSince), options.MessageWithin))
        {
            _ = CloseAsync(CloseCode.ProtocolError, "a message took too long");
        }
        else if (IsOver(Volatile.Read(ref _pingedAt), options.PongWithin))
        {
            Log.PeerSilent(logger);
            abort();
        }
        else if (Volatile.Read(ref _pingedAt) == 0 && IsOver(Volatile.Read(ref _heardAt), options.PingAfter))
        {
            Volatile.Write(ref _pingedAt, Clock);
            _ = TrySendAsync(Opcode.Ping, default);
        }
    }

    public override void Probe()
    {
        Volatile.Write(ref _probing, 1);
        _ = Task.Run(() => TrySendAsync(Opcode.Ping, default));
    }

    /// <inheritdoc/>
    public void Say(string why) => _ = Task.Run(() => CloseAsync(CloseCode.PolicyViolation, why));

    public void Dispose() => _writing.Dispose();

    private static bool IsOver(long since, TimeSpan limit) => since != 0 && TimeProvider.System.GetElapsedTime(since) > limit;

    private async Task ReceiveAllAsync()
    {
        while (true)
        {
            // Waits without a buffer: at rest there is none.
            _ = await stream.ReadAsync(Memory<byte>.Empty);
            if (!await ReceiveSomeAsync())
            {
                return;
            }
        }
    }

    /// <summary>Reads and takes frames until none is left half read.</summary>
    /// <returns>False: it is over.</returns>
    private async Task<bool> ReceiveSomeAsync()
    {
        var input = new InputBuffer(SmallBuffer, large);
        try
        {
            do
            {
                var read = await stream.ReadAsync(input.Free);
                if (read == 0)
                {
                    return false;
                }

                input.Received(read);
                if (Volatile.Read(ref _closingSince) != 0)
                {
                    // Only the end matters now.
                    if (IsCloseFrame(input.Bytes.Span))
                    {
                        return false;
                    }

                    input.Clear();
                    continue;
                }

                Volatile.Write(ref _heardAt, Clock);
                Volatile.Write(ref _pingedAt, 0);
                if (!await TakeFramesAsync(input))
                {
                    return false;
                }
            }
            while (!input.IsEmpty);
            return true;
        }
        finally
        {
            input.Dispose();
        }
    }

    private static bool IsCloseFrame(ReadOnlySpan<byte> bytes) =>
        FrameHeader.TryRead(bytes, out var header) == FrameRead.Complete && header.Opcode == Opcode.Close;

    private async Task<bool> TakeFramesAsync(InputBuffer input)
    {
        while (true)
        {
            switch (input.TryReadFrame(options.MaxMessageBytes, out var frame, out var problem))
            {
                case FrameRead.NeedsMore:
                    // A slow message is one that began, not one that has not come.
                    Volatile.Write(ref _messageSince, input.IsEmpty ? 0 : Volatile.Read(ref _messageSince) is 0 ? Clock : Volatile.Read(ref _messageSince));
                    return true;
                case FrameRead.Malformed:
                    await CloseAsync(problem.Code, problem.Why);
                    input.Clear();
                    return true;
            }

            if (frame.Opcode == Opcode.Close)
            {
                await CloseAsync(CloseCode.Normal, "");
                return false;
            }

            if (frame.Opcode == Opcode.Ping)
            {
                await TrySendAsync(Opcode.Pong, frame.Payload);
            }
            else if (frame.Opcode == Opcode.Pong)
            {
                if (Interlocked.Exchange(ref _probing, 0) == 1)
                {
                    fleet.Alive(this);
                }
            }
            else
            {
                Volatile.Write(ref _messageSince, 0);
                await AnswerAsync(frame.Payload);
            }

            input.Consumed();
            if (Volatile.Read(ref _closingSince) != 0)
            {
                input.Clear();
                return true;
            }
        }
    }
}
