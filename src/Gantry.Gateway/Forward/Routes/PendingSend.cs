using System.Collections.Concurrent;
using System.Threading.Tasks.Sources;
using Gantry.Gateway.Forward.Transport;
using Gantry.Protocol.Observations;

namespace Gantry.Gateway.Forward.Routes;

/// <summary>
/// A client's request that waits for its result; its memory is borrowed until it has one. Reused: awaiting it gives it back, so it is awaited once.
/// </summary>
internal sealed class PendingSend : IValueTaskSource<ForwardResult>
{
    private const int Kept = 1024;

    private static readonly ConcurrentBag<PendingSend> Free = [];
    private static int _kept;

    // The continuation is a client's: it must not run inside the loop that serves all of them.
    private ManualResetValueTaskSourceCore<ForwardResult> _core = new() { RunContinuationsAsynchronously = true };

    private PendingSend()
    {
    }

    public Signal Signal { get; private set; }

    public ReadOnlyMemory<byte> Body { get; private set; }

    public SharedRequest? Shared { get; private set; }

    public CancellationToken Cancellation { get; private set; }

    /// <summary>Of <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long Since { get; private set; }

    public ValueTask<ForwardResult> Task => new(this, _core.Version);

    public static PendingSend Rent(Signal signal, Outgoing request, long since, CancellationToken cancellation)
    {
        if (Free.TryTake(out var pending))
        {
            Interlocked.Decrement(ref _kept);
        }
        else
        {
            pending = new PendingSend();
        }

        pending.Signal = signal;
        pending.Body = request.Body;
        pending.Shared = request.Shared;
        pending.Cancellation = cancellation;
        pending.Since = since;
        return pending;
    }

    /// <summary>Once; from then on it may serve somebody else.</summary>
    public void Complete(ForwardResult result) => _core.SetResult(result);

    ForwardResult IValueTaskSource<ForwardResult>.GetResult(short token)
    {
        var result = _core.GetResult(token);
        _core.Reset();
        Body = default;
        Shared = null;
        Cancellation = default;
        if (Interlocked.Increment(ref _kept) <= Kept)
        {
            Free.Add(this);
        }
        else
        {
            Interlocked.Decrement(ref _kept);
        }

        return result;
    }

    ValueTaskSourceStatus IValueTaskSource<ForwardResult>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<ForwardResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}

/// <summary>A request's bytes, and what it shares with the same request to other destinations, if there are.</summary>
internal readonly record struct Outgoing(ReadOnlyMemory<byte> Body, SharedRequest? Shared = null);
