using System.Globalization;
using System.Text;

namespace Gantry.Hub.Ui.Charts;

/// <summary>A chart as coordinates: x from 0 to 1000 over the time window, y in CSS pixels.</summary>
/// <remarks>
/// <code>
///  y=0        ┌──────────────────────────────┐
///  y=Sky  40  │- - - - - - - - - - - - - - - │   x stretches with the page (preserveAspectRatio="none"), y does not:
///         20  │        lines and areas       │   lines keep their height, and text stands outside of what stretches,
///  Ground  0  │──────────────────────────────│   values in a gutter to the left (the padding of the outer svg)
///             │ 12:00      12:15      12:30  │
///  Height     └──────────────────────────────┘
/// </code>
/// </remarks>
internal sealed record ChartDrawing(
    IReadOnlyList<ValueTick> ValueTicks,
    IReadOnlyList<TimeTick> TimeTicks,
    IReadOnlyList<Line> Lines,
    string Description,
    bool Empty)
{
    public const int Width = 1000;
    public const int Sky = 10;
    public const int Height = 152;
    public const int Ground = Height - 20;

    /// <summary>A line is not drawn over a hole of more than so many steps.</summary>
    private const double GapInSteps = 2.5;

    public static ChartDrawing Of(ChartSpec spec)
    {
        var max = spec.Series.SelectMany(static series => series.Values).Select(static value => Usable(value) ?? 0).DefaultIfEmpty(0).Max();
        var scale = ValueScale.For(max, spec.LeastTop, spec.FixedTop);
        var lines = spec.Series.Select(series => Trace(spec, series, scale)).ToArray();
        return new ChartDrawing(
            [.. scale.Ticks.Select(tick => new ValueTick(Y(tick, scale), spec.Unit.Tick(tick, scale.Top)))],
            [.. TicksOf(spec)],
            lines,
            Describe(spec, lines),
            Array.TrueForAll(lines, static line => line.Last is null));
    }

    private static Line Trace(ChartSpec spec, ChartSeries series, ValueScale scale)
    {
        var path = new StringBuilder();
        var area = new StringBuilder();
        var dots = new List<Dot>();
        var run = new List<(double X, double Y)>();
        double? min = null, max = null, last = null;
        DateTimeOffset? previous = null, lastAt = null;
        for (var i = 0; i < spec.Times.Count; i++)
        {
            var at = spec.Times[i];
            if (at < spec.From || at > spec.To)
            {
                continue;
            }

            var value = i < series.Values.Count ? Usable(series.Values[i]) : null;
            if (value is null || (previous is { } before && (at - before) > spec.Step * GapInSteps))
            {
                Finish(run, path, area, dots);
            }

            previous = at;
            if (value is { } number)
            {
                run.Add((X(at, spec), Y(number, scale)));
                min = min is null ? number : Math.Min(min.Value, number);
                max = max is null ? number : Math.Max(max.Value, number);
                last = number;
                lastAt = at;
            }
        }

        Finish(run, path, area, dots);
        return new Line(series.Name, series.Style, path.ToString(), area.ToString(), dots, min, max, last, lastAt);
    }

    /// <summary>Ends a run of neighbouring points. A point without neighbours would be invisible as a line: it becomes a dot.</summary>
    private static void Finish(List<(double X, double Y)> run, StringBuilder path, StringBuilder area, List<Dot> dots)
    {
        if (run.Count == 1)
        {
            dots.Add(new Dot(Text(run[0].X / Width * 100) + "%", Text(run[0].Y)));
        }
        else if (run.Count > 1)
        {
            area.Append(CultureInfo.InvariantCulture, $"M{Text(run[0].X)} {Ground}");
            for (var i = 0; i < run.Count; i++)
            {
                path.Append(i == 0 ? 'M' : 'L').Append(Text(run[i].X)).Append(' ').Append(Text(run[i].Y));
                area.Append('L').Append(Text(run[i].X)).Append(' ').Append(Text(run[i].Y));
            }

            area.Append(CultureInfo.InvariantCulture, $"L{Text(run[^1].X)} {Ground}Z");
        }

        run.Clear();
    }

    private static IEnumerable<TimeTick> TicksOf(ChartSpec spec)
    {
        var every = spec.TickEvery.Ticks;
        var span = spec.To - spec.From;
        for (var ticks = ((spec.From.UtcTicks / every) + 1) * every; ticks <= spec.To.UtcTicks; ticks += every)
        {
            var at = new DateTimeOffset(ticks, TimeSpan.Zero);
            var share = (at - spec.From) / span;
            // A label at the very edge would be cut.
            if (share is > 0.03 and < 0.97)
            {
                yield return new TimeTick(Text(share * 100) + "%", Text(share * Width), at.ToString(spec.TickEvery >= TimeSpan.FromDays(1) ? "d MMM" : "HH:mm", CultureInfo.InvariantCulture));
            }
        }
    }

    private static string Describe(ChartSpec spec, Line[] lines)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"From {Figures.Utc(spec.From)} to {Figures.Utc(spec.To)}.");
        foreach (var line in lines)
        {
            text.Append(line.Last is null
                ? $" {line.Name}: no data."
                : $" {line.Name}: lowest {spec.Unit.Format(line.Min)}, highest {spec.Unit.Format(line.Max)}, last {spec.Unit.Format(line.Last)}.");
        }

        return text.ToString();
    }

    private static double X(DateTimeOffset at, ChartSpec spec) => (at - spec.From) / (spec.To - spec.From) * Width;

    private static double Y(double value, ValueScale scale) =>
        Ground - (Math.Clamp(value / scale.Top, 0, 1) * (Ground - Sky));

    private static double? Usable(double? value) => value is { } number && double.IsFinite(number) ? number : null;

    private static string Text(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}

internal sealed record ValueTick(double Y, string Label);

/// <param name="Percent">Of the width, for text that does not stretch.</param>
/// <param name="X">In drawing units, for lines that do.</param>
internal sealed record TimeTick(string Percent, string X, string Label);

internal sealed record Dot(string X, string Y);

internal sealed record Line(string Name, LineStyle Style, string Path, string Area, IReadOnlyList<Dot> Dots, double? Min, double? Max, double? Last, DateTimeOffset? LastAt);
