using Gantry.Gateway.Forward.Transport;
using Gantry.Protocol.Observations;

namespace Gantry.Gateway.Forward.Routes;

/// <summary>What waits for a best-effort destination, in memory, bounded. Full, it takes no more: the older data is nearer to being sent.</summary>
internal sealed class MemoryBacklog(long maxBytes, TimeProvider time) : IBacklog, IDisposable
{
    private readonly Lock _gate = new();
    private readonly Bell _bell = new();
    private readonly Queue<(Signal Signal, SharedRequest Request, long Since)> _queue = new();
    private long _bytes;

    public Waiting Waiting
    {
        get
        {
            lock (_gate)
            {
                return new Waiting(_queue.Count, _bytes, _queue.TryPeek(out var oldest) ? time.GetElapsedTime(oldest.Since) : TimeSpan.Zero);
            }
        }
    }

    /// <summary>Keeps a reference when there is room.</summary>
    public bool TryAdd(Signal signal, SharedRequest request)
    {
        lock (_gate)
        {
            if (_bytes + request.Body.Length > maxBytes)
            {
                return false;
            }

            _bytes += request.Body.Length;
            _queue.Enqueue((signal, request.AddReference(), time.GetTimestamp()));
        }

        _bell.Ring();
        return true;
    }

    public async ValueTask<Signal> ReadAsync(ExportBatch batch, int maxRequests, CancellationToken cancellation)
    {
        Signal signal;
        while (!TryRead(batch, maxRequests, out signal))
        {
            await _bell.WaitAsync(cancellation);
        }

        return signal;
    }

    public void Settle(int requests)
    {
        for (; requests > 0; requests--)
        {
            SharedRequest request;
            lock (_gate)
            {
                request = _queue.Dequeue().Request;
                _bytes -= request.Body.Length;
            }

            request.Dispose();
        }
    }

    public void SetAside()
    {
        // Best effort: it is counted, not kept.
    }

    public void Dispose()
    {
        Settle(_queue.Count);
        _bell.Dispose();
    }

    private bool TryRead(ExportBatch batch, int maxRequests, out Signal signal)
    {
        batch.Clear();
        lock (_gate)
        {
            signal = _queue.TryPeek(out var first) ? first.Signal : default;
            foreach (var (own, request, _) in _queue)
            {
                if (own != signal || !batch.HasRoomFor(own, request.Body.Length, maxRequests: maxRequests))
                {
                    break;
                }

                batch.Add(request.Body, request);
            }
        }

        return batch.Count > 0;
    }
}
