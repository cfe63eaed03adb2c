using Gantry.Estate.Red;
using Gantry.Gateway.Observe;

namespace Gantry.Gateway.Report;

/// <summary>Counts and durations of one series over some time.</summary>
internal sealed class Tally
{
    public ulong Calls { get; private set; }

    public ulong Failed { get; private set; }

    public ulong DurationNano { get; private set; }

    /// <summary>By <see cref="DurationBuckets"/>; their sum is <see cref="Calls"/>.</summary>
    public ulong[] Buckets { get; } = new ulong[DurationBuckets.Count];

    /// <summary>By <see cref="ExponentialBuckets"/>, where they are kept.</summary>
    public FineCounts Fine { get; } = new();

    public void Add(scoped in Drained drained)
    {
        Add(drained.Counts.Calls, drained.Counts.Failed, drained.Counts.DurationNano, drained.Buckets);
        Fine.Add(0, drained.Fine);
    }

    public void Add(Tally other)
    {
        Add(other.Calls, other.Failed, other.DurationNano, other.Buckets);
        Fine.Add(other.Fine.First, other.Fine.Counts);
    }

    private void Add(ulong calls, ulong failed, ulong durationNano, ReadOnlySpan<ulong> buckets)
    {
        Calls += calls;
        Failed += failed;
        DurationNano += durationNano;
        for (var i = 0; i < buckets.Length; i++)
        {
            Buckets[i] += buckets[i];
        }
    }
}
