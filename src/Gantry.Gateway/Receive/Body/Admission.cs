namespace Gantry.Gateway.Receive.Body;

/// <summary>
/// Bounds the bytes of all requests that are held at once. Who finds no room waits in order of arrival, its body unread, so that flow control holds
/// the sender back at no cost; after <c>patience</c> it is turned away.
/// <para>
/// A request grows while it is read and inflated, and holds what it has while it waits for more. So that not all wait for each other, one at a
/// time may go over the bound: held ≤ capacity + what one request needs.
/// </para>
/// Thread-safe.
/// </summary>
internal sealed class Admission : IDisposable
{
    // How late an impatient one may learn it.
    private static readonly TimeSpan Sweep = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly Queue<Waiter> _growing = new();
    private readonly Queue<Waiter> _entering = new();
    private readonly long _capacity;
    private readonly int _maxWaiting;
    private readonly TimeSpan _patience;
    private readonly ReceiveStats _stats;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _held;
    private int _waiting;
    private bool _sweeping;
    private Reservation? _overdrawn;

    /// <param name="capacity">Bytes.</param>
    /// <param name="maxWaiting">Requests that may wait to enter; the next one is turned away at once.</param>
    public Admission(long capacity, int maxWaiting, TimeSpan patience, ReceiveStats stats, TimeProvider time)
    {
        (_capacity, _maxWaiting, _patience, _stats, _time) = (capacity, maxWaiting, patience, stats, time);
        _timer = time.CreateTimer(static state => ((Admission)state!).TurnAwayTheImpatient(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Bytes that are held now.</summary>
    public long Held => Volatile.Read(ref _held);

    /// <summary>Requests that wait now.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <returns>False: turned away. What the reservation held before, it still holds.</returns>
    /// <exception cref="OperationCanceledException">The client went away while it waited.</exception>
    public ValueTask<bool> TakeAsync(Reservation reservation, int bytes, CancellationToken gone)
    {
        Waiter waiter;
        lock (_gate)
        {
            var isNew = reservation.Held == 0;
            if (TryGrant_NeedsLock(reservation, bytes, behind: isNew ? _growing.Count + _entering.Count : _growing.Count))
            {
                return ValueTask.FromResult(true);
            }

            if (isNew && _waiting >= _maxWaiting)
            {
                _stats.CountRefusal();
                return ValueTask.FromResult(false);
            }

            waiter = new Waiter(reservation, bytes, _time.GetTimestamp());
            (isNew ? _entering : _growing).Enqueue(waiter);
            _waiting++;
            if (!_sweeping)
            {
                _sweeping = true;
                _timer.Change(Sweep, Sweep);
            }
        }

        _stats.CountWait();
        return new ValueTask<bool>(WaitAsync(waiter, gone));
    }

    /// <summary>Gives back some or all of what a reservation holds.</summary>
    public void Return(Reservation reservation, long bytes)
    {
        lock (_gate)
        {
            TakeBack_NeedsLock(reservation, bytes);
            if (_waiting > 0)
            {
                LetIn_NeedsLock();
            }
        }
    }

    /// <summary>Gives back all that a reservation holds; nothing, when it holds nothing.</summary>
    public void ReturnAll(Reservation reservation)
    {
        lock (_gate)
        {
            // Read here: a waiter that is cancelled while it is let in is granted its bytes and loses them again, and outside the lock both would count.
            TakeBack_NeedsLock(reservation, reservation.Held);
            if (_waiting > 0)
            {
                LetIn_NeedsLock();
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private static async Task<bool> WaitAsync(Waiter waiter, CancellationToken gone)
    {
        // A waiter that is cancelled stays in the queue as a husk until it comes up.
        await using var leave = gone.UnsafeRegister(static (state, token) => ((Waiter)state!).TrySetCanceled(token), waiter);
        return await waiter.Task;
    }

    private bool TryGrant_NeedsLock(Reservation reservation, long bytes, int behind)
    {
        var fits = behind == 0 && _held + bytes <= _capacity;
        if (!fits && _overdrawn != reservation)
        {
            // A new one can wait without harm, unless there is nobody to wait for.
            if (_overdrawn is not null || (reservation.Held == 0 && (_held > 0 || behind > 0)))
            {
                return false;
            }

            _overdrawn = reservation;
        }

        _held += bytes;
        reservation.Held += bytes;
        return true;
    }

    private void TakeBack_NeedsLock(Reservation reservation, long bytes)
    {
        _held -= bytes;
        reservation.Held -= bytes;
        if (_overdrawn == reservation && reservation.Held == 0)
        {
            _overdrawn = null;
        }
    }

    private void LetIn_NeedsLock()
    {
        if (LetIn_NeedsLock(_growing))
        {
            LetIn_NeedsLock(_entering);
        }
    }

    /// <returns>Is the queue empty?</returns>
    private bool LetIn_NeedsLock(Queue<Waiter> queue)
    {
        while (queue.TryPeek(out var first))
        {
            if (!first.Task.IsCompleted)
            {
                if (!TryGrant_NeedsLock(first.Reservation, first.Bytes, behind: 0))
                {
                    return false;
                }

                if (!first.TrySetResult(true))
                {
                    // It was cancelled in this moment; its owner may be gone, so nothing may be left with it.
                    TakeBack_NeedsLock(first.Reservation, first.Bytes);
                }
            }

            queue.Dequeue();
            _waiting--;
        }

        return true;
    }

    private void TurnAwayTheImpatient()
    {
        lock (_gate)
        {
            TurnAway_NeedsLock(_growing);
            TurnAway_NeedsLock(_entering);
            LetIn_NeedsLock();
            if (_waiting == 0)
            {
                _sweeping = false;
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void TurnAway_NeedsLock(Queue<Waiter> queue)
    {
        while (queue.TryPeek(out var first) && (first.Task.IsCompleted || _time.GetElapsedTime(first.Since) >= _patience))
        {
            queue.Dequeue();
            _waiting--;
            if (first.TrySetResult(false))
            {
                _stats.CountRefusal();
            }
        }
    }

    private sealed class Waiter(Reservation reservation, int bytes, long since) : TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public Reservation Reservation { get; } = reservation;

        public int Bytes { get; } = bytes;

        public long Since { get; } = since;
    }
}

/// <summary>What one request holds of the bound. Used by one thread at a time; dispose gives all of it back.</summary>
internal sealed class Reservation(Admission admission) : IDisposable
{
    /// <summary>Bytes; <see cref="Admission"/> keeps it, and reads it under its lock.</summary>
    public long Held { get; set; }

    /// <inheritdoc cref="Admission.TakeAsync"/>
    public ValueTask<bool> TakeAsync(int bytes, CancellationToken gone) => admission.TakeAsync(this, bytes, gone);

    public void Return(int bytes) => admission.Return(this, bytes);

    public void Dispose() => admission.ReturnAll(this);
}
