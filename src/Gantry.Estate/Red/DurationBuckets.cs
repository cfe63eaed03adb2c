namespace Gantry.Estate.Red;

/// <summary>
/// The buckets that the semantic conventions advise for request durations, in seconds: 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75,
/// 1, 2.5, 5, 7.5, 10 and above. A bound belongs to its bucket (value ≤ bound), as in OTLP.
/// </summary>
public static class DurationBuckets
{
    /// <summary>Buckets, the one above the last bound included.</summary>
    public const int Count = 15;

    /// <summary>Upper bounds in nanoseconds, ascending.</summary>
    public static ReadOnlySpan<ulong> BoundsNano =>
    [
        5_000_000, 10_000_000, 25_000_000, 50_000_000, 75_000_000, 100_000_000, 250_000_000, 500_000_000, 750_000_000,
        1_000_000_000, 2_500_000_000, 5_000_000_000, 7_500_000_000, 10_000_000_000,
    ];

    public static int IndexOf(ulong nanoseconds)
    {
        var bounds = BoundsNano;
        var index = 0;
        // Most requests are fast: the walk ends early, and fourteen compares are the worst case.
        while (index < bounds.Length && nanoseconds > bounds[index])
        {
            index++;
        }

        return index;
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
}
