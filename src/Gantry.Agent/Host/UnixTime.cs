namespace Gantry.Agent.Host;

internal static class UnixTime
{
    public static ulong ToUnixNano(this DateTimeOffset time) => (ulong)(time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100;
}
