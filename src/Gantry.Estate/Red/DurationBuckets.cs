using System.Numerics;
using System.Runtime.Intrinsics;

namespace Gantry.Estate.Red;

/// <summary>
/// The buckets that the semantic conventions advise for request durations, in seconds: 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75,
/// 1, 2.5, 5, 7.5, 10 and above. A bound belongs to its bucket (value ≤ bound), as in OTLP.
/// </summary>
public static class DurationBuckets
{
    /// <summary>Buckets, the one above the last bound included.</summary>
    public const int Count = 15;

    private static readonly Vector256<ulong>[] Bounds = Vectors();

    /// <summary>Upper bounds in nanoseconds, ascending.</summary>
    public static ReadOnlySpan<ulong> BoundsNano =>
    [
        5_000_000, 10_000_000, 25_000_000, 50_000_000, 75_000_000, 100_000_000, 250_000_000, 500_000_000, 750_000_000,
        1_000_000_000, 2_500_000_000, 5_000_000_000, 7_500_000_000, 10_000_000_000,
    ];

    public static int IndexOf(ulong nanoseconds)
    {
        // How many bounds are below: all are compared, because where a walk over them would end cannot be predicted.
        var value = Vector256.Create(nanoseconds);
        var count = 0;
        foreach (ref readonly var four in Bounds.AsSpan())
        {
            count += BitOperations.PopCount(Vector256.GreaterThan(value, four).ExtractMostSignificantBits());
        }

        return count;
    }

    /// <summary>The <paramref name="quantile"/> (0 to 1) in seconds, interpolated linearly within its bucket, as Prometheus does; beyond
    /// the last bound it is that bound. Null when there are no counts.</summary>
    public static double? Quantile(ReadOnlySpan<ulong> counts, double quantile)
    {
        ulong total = 0;
        foreach (var count in counts)
        {
            total += count;
        }

        if (total == 0)
        {
            return null;
        }

        var rank = quantile * total;
        double below = 0;
        for (var i = 0; i < BoundsNano.Length; i++)
        {
            var inBucket = (double)counts[i];
            if (inBucket > 0 && below + inBucket >= rank)
            {
                var low = i == 0 ? 0 : BoundsNano[i - 1];
                return (low + ((BoundsNano[i] - low) * ((rank - below) / inBucket))) / 1e9;
            }

            below += inBucket;
        }

        return BoundsNano[^1] / 1e9;
    }

    private static Vector256<ulong>[] Vectors()
    {
        // Sixteen places for fourteen bounds: nothing is above the last two.
        var padded = new ulong[16];
        padded.AsSpan().Fill(ulong.MaxValue);
        BoundsNano.CopyTo(padded);
        return [.. padded.Chunk(4).Select(four => Vector256.Create(four))];
    }
}
