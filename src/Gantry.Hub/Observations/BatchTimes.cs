namespace Gantry.Hub.Observations;

/// <summary>
/// The times of one batch by the hub's clock: every age stays what the gateway measured, whatever its clock says, and nothing is newer than the
/// moment at which the hub received it.
/// </summary>
internal readonly struct BatchTimes(DateTimeOffset now, ulong sentUnixNano)
{
    private readonly TimeSpan _skew = sentUnixNano == 0 ? TimeSpan.Zero : now - Read(sentUnixNano);

    public DateTimeOffset Now { get; } = now;

    /// <summary>The Unix epoch, which is older than any evidence, when the gateway told no time.</summary>
    public DateTimeOffset Of(ulong unixNano)
    {
        if (unixNano == 0)
        {
            return DateTimeOffset.UnixEpoch;
        }

        var at = Read(unixNano) + _skew;
        return at < Now ? at : Now;
    }

    // The largest of these is in the year 2554: no sum of two leaves what DateTimeOffset can hold.
    private static DateTimeOffset Read(ulong unixNano) => DateTimeOffset.UnixEpoch.AddTicks((long)(unixNano / 100));
}
