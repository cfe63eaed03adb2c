using Gantry.Protocol.Wire;

namespace Gantry.Hub.Observations;

/// <summary>
/// The times of one batch by the hub's clock: every age stays what the gateway measured, whatever its clock says, and nothing is newer than the
/// moment at which the hub received it.
/// </summary>
internal readonly struct BatchTimes(DateTimeOffset now, ulong sentUnixNano)
{
    private readonly TimeSpan _skew = sentUnixNano == 0 ? TimeSpan.Zero : now - UnixTime.FromUnixNano(sentUnixNano);

    public DateTimeOffset Now { get; } = now;

    /// <summary>The Unix epoch, which is older than any evidence, when the gateway told no time.</summary>
    public DateTimeOffset Of(ulong unixNano)
    {
        if (unixNano == 0)
        {
            return DateTimeOffset.UnixEpoch;
        }

        // No sum of two such times leaves what DateTimeOffset can hold.
        var at = UnixTime.FromUnixNano(unixNano) + _skew;
        return at < Now ? at : Now;
    }
}
