namespace Gantry.Hub.Sampling;

/// <summary>
/// Gateways that wait for the next policy. Each is one awaited task and nothing else: those whose patience ends in the same second share it, one tick a
/// second ends the ones that are due, and a change ends all.
/// </summary>
internal sealed class SamplingWaiters(IHostApplicationLifetime lifetime, TimeProvider time, ILogger<SamplingWaiters> logger) : PeriodicService(Tick, time, logger)
{
    public const int Most = 20_000;

    public const int LongestSeconds = 60;

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource[] _slots = [.. Enumerable.Range(0, LongestSeconds + 1).Select(_ => NewSlot())];
    private int _now;
    private int _count;
    private bool _stopping;

    protected override string What => "Waking gateways that wait for a policy";

    /// <summary>How many wait.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Ends after about <paramref name="seconds"/> (1 to 60), or with the next change. Ask first, then compare what you have, then wait: so no change is missed.</summary>
    public Task Next(int seconds)
    {
        lock (_gate)
        {
            return _stopping ? Task.CompletedTask : _slots[(_now + Math.Clamp(seconds, 1, LongestSeconds)) % _slots.Length].Task;
        }
    }

    /// <summary>False when there are as many as the hub can hold; then nobody need leave.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _count) <= Most)
        {
            return true;
        }

        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _count);

    public void WakeAll()
    {
        lock (_gate)
        {
            for (var i = 0; i < _slots.Length; i++)
            {
                Wake_NeedsLock(i);
            }
        }
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // When the hub begins to stop, not when its services do: the server waits for open requests first.
        lifetime.ApplicationStopping.Register(Stop);
        return base.StartAsync(cancellationToken);
    }

    protected override void Round()
    {
        lock (_gate)
        {
            _now = (_now + 1) % _slots.Length;
            Wake_NeedsLock(_now);
        }
    }

    private static TaskCompletionSource NewSlot() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Stop()
    {
        lock (_gate)
        {
            _stopping = true;
        }

        WakeAll();
    }

    private void Wake_NeedsLock(int slot)
    {
        var waited = _slots[slot];
        _slots[slot] = NewSlot();
        waited.SetResult();
    }
}
