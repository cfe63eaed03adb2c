using System.Buffers.Binary;

namespace Gantry.Agent.Instrument.Attach.Nettrace;

/// <summary>
/// What a stream's ticks mean. Trace object: a SYSTEMTIME (year, month, day of week, day, hour, minute, second, millisecond, u16 each), the tick of that moment i64,
/// ticks a second i64, then facts of the machine. On Linux ticks are nanoseconds of the monotonic clock.
/// </summary>
/// <param name="SyncUnixNano">The moment, to the millisecond.</param>
/// <param name="IsShared">Its ticks are of the monotonic clock that we have too. Said once, when the stream began: a wall clock that is set later changes nothing of it.</param>
internal readonly record struct StreamClock(ulong SyncUnixNano, long SyncTicks, long Frequency, bool IsShared)
{
    /// <summary>A stream tells the time to the millisecond. Within that, the monotonic clock that we share with the process knows better.</summary>
    private const long Tolerance = 5_000_000;

    /// <returns>Unix time in nanoseconds minus the monotonic clock, which we share with every process of the host, as it is now.</returns>
    public static long SharedOffset() =>
        ((TimeProvider.System.GetUtcNow().UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100) - (long)(TimeProvider.System.GetTimestamp() * (1e9 / TimeProvider.System.TimestampFrequency));

    /// <param name="shared">As <see cref="SharedOffset"/> says now, as the stream begins.</param>
    public static StreamClock Parse(ReadOnlySpan<byte> trace, long shared)
    {
        Span<int> parts = stackalloc int[8];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = BinaryPrimitives.ReadUInt16LittleEndian(trace[(i * 2)..]);
        }

        var frequency = BinaryPrimitives.ReadInt64LittleEndian(trace[24..]);
        var isTime = parts[0] is > 1970 and < 9999 && parts[1] is >= 1 and <= 12 && parts[3] >= 1 && parts[3] <= DateTime.DaysInMonth(parts[0], parts[1])
            && parts[4] < 24 && parts[5] < 60 && parts[6] < 60 && parts[7] < 1000;
        if (!isTime || frequency <= 0)
        {
            throw NettraceReader.Malformed("its clock says nothing");
        }

        var time = new DateTimeOffset(parts[0], parts[1], parts[3], parts[4], parts[5], parts[6], parts[7], TimeSpan.Zero);
        var clock = new StreamClock((ulong)(time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100, BinaryPrimitives.ReadInt64LittleEndian(trace[16..]), frequency, IsShared: false);
        return clock with { IsShared = Math.Abs(clock.OwnOffset - shared) <= Tolerance };
    }

    /// <param name="shared">Unix time in nanoseconds minus the monotonic clock, as we see them now.</param>
    /// <returns>What to add to a tick in nanoseconds to have Unix time.</returns>
    public long Offset(long shared) => IsShared ? shared : OwnOffset;

    private long OwnOffset => (long)SyncUnixNano - Nanoseconds(SyncTicks);

    public long Nanoseconds(long ticks) => Frequency == 1_000_000_000 ? ticks : (long)(ticks * (1e9 / Frequency));
}
