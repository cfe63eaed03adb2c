using System.Globalization;

namespace Gantry.Hub.Fleet;

/// <summary>So many per second, and so many at once. Thread-safe.</summary>
/// <param name="atOnce">0: twice of a second's.</param>
internal sealed class TokenBucket(TimeProvider time, double perSecond, double atOnce = 0)
{
    private readonly double _most = atOnce > 0 ? atOnce : Math.Max(1, perSecond * 2);
    private readonly Lock _lock = new();
    private double _tokens = atOnce > 0 ? atOnce : Math.Max(1, perSecond * 2);
    private long _at = time.GetTimestamp();

    public bool TryTake() => TryReserve(TimeSpan.Zero, out _);

    /// <summary>Takes one that is there, or will be after a wait of <paramref name="patience"/> at most: whoever comes then finds it gone.</summary>
    public bool TryReserve(TimeSpan patience, out TimeSpan wait)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            _tokens = Math.Min(_most, _tokens + (time.GetElapsedTime(_at, now).TotalSeconds * perSecond));
            _at = now;
            wait = TimeSpan.FromSeconds(Math.Max(0, 1 - _tokens) / perSecond);
            if (wait > patience)
            {
                return false;
            }

            _tokens--;
            return true;
        }
    }
}

/// <summary>When to come again: 30 to 90 s, drawn anew for each, so that those who were turned away together do not come back together. 30 s is the least that
/// the specification recommends.</summary>
internal static class RetryAfter
{
    public static TimeSpan Draw() => TimeSpan.FromSeconds(30 + Random.Shared.Next(61));

    public static string Header() => Draw().TotalSeconds.ToString(CultureInfo.InvariantCulture);
}
