using System.Collections.Concurrent;
using System.IO.Pipelines;

namespace Gantry.Gateway.Receive.Body;

/// <summary>
/// Ends the reading of a body that comes too slowly, so that a sender cannot hold its room by sending a byte now and then. Kestrel's own limit is of no
/// use here: it looks at the average, so that a fast beginning buys many minutes, and it throws.
/// <para>Rent one per body; it costs a timer that is set when the body has to be waited for.</para>
/// </summary>
internal sealed class StallWatch : IDisposable
{
    /// <summary>Less than this in a period is too slow. Any client that lives sends faster over any line that is worth its name: 1 KiB/s in five seconds.</summary>
    public const int LeastBytes = 5 * 1024;

    private const int MostKept = 256;

    private static readonly ConcurrentBag<StallWatch> Pool = [];

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private PipeReader? _reader;
    private long _bytes;
    private long _bytesBefore;
    private bool _running;
    private long _since;
    private TimeSpan _period;

    private StallWatch(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(static state => ((StallWatch)state!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Was the reading ended?</summary>
    public bool IsTooSlow { get; private set; }

    public static StallWatch Rent(TimeProvider time)
    {
        // Watches of other clocks are those of other servers in this process, in tests.
        while (Pool.TryTake(out var watch))
        {
            if (ReferenceEquals(watch._time, time))
            {
                return watch;
            }

            watch._timer.Dispose();
        }

        return new StallWatch(time);
    }

    /// <summary>As <see cref="PipeReader.ReadAsync"/>; the result is canceled when the body <see cref="IsTooSlow"/>.</summary>
    public ValueTask<ReadResult> ReadAsync(PipeReader reader, TimeSpan period)
    {
        var read = reader.ReadAsync(CancellationToken.None);
        return read.IsCompleted ? read : WaitAsync(read, reader, period);
    }

    public void CountRead(long bytes) => Volatile.Write(ref _bytes, _bytes + bytes);

    public void Dispose()
    {
        lock (_gate)
        {
            if (_running)
            {
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }

            (_bytes, _bytesBefore, _running, _reader, IsTooSlow) = (0, 0, false, null, false);
        }

        if (Pool.Count < MostKept)
        {
            Pool.Add(this);
        }
        else
        {
            _timer.Dispose();
        }
    }

    private async ValueTask<ReadResult> WaitAsync(ValueTask<ReadResult> read, PipeReader reader, TimeSpan period)
    {
        lock (_gate)
        {
            _reader = reader;
            if (!_running)
            {
                _running = true;
                _since = _time.GetTimestamp();
                _period = period;
                _timer.Change(period, period);
            }
        }

        try
        {
            return await read;
        }
        finally
        {
            lock (_gate)
            {
                _reader = null;
            }
        }
    }

    private void Look()
    {
        lock (_gate)
        {
            // A tick that was due to the body before may come late, and would judge this one by its first moment. The clock of timers is coarser than
            // that of timestamps: a tick in time may look a little early.
            if (!_running || _time.GetElapsedTime(_since) < _period * 0.9)
            {
                return;
            }

            var bytes = Volatile.Read(ref _bytes);
            var since = bytes - _bytesBefore;
            _bytesBefore = bytes;
            // Only a reader that waits is ended: time that we take ourselves is not the sender's.
            if (_reader is not null && since < LeastBytes)
            {
                IsTooSlow = true;
                _reader.CancelPendingRead();
            }
        }
    }
}
