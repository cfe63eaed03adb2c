using System.Globalization;
using Gantry.Estate.Red;

namespace Gantry.Estate.Journeys;

/// <summary>Values of journeys, as documents spell them.</summary>
public static class JourneyWords
{
    public static readonly TimeSpan ShortestWindow = TimeSpan.FromHours(1);

    public static readonly TimeSpan LongestWindow = TimeSpan.FromDays(90);

    private static readonly (char Unit, TimeSpan Span)[] Units =
    [
        ('w', TimeSpan.FromDays(7)), ('d', TimeSpan.FromDays(1)), ('h', TimeSpan.FromHours(1)), ('m', TimeSpan.FromMinutes(1)),
    ];

    /// <summary>"99.5%" or "0.995" to 0.995. Worked out in decimals, so that both give the same number.</summary>
    /// <returns>Null for what is no number, or not from 0 to 1.</returns>
    public static double? ParseShare(string text)
    {
        var percent = text.EndsWith('%');
        return decimal.TryParse(percent ? text[..^1].TrimEnd() : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && (percent ? number / 100 : number) is >= 0 and <= 1 and var share
            ? (double)share
            : null;
    }

    /// <summary>"99.5%".</summary>
    public static string Share(double share) => $"{((decimal)share * 100).ToString("0.############", CultureInfo.InvariantCulture)}%";

    /// <summary>"28d", "4w", "12h" or "90m": whole minutes.</summary>
    /// <returns>Null for another text, and for what is not above zero or longer than a year.</returns>
    public static TimeSpan? ParseWindow(string text)
    {
        foreach (var (unit, span) in Units)
        {
            if (text.EndsWith(unit) && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            {
                return count > 0 && count <= TimeSpan.FromDays(366) / span ? count * span : null;
            }
        }

        return null;
    }

    /// <summary>"28d", "36h" or "90m".</summary>
    public static string Window(TimeSpan window)
    {
        foreach (var (unit, span) in Units[1..])
        {
            if (window.Ticks % span.Ticks == 0)
            {
                return $"{window.Ticks / span.Ticks}{unit}";
            }
        }

        return $"{window.TotalSeconds.ToString(CultureInfo.InvariantCulture)}s";
    }

    /// <summary>Index of the bucket that ends at the threshold; null where it is none of the bounds.</summary>
    public static int? BucketOf(TimeSpan threshold)
    {
        var index = DurationBuckets.BoundsNano.IndexOf((ulong)threshold.Ticks * TimeSpan.NanosecondsPerTick);
        return index < 0 ? null : index;
    }

    /// <summary>The bounds next to a duration, below and above; one where it lies beyond the last or before the first.</summary>
    public static IReadOnlyList<TimeSpan> NearestBounds(TimeSpan duration)
    {
        var bounds = new List<TimeSpan>();
        foreach (var bound in DurationBuckets.BoundsNano)
        {
            bounds.Add(TimeSpan.FromTicks((long)bound / TimeSpan.NanosecondsPerTick));
        }

        return [.. bounds.Where(bound => bound < duration).TakeLast(1), .. bounds.Where(bound => bound > duration).Take(1)];
    }
}
