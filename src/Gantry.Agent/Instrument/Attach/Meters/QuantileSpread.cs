using System.Globalization;
using Gantry.Estate.Red;

namespace Gantry.Agent.Instrument.Attach.Meters;

/// <summary>What the runtime tells of the values of an interval: those at three ranks.</summary>
internal readonly record struct Quantiles(double Half, double P95, double P99)
{
    /// <summary>"0.5=0.0107;0.95=0.02;0.99=0.02", or with commas where the process's culture writes them; empty when there were no values.</summary>
    public static Quantiles Parse(ReadOnlySpan<char> text)
    {
        Span<double> values = stackalloc double[3];
        Span<char> number = stackalloc char[32];
        var found = 0;
        foreach (var range in text.Split(';'))
        {
            var part = text[range];
            var value = part[(part.IndexOf('=') + 1)..];
            if (found == values.Length || value.Length > number.Length)
            {
                break;
            }

            value.Replace(number, ',', '.');
            found += double.TryParse(number[..value.Length], NumberStyles.Float, CultureInfo.InvariantCulture, out values[found]) && double.IsFinite(values[found]) ? 1 : 0;
        }

        return new Quantiles(values[0], Math.Max(values[0], values[1]), Math.Max(values[0], Math.Max(values[1], values[2])));
    }
}

/// <summary>
/// Puts the values of an interval into buckets. The runtime sends no buckets, but count and sum, exactly, and the values at the ranks n/2, 0.95 n and 0.99 n, to
/// within a thousandth. Between these the values are taken to lie evenly on a logarithmic scale, as durations do; below and above them so that the sum comes out. The counts always add up to n.
/// </summary>
internal static class QuantileSpread
{
    /// <param name="buckets">Of <see cref="DurationBuckets"/>.</param>
    /// <param name="sum">In seconds.</param>
    public static void Add(ulong[] buckets, int count, double sum, Quantiles quantiles)
    {
        if (count == 1)
        {
            buckets[IndexOf(sum)]++;
            return;
        }

        Span<Stretch> stretches = stackalloc Stretch[4];
        Fill(stretches, count, sum, quantiles);
        ulong below = 0;
        for (var i = 0; i < buckets.Length; i++)
        {
            var upTo = i < buckets.Length - 1 ? Math.Max(below, (ulong)Math.Round(CountUpTo(stretches, DurationBuckets.BoundsNano[i] / 1e9))) : (ulong)count;
            buckets[i] += upTo - below;
            below = upTo;
        }
    }

    private static int IndexOf(double seconds) => DurationBuckets.IndexOf((ulong)(Math.Clamp(seconds, 0, 1e9) * 1e9));

    private static void Fill(Span<Stretch> stretches, int count, double sum, Quantiles q)
    {
        int half = Rank(0.5, count), p95 = Rank(0.95, count), p99 = Rank(0.99, count);
        var (lower, upper) = (half, count - p99);
        var middle = ((p95 - half) * Mean(q.Half, q.P95)) + ((p99 - p95) * Mean(q.P95, q.P99));
        // The mean of the lower half is at most the median, that of the upper hundredth at least the quantile below it.
        var lowerMean = lower == 1 ? q.Half : q.Half * 0.75;
        var upperMean = upper == 0 ? q.P99 : (sum - middle - (lower * lowerMean)) / upper;
        if (upperMean < q.P99)
        {
            upperMean = q.P99;
            lowerMean = Math.Clamp((sum - middle - (upper * upperMean)) / lower, 0, q.Half);
        }

        stretches[0] = new Stretch(lower, lower == 1 ? q.Half : Math.Max(0, (2 * lowerMean) - q.Half), q.Half);
        stretches[1] = new Stretch(p95 - half, q.Half, q.P95, IsLogarithmic: true);
        stretches[2] = new Stretch(p99 - p95, q.P95, q.P99, IsLogarithmic: true);
        stretches[3] = upper == 1 ? new Stretch(1, upperMean, upperMean) : new Stretch(upper, q.P99, (2 * upperMean) - q.P99);
    }

    /// <summary>As the runtime's aggregator takes it.</summary>
    private static int Rank(double quantile, int count) => Math.Max(1, (int)(quantile * count));

    private static double CountUpTo(ReadOnlySpan<Stretch> stretches, double bound)
    {
        double total = 0;
        foreach (var (count, from, to, isLogarithmic) in stretches)
        {
            var share = isLogarithmic && from > 0 ? Math.Log(bound / from) / Math.Log(to / from) : (bound - from) / (to - from);
            total += bound >= to ? count : bound <= from ? 0 : count * share;
        }

        return total;
    }

    /// <summary>Of values that lie evenly on a logarithmic scale.</summary>
    private static double Mean(double from, double to) => from > 0 && to > from ? (to - from) / Math.Log(to / from) : (from + to) / 2;

    private readonly record struct Stretch(int Count, double From, double To, bool IsLogarithmic = false);
}
