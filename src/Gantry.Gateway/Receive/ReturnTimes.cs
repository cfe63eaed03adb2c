namespace Gantry.Gateway.Receive;

/// <summary>
/// How long a turned-away client should wait: never the same for all, or they all come back at once; and longer the more were told so lately, because to
/// refuse a request costs much of what serving it would. Those who come back take a tenth of the requests that are served, so that an overload cannot feed itself.
/// </summary>
/// <param name="served">Requests that were let in since the start; asked once a second.</param>
internal sealed class ReturnTimes(Func<long> served, TimeProvider time)
{
    private const double Share = 0.1;

    /// <summary>Requests a second that any gateway is good for: where few come, one that is refused says nothing of how many it can take.</summary>
    private const double LeastPerSecond = 50;

    /// <summary>At least what they are spread over, in seconds.</summary>
    private const double LeastSpread = 10;

    /// <summary>Exporters give up after minutes; and an overload may be over soon.</summary>
    private const double MostSpread = 60;

    private readonly Lock _gate = new();
    private readonly long _start = time.GetTimestamp();
    private double _sampledAt;
    private long _servedThen;
    private double _perSecond;
    private double _bookedUntil;

    /// <param name="atLeast">What the destination asked for, if it did.</param>
    /// <returns>1 s and more.</returns>
    public TimeSpan Next(TimeSpan? atLeast = null)
    {
        var least = Math.Clamp(atLeast?.TotalSeconds ?? 1, 1, 3600);
        return TimeSpan.FromSeconds(least + (Random.Shared.NextDouble() * Math.Max(Book(), least / 2)));
    }

    /// <returns>Seconds that returns are spread over now.</returns>
    private double Book()
    {
        lock (_gate)
        {
            var now = time.GetElapsedTime(_start).TotalSeconds;
            Sample_NeedsLock(now);
            _bookedUntil = Math.Max(_bookedUntil, now) + (1 / (Share * Math.Max(_perSecond, LeastPerSecond)));
            // What is beyond the most is not remembered, or a long overload would be long over before anyone is told less.
            _bookedUntil = Math.Min(_bookedUntil, now + MostSpread);
            // Drawn evenly from zero to the spread, half of them return in its first half: so it is twice the mean.
            return Math.Clamp(2 * (_bookedUntil - now), LeastSpread, MostSpread);
        }
    }

    private void Sample_NeedsLock(double now)
    {
        var elapsed = now - _sampledAt;
        if (elapsed < 1)
        {
            return;
        }

        var count = served();
        var rate = (count - _servedThen) / elapsed;
        // A second may be an odd one; after a quiet time the last rate says nothing any more.
        _perSecond = elapsed > LeastSpread || _perSecond == 0 ? rate : (_perSecond + rate) / 2;
        (_sampledAt, _servedThen) = (now, count);
    }
}
