namespace Gantry.Gateway.Receive;

/// <summary>How long a turned-away client should wait: never the same for all, or they all come back at once.</summary>
internal static class RetryDelay
{
    /// <param name="atLeast">What the destination asked for, if it did.</param>
    public static TimeSpan Next(TimeSpan? atLeast = null)
    {
        var least = Math.Clamp(atLeast?.TotalSeconds ?? 1, 1, 3600);
        return TimeSpan.FromSeconds(least + (Random.Shared.NextDouble() * Math.Max(10, least / 2)));
    }
}
