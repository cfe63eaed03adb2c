namespace Gantry.Hub.Ui.Charts;

/// <summary>The value axis: from 0 to a round number, in steps of 1, 2 or 5 times a power of ten.</summary>
/// <param name="Ticks">Ascending, 0 and <paramref name="Top"/> included.</param>
internal sealed record ValueScale(double Top, IReadOnlyList<double> Ticks)
{
    private const int Intervals = 3;

    /// <summary>Smaller is nothing: an axis needs some height.</summary>
    private const double Nothing = 1e-12;

    /// <param name="max">Largest value drawn; anything that is not a number counts as 0.</param>
    /// <param name="least">The top when values are smaller: noise must not fill the chart.</param>
    /// <param name="fixedTop">A top that is given by meaning, such as 100 %.</param>
    public static ValueScale For(double max, double least, double? fixedTop = null)
    {
        var wanted = double.IsFinite(max) ? Math.Min(Math.Max(max, least), 1e300) : least;
        wanted = wanted > Nothing ? wanted : 1;
        if (fixedTop is { } ceiling && wanted <= ceiling)
        {
            return new ValueScale(ceiling, [0, ceiling / 2, ceiling]);
        }

        var step = RoundUp(wanted / Intervals);
        var count = (int)Math.Ceiling((wanted / step) - 1e-9);
        var ticks = new double[count + 1];
        for (var i = 0; i <= count; i++)
        {
            ticks[i] = i * step;
        }

        return new ValueScale(ticks[^1], ticks);
    }

    private static double RoundUp(double value)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        var digit = value / power;
        return power * (digit <= 1.0000001 ? 1 : digit <= 2.0000001 ? 2 : digit <= 5.0000001 ? 5 : 10);
    }
}
