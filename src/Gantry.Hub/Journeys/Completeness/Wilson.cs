namespace Gantry.Hub.Journeys.Completeness;

/// <summary>
/// The interval in which a share of all lies with 99 % certainty, when it was seen on some that were chosen by chance: the Wilson score interval
/// (E. B. Wilson, JASA 22, 1927), which holds also near 0 and 1. Where nearly all were looked at, it narrows by the finite population correction.
/// </summary>
internal static class Wilson
{
    private const double Z = 2.575829;

    private const double OneSided = 1.644854;

    /// <param name="good">Of <paramref name="chosen"/>, which is above 0.</param>
    /// <param name="all">How many there are; not less than chosen counts as chosen.</param>
    public static (double Low, double High) Interval(long good, long chosen, double all)
    {
        var share = (double)good / chosen;
        var population = Math.Max(all, chosen);
        // n' makes the variance of the share p(1-p)/n' what it is when n of N are drawn without putting back.
        var n = population <= chosen ? double.PositiveInfinity : chosen * ((population - 1) / (population - chosen));
        if (double.IsPositiveInfinity(n))
        {
            return (share, share);
        }

        return Of(share, n, Z);
    }

    /// <summary>The least that a share may be, with 95 % certainty, when it was <paramref name="part"/> of <paramref name="seen"/> (above 0), of no known number.</summary>
    public static double Least(double part, double seen) => Of(Math.Min(1, part / seen), seen, OneSided).Low;

    private static (double Low, double High) Of(double share, double n, double z)
    {
        var z2 = z * z;
        var middle = (share + (z2 / (2 * n))) / (1 + (z2 / n));
        var half = z / (1 + (z2 / n)) * Math.Sqrt((share * (1 - share) / n) + (z2 / (4 * n * n)));
        return (Math.Max(0, middle - half), Math.Min(1, middle + half));
    }
}
