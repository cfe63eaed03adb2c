namespace Gantry.Hub.Ui.Charts;

/// <summary>How several measurements become one drawn point.</summary>
public enum Thinning
{
    /// <summary>For rates: the mean.</summary>
    Mean,

    /// <summary>For durations, utilisation and saturation: the highest, so that a short spike stays visible over a day.</summary>
    Highest,
}

/// <summary>Series of one chart group on shared times, thin enough to draw: a day of ten-second points is 8,640, and a chart has room for 120.</summary>
public sealed record SeriesGrid(IReadOnlyList<DateTimeOffset> Times, IReadOnlyList<IReadOnlyList<double?>> Values, TimeSpan Step)
{
    public static SeriesGrid Of<T>(
        IReadOnlyList<T> points,
        Func<T, DateTimeOffset> at,
        DateTimeOffset from,
        DateTimeOffset to,
        TimeSpan step,
        params (Func<T, double?> Value, Thinning Thinning)[] series)
    {
        var window = points.Where(point => at(point) >= from && at(point) <= to).ToArray();
        var native = NativeStep(window, at);
        return native >= step || window.Length == 0
            ? new SeriesGrid([.. window.Select(at)], [.. series.Select(one => window.Select(one.Value).ToArray())], native > step ? native : step)
            : Thin(window, at, from, step, series);
    }

    private static SeriesGrid Thin<T>(
        T[] window,
        Func<T, DateTimeOffset> at,
        DateTimeOffset from,
        TimeSpan step,
        (Func<T, double?> Value, Thinning Thinning)[] series)
    {
        var buckets = window.GroupBy(point => (at(point) - from).Ticks / step.Ticks).OrderBy(static bucket => bucket.Key).ToArray();
        return new SeriesGrid(
            [.. buckets.Select(bucket => from + (step * (bucket.Key + 0.5)))],
            [.. series.Select(one => buckets.Select(bucket => Join(bucket.Select(one.Value), one.Thinning)).ToArray())],
            step);
    }

    private static double? Join(IEnumerable<double?> values, Thinning thinning)
    {
        var known = values.OfType<double>().Where(double.IsFinite).DefaultIfEmpty(double.NaN);
        var joined = thinning == Thinning.Mean ? known.Average() : known.Max();
        return double.IsNaN(joined) ? null : joined;
    }

    /// <summary>The middle of the distances: robust against holes.</summary>
    private static TimeSpan NativeStep<T>(T[] points, Func<T, DateTimeOffset> at)
    {
        if (points.Length < 2)
        {
            return TimeSpan.Zero;
        }

        var distances = new TimeSpan[points.Length - 1];
        for (var i = 0; i < distances.Length; i++)
        {
            distances[i] = at(points[i + 1]) - at(points[i]);
        }

        Array.Sort(distances);
        return distances[distances.Length / 2];
    }
}
