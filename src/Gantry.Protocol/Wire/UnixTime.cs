namespace Gantry.Protocol.Wire;

/// <summary>Times as OTLP and OpAMP write them: nanoseconds since the Unix epoch. .NET counts in steps of 100 of them.</summary>
public static class UnixTime
{
    public static ulong ToUnixNano(this DateTimeOffset time) => (ulong)(time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100;

    /// <summary>The largest number is in the year 2554, so that any number is a time.</summary>
    public static DateTimeOffset FromUnixNano(ulong nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks((long)(nanoseconds / 100));
}
