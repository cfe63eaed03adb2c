namespace Gantry.Gateway.Receive;

/// <summary>How long a turned-away client should wait: never the same for all, or they all come back at once.</summary>
internal static class RetryDelay
{
    public static TimeSpan Next() => TimeSpan.FromSeconds(1 + Random.Shared.Next(0, 10));
}
