using System.Net.WebSockets;
using Gantry.Agent.Instrument;
using Gantry.Protocol.Inventory;
using Gantry.Protocol.OpAmp;
using Microsoft.Extensions.Logging;

namespace Gantry.Agent.Report;

/// <summary>How a connection ended.</summary>
/// <param name="Reason">In words, for the log.</param>
/// <param name="RetryAfter">What the hub asked for; null leaves it to the back-off.</param>
internal readonly record struct SessionEnd(string Reason, TimeSpan? RetryAfter = null);

/// <summary>
/// One connection to the hub. Two loops share it: one receives, one sends, so no send ever waits for an answer. The order of its life:
/// (1) full state, (2) the hub's first answer, (3) the inventory, then what becomes due, (4) a disconnect message and a close frame.
/// </summary>
internal sealed class OpAmpSession(
    HubSocket socket, AgentMessages messages, InstanceUid uid, Outbox outbox, TimeProvider time, ILogger logger, RemotePlan? plan = null, ObservedByHub? observed = null)
{
    public static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(30);

    /// <summary>A hub must answer each message: three heartbeats without an answer, and the connection is dead though TCP does not know.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(90);

    /// <summary>The least that the specification recommends, when the hub is unavailable and does not say for how long.</summary>
    private static readonly TimeSpan DefaultRetry = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private long _lastSent = time.GetTimestamp();
    private long? _unansweredSince;
    private bool _mayInventory;
    private SessionEnd? _end;

    /// <summary>Called once, when the hub first answered.</summary>
    public required Action Greeted { get; init; }

    /// <param name="stop">The agent ends: say goodbye.</param>
    public async Task<SessionEnd> RunAsync(CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var receiving = ReceiveAllAsync(over);
        try
        {
            await SendAllAsync(over.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
        }
        catch (Exception error) when (IsConnectionError(error))
        {
            _end ??= new SessionEnd(error.Message);
        }

        await CloseAsync(receiving, sayGoodbye: stop.IsCancellationRequested);
        return _end ?? new SessionEnd("the agent stops");
    }

    /// <summary>The agent's second hand: makes a heartbeat due, and gives up a hub that went silent.</summary>
    public void Beat()
    {
        bool isDue, isDead;
        lock (_lock)
        {
            isDue = time.GetElapsedTime(_lastSent) >= HeartbeatInterval;
            isDead = _unansweredSince is { } since && time.GetElapsedTime(since) >= LongestSilence;
        }

        if (isDead)
        {
            _end ??= new SessionEnd("it left messages unanswered");
            socket.Abort();
        }
        else if (isDue)
        {
            outbox.Demand(Outbox.Due.Heartbeat);
        }
    }

    private async Task SendAllAsync(CancellationToken over)
    {
        outbox.Restart();
        await SendAsync(messages.FullState());
        while (true)
        {
            await outbox.WaitAsync(over);
            var due = outbox.Take(_mayInventory, out var inventory);
            if (due.HasFlag(Outbox.Due.FullState))
            {
                await SendAsync(messages.FullState());
            }
            else if (due.HasFlag(Outbox.Due.Configuration))
            {
                await SendAsync(messages.Configuration());
            }

            if (due.HasFlag(Outbox.Due.Inventory))
            {
                await SendAsync(messages.Inventory(inventory));
            }
            else if (due == Outbox.Due.Heartbeat)
            {
                await SendAsync(messages.Heartbeat());
            }
        }
    }

    private async Task SendAsync(AgentToServer message)
    {
        lock (_lock)
        {
            _lastSent = time.GetTimestamp();
            _unansweredSince ??= _lastSent;
        }

        // Not cancelled by a stop: that would tear the connection before the goodbye. Beat ends one that hangs.
        await socket.SendAsync(message, CancellationToken.None);
    }

    private async Task ReceiveAllAsync(CancellationTokenSource over)
    {
        try
        {
            while (await socket.ReceiveAsync(CancellationToken.None) is { } message)
            {
                lock (_lock)
                {
                    _unansweredSince = null;
                }

                if (observed is not null)
                {
                    observed.IsConnected = true;
                }

                Take(message);
                if (_end is not null)
                {
                    break;
                }
            }

            _end ??= new SessionEnd(socket.Ending);
        }
        catch (Exception error) when (IsConnectionError(error))
        {
            _end ??= new SessionEnd(error.Message);
        }
        finally
        {
            await over.CancelAsync();
        }
    }

    private void Take(ServerToAgent message)
    {
        if (message.Error is { } error)
        {
            TakeError(error);
            return;
        }

        if (message.Identification is { } identification && uid.TryReplace(identification.NewInstanceUid))
        {
            Log.NewInstanceUid(logger, uid.Value);
            outbox.Demand(Outbox.Due.FullState);
        }

        if (message.Flags.HasFlag(ServerToAgentFlags.ReportFullState))
        {
            // A hub that knows nothing of the agent has lost its inventory too.
            outbox.Demand(Outbox.Due.FullState | Outbox.Due.Inventory);
        }

        if (message.RemoteConfig is { } config && plan?.Offer(config) == true)
        {
            outbox.Demand(Outbox.Due.Configuration);
        }

        if (message.CustomMessage is { Capability: ProcessInventory.Capability, Type: ObservedProcesses.MessageType } told)
        {
            observed?.Take(told.Data);
        }

        if (!_mayInventory && AcceptsInventory(message))
        {
            _mayInventory = true;
            Greeted();
            outbox.Demand(Outbox.Due.Nothing);
        }
    }

    /// <summary>A custom message goes to a server that names its capability; to one that names none at all too, as it will pass over it.</summary>
    private static bool AcceptsInventory(ServerToAgent message) =>
        message.CustomCapabilities is not { Names: var names } || names.Contains(ProcessInventory.Capability);

    private void TakeError(ServerErrorResponse error)
    {
        if (error.Type == ServerErrorType.Unavailable)
        {
            var wait = error.Retry is { AfterNanoseconds: > 0 and var nanoseconds }
                ? RetryAfter.Bound(TimeSpan.FromTicks((long)Math.Min(nanoseconds / 100, long.MaxValue)))
                : DefaultRetry;
            _end = new SessionEnd($"it is unavailable for {wait.TotalSeconds:0} s: {error.Message}", wait);
        }
        else
        {
            Log.HubRefused(logger, error.Message);
        }
    }

    private async Task CloseAsync(Task receiving, bool sayGoodbye)
    {
        try
        {
            if (sayGoodbye && _end is null)
            {
                await socket.SendAsync(messages.Disconnect(), CancellationToken.None).WaitAsync(Goodbye, time);
            }

            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, CancellationToken.None).WaitAsync(Goodbye, time);
            // The hub answers with its own close frame; not for long, as the agent wants to stop.
            await receiving.WaitAsync(Goodbye, time);
        }
        catch (Exception error) when (IsConnectionError(error) || error is TimeoutException)
        {
        }

        socket.Abort();
        await receiving;
    }

    private static bool IsConnectionError(Exception error) =>
        error is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException;
}
