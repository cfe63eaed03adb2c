using System.Globalization;

namespace Gantry.Hub.Ui;

/// <summary>Numbers as a person reads them: three significant digits, and the unit always beside them.</summary>
internal static class Figures
{
    public const string None = "–";

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Count(ulong value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Rate(double? perSecond) => Usable(perSecond) is { } value ? Number(value) + " req/s" : None;

    public static string PerSecond(double? perSecond) => Usable(perSecond) is { } value ? Number(value) + " /s" : None;

    /// <summary>A ratio of 0 to 1. What is not nothing never reads as 0 %.</summary>
    public static string Share(double? ratio) => Usable(ratio) switch
    {
        null => None,
        > 0 and < 0.001 => "<0.1 %",
        < 1 and > 0.999 => ">99.9 %",
        { } value when Math.Abs(value) < 0.1 => (value * 100).ToString("0.#", CultureInfo.InvariantCulture) + " %",
        { } value => Number(Math.Round(value * 100)) + " %",
    };

    public static string Seconds(double? seconds) => Usable(seconds) switch
    {
        null => None,
        0 => "0 ms",
        < 0.001 and { } value => Number(value * 1_000_000) + " µs",
        < 1 and { } value => Number(value * 1_000) + " ms",
        < 120 and { } value => Number(value) + " s",
        { } value => Number(value / 60) + " min",
    };

    /// <summary>A percentile of a duration. It was interpolated within a bucket, so it has two digits, and below the first bound or above the last only
    /// the bound is known.</summary>
    public static string Percentile(double? seconds) => Usable(seconds) switch
    {
        null => None,
        <= 0.005 => "≤ 5 ms",
        >= 10 => "> 10 s",
        < 1 and { } value => Number(TwoDigits(value * 1_000)) + " ms",
        { } value => Number(TwoDigits(value)) + " s",
    };

    public static string BytesPerSecond(double? bytes) => Usable(bytes) switch
    {
        null => None,
        < 1_000 and { } value => Number(value) + " B/s",
        < 1_000_000 and { } value => Number(value / 1_000) + " kB/s",
        < 1_000_000_000 and { } value => Number(value / 1_000_000) + " MB/s",
        { } value => Number(value / 1_000_000_000) + " GB/s",
    };

    /// <summary>How old evidence is. The browser repeats these rules (gantry.js, <c>age</c>) so that ages tick without a request.</summary>
    public static string Age(TimeSpan age) => age.TotalSeconds switch
    {
        < 1 => "just now",
        < 60 and var s => $"{(int)s} s ago",
        < 3_600 and var s => $"{(int)(s / 60)} min ago",
        < 172_800 and var s => $"{(int)(s / 3_600)} h ago",
        var s => $"{(int)(s / 86_400)} d ago",
    };

    public static string Utc(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    public static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static string Number(double value)
    {
        var size = Math.Abs(value);
        return size switch
        {
            0 => "0",
            >= 1e15 => value.ToString("0.##e+0", CultureInfo.InvariantCulture),
            >= 1_000 => Math.Round(value).ToString("N0", CultureInfo.InvariantCulture),
            >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
            >= 10 => value.ToString("0.#", CultureInfo.InvariantCulture),
            >= 0.01 => value.ToString("0.##", CultureInfo.InvariantCulture),
            _ => value.ToString("0.##e+0", CultureInfo.InvariantCulture),
        };
    }

    private static double TwoDigits(double value)
    {
        var scale = Math.Pow(10, Math.Floor(Math.Log10(value)) - 1);
        return Math.Round(value / scale) * scale;
    }

    private static double? Usable(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
