using System.Globalization;

namespace Gantry.Hub.Ui.Charts;

public enum ChartUnit
{
    /// <summary>A ratio of 0 to 1, shown in %.</summary>
    Share,
    Seconds,
    BytesPerSecond,
    RequestsPerSecond,
    PerSecond,

    /// <summary>A whole number of things.</summary>
    Count,
}

internal static class ChartUnits
{
    /// <summary>A value in words, for readouts and descriptions.</summary>
    public static string Format(this ChartUnit unit, double? value) => unit switch
    {
        ChartUnit.Share => Figures.Share(value),
        ChartUnit.Seconds => Figures.Seconds(value),
        ChartUnit.BytesPerSecond => Figures.BytesPerSecond(value),
        ChartUnit.RequestsPerSecond => Figures.Rate(value),
        ChartUnit.Count => value is { } number && double.IsFinite(number) ? Figures.Number(number) : Figures.None,
        _ => Figures.PerSecond(value),
    };

    /// <summary>The key by which gantry.js formats its readout.</summary>
    public static string Key(this ChartUnit unit) => unit switch
    {
        ChartUnit.Share => "share",
        ChartUnit.Seconds => "seconds",
        ChartUnit.BytesPerSecond => "bytes",
        ChartUnit.RequestsPerSecond => "requests",
        ChartUnit.Count => "count",
        _ => "persecond",
    };

    /// <summary>A label of the value axis: all labels of an axis share the scale of its top, so that 0, 500, 1,000 ms does not turn into 1 s.</summary>
    public static string Tick(this ChartUnit unit, double value, double top)
    {
        var (factor, suffix) = unit switch
        {
            ChartUnit.Share => (100d, " %"),
            ChartUnit.Seconds when top < 0.001 => (1_000_000d, " µs"),
            ChartUnit.Seconds when top < 1 => (1_000d, " ms"),
            ChartUnit.Seconds => (1d, " s"),
            ChartUnit.BytesPerSecond when top < 1_000 => (1d, " B/s"),
            ChartUnit.BytesPerSecond when top < 1_000_000 => (1e-3, " kB/s"),
            ChartUnit.BytesPerSecond when top < 1_000_000_000 => (1e-6, " MB/s"),
            ChartUnit.BytesPerSecond => (1e-9, " GB/s"),
            ChartUnit.RequestsPerSecond when top >= 1_000_000 => (1e-6, "M req/s"),
            ChartUnit.RequestsPerSecond when top >= 1_000 => (1e-3, "k req/s"),
            ChartUnit.RequestsPerSecond => (1d, " req/s"),
            ChartUnit.Count => (1d, ""),
            _ when top >= 1_000_000 => (1e-6, "M /s"),
            _ when top >= 1_000 => (1e-3, "k /s"),
            _ => (1d, " /s"),
        };
        var scaled = value * factor;
        var text = Math.Abs(scaled) >= 1e9
            ? scaled.ToString("0.##e+0", CultureInfo.InvariantCulture)
            : scaled.ToString("#,0.####", CultureInfo.InvariantCulture);
        return text + suffix;
    }
}
