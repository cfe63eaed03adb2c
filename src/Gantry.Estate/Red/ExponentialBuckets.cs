using System.Numerics;

namespace Gantry.Estate.Red;

/// <summary>
/// Buckets of an OTLP exponential histogram with <see cref="Scale"/> 2: four to each doubling, the value in the middle of one at most 9 % off. 160 of
/// them, the customary most, span 1 µs to 13 days; what is below is in the first, above in the last.
/// </summary>
public static class ExponentialBuckets
{
    public const int Scale = 2;

    public const int Count = 160;

    private const int PerDoubling = 1 << Scale;

    /// <summary>OTLP's index of the first bucket, in seconds: bucket i holds (base^i, base^(i+1)], base = 2^(1/4); 2^-20 s is about a microsecond.</summary>
    public const int Offset = -20 * PerDoubling;

    private static readonly double[] Bounds = [.. Enumerable.Range(1, Count).Select(i => Math.Pow(2, (double)(Offset + i) / PerDoubling) * 1e9)];

    /// <summary>Index from 0; add <see cref="Offset"/> for OTLP's.</summary>
    public static int IndexOf(ulong nanoseconds)
    {
        // The doubling comes from the number of bits, which may be one too low; the last steps are compared.
        var doubling = Math.Max(0, 62 - BitOperations.LeadingZeroCount(nanoseconds | 1) - 10);
        var index = Math.Min(Math.Max(0, (doubling - 1) * PerDoubling), Count - 1);
        while (index < Count - 1 && nanoseconds > Bounds[index])
        {
            index++;
        }

        return index;
    }

    /// <summary>Upper bound in seconds.</summary>
    public static double UpperBoundSeconds(int index) => Bounds[index] / 1e9;
}
