using System.Runtime.CompilerServices;
using Gantry.Gateway.Forward.Transport;
using Gantry.Protocol.Observations;

namespace Gantry.Gateway.Forward.Routes;

/// <summary>
/// One signal's way straight to one destination, with the client waiting. A few exports are in flight at a time; what comes while all are busy goes
/// out together with the next one. So an idle lane adds no delay, and a busy one pays for one HTTP request where clients sent many.
/// </summary>
/// <remarks>
/// <code>
/// request ──free slot?──► export ──► answer
///             │ no                     │ slot is free again
///             └──► waiting ──merged────┘
/// </code>
/// </remarks>
internal sealed class Lane
{
    public const int InFlight = 4;

    private const int LeastMergedBytes = 64 * 1024;

    private readonly Signal _signal;
    private readonly OtlpClient _client;
    private readonly DestinationHealth _health;
    private readonly TimeProvider _time;
    private readonly TimeSpan _patience;
    private readonly Lock _gate = new();
    private readonly Stack<Slot> _free = new(Enumerable.Range(0, InFlight).Select(_ => new Slot()));
    private readonly Queue<PendingSend> _waiting = new();
    private int _maxBytes = ExportBatch.MaxBytes;
    private long _waitingBytes;

    public Lane(Signal signal, OtlpClient client, DestinationHealth health, TimeProvider time, TimeSpan patience)
    {
        _signal = signal;
        _client = client;
        _health = health;
        _time = time;
        _patience = patience;
    }

    public Waiting Waiting
    {
        get
        {
            lock (_gate)
            {
                return new Waiting(_waiting.Count, _waitingBytes, _waiting.TryPeek(out var oldest) ? _time.GetElapsedTime(oldest.Since) : TimeSpan.Zero);
            }
        }
    }

    public ValueTask<ForwardResult> SendAsync(Outgoing request, CancellationToken cancellation)
    {
        if (_health.Rest is { } rest)
        {
            return new(ForwardResult.Unavailable("the destination asked for a pause", rest));
        }

        Slot? slot;
        PendingSend? pending = null;
        lock (_gate)
        {
            if (!_free.TryPop(out slot))
            {
                pending = PendingSend.Rent(_signal, request, _time.GetTimestamp(), cancellation);
                _waiting.Enqueue(pending);
                _waitingBytes += request.Body.Length;
            }
        }

        return pending is null ? SendAloneAsync(slot!, request) : pending.Task;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ForwardResult> SendAloneAsync(Slot slot, Outgoing request)
    {
        slot.Batch.Add(request.Body, request.Shared);
        var result = await _client.SendAsync(_signal, slot.Batch);
        slot.Batch.Clear();
        Note(result, 1);
        Release(slot);
        return result;
    }

    private void Release(Slot slot)
    {
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                _free.Push(slot);
                return;
            }
        }

        _ = DrainAsync(slot);
    }

    private async Task DrainAsync(Slot slot)
    {
        while (Take(slot))
        {
            // All in it were given up while they waited.
            if (slot.Batch.Count > 0)
            {
                await SendMergedAsync(slot);
            }
        }
    }

    /// <summary>Fills the slot with what waits, or gives it back when nothing does.</summary>
    private bool Take(Slot slot)
    {
        slot.Batch.Clear();
        slot.Clients.Clear();
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                _free.Push(slot);
                return false;
            }

            while (_waiting.TryPeek(out var next) && slot.Batch.HasRoomFor(_signal, next.Body.Length, _maxBytes))
            {
                _waiting.Dequeue();
                _waitingBytes -= next.Body.Length;
                if (next.Cancellation.IsCancellationRequested)
                {
                    next.Complete(ForwardResult.Unavailable("the client went away"));
                }
                else if (_time.GetElapsedTime(next.Since) > _patience)
                {
                    // Clients give up after 10 s by default and send it again: it would only arrive twice.
                    next.Complete(ForwardResult.Unavailable("the destination is too slow"));
                }
                else
                {
                    slot.Batch.Add(next.Body, next.Shared);
                    slot.Clients.Add(next);
                }
            }

            return true;
        }
    }

    private async Task SendMergedAsync(Slot slot)
    {
        var (batch, clients) = (slot.Batch, slot.Clients);
        var result = await _client.SendAsync(_signal, batch);
        if (result.Verdict != ForwardVerdict.Refused || clients.Count == 1)
        {
            Note(result, clients.Count);
            Answer(clients, result, batch.Bytes);
            return;
        }

        // One of them may be what it refuses: each by itself, so that it takes no others with it.
        if (result.Cause == ForwardCause.TooLarge)
        {
            _maxBytes = Math.Max(LeastMergedBytes, batch.Bytes / 2);
        }

        for (var i = 0; i < clients.Count; i++)
        {
            batch.Clear();
            batch.Add(clients[i].Body, clients[i].Shared);
            var own = await _client.SendAsync(_signal, batch);
            Note(own, 1);
            clients[i].Complete(own);
            if (own is { Verdict: ForwardVerdict.Unavailable, Cause: ForwardCause.NoAnswer })
            {
                // The others would wait for the same silence.
                for (i++; i < clients.Count; i++)
                {
                    clients[i].Complete(own);
                }
            }
        }
    }

    private static void Answer(List<PendingSend> clients, ForwardResult result, long total)
    {
        long from = 0;
        foreach (var client in clients)
        {
            // Read first: completing it gives it away.
            var to = from + client.Body.Length;
            client.Complete(result.Rejected == 0 ? result : result with { Rejected = Transport.PartialSuccess.Share(result.Rejected, from, to, total) });
            from = to;
        }
    }

    private void Note(ForwardResult result, int requests)
    {
        _health.Answered(result, requests);
        if (result.Verdict == ForwardVerdict.Refused)
        {
            _health.Refused(result.Reason);
        }
        else if (result.Verdict == ForwardVerdict.Unavailable && (result.Cause == ForwardCause.NoAnswer || result.RetryAfter is not null))
        {
            // It does not answer, or asked for a pause: who waits behind would only wait longer for the same.
            RefuseWaiting(result);
        }
    }

    private void RefuseWaiting(ForwardResult result)
    {
        lock (_gate)
        {
            while (_waiting.TryDequeue(out var next))
            {
                _waitingBytes -= next.Body.Length;
                next.Complete(result);
            }
        }
    }

    /// <summary>Room for one export in flight.</summary>
    private sealed class Slot
    {
        public ExportBatch Batch { get; } = new();

        public List<PendingSend> Clients { get; } = new(ExportBatch.MaxRequests);
    }
}
