namespace Gantry.Gateway.Forward.Routes;

/// <summary>Between attempts at a destination that does not take data: doubling, half of it random, never sooner than it asked.</summary>
internal sealed class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    // A peer may ask for a year; we look again within the hour.
    private static readonly TimeSpan LongestAsked = TimeSpan.FromHours(1);

    private TimeSpan _next = First;

    public void Reset() => _next = First;

    public TimeSpan Next(TimeSpan? asked)
    {
        var delay = _next * (0.5 + (Random.Shared.NextDouble() / 2));
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        var least = asked is { } wanted && wanted > TimeSpan.Zero ? (wanted < LongestAsked ? wanted : LongestAsked) : TimeSpan.Zero;
        // Above what was asked, so that not all gateways come at that moment.
        return least > TimeSpan.Zero ? least + (delay * 0.5) : delay;
    }
}
