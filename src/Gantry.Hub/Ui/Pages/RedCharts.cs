using Gantry.Estate.Red;
using Gantry.Hub.Coverage;
using Gantry.Hub.Ui.Charts;

namespace Gantry.Hub.Ui.Pages;

/// <summary>Rate with errors, error share, and three percentiles.</summary>
internal static class RedCharts
{
    public static IReadOnlyList<ChartSpec> Of(IReadOnlyList<RedPoint> points, ChartRange range, DateTimeOffset now)
    {
        var to = range.EndAt(now);
        var from = to - range.Span;
        var grid = SeriesGrid.Of(
            points,
            point => point.At,
            from,
            to,
            range.Step,
            (point => point.Rate, Thinning.Mean),
            (point => point.ErrorRate, Thinning.Mean),
            (point => point.Rate > 0 ? point.ErrorRate / point.Rate : null, Thinning.Mean),
            (point => point.P50, Thinning.Highest),
            (point => point.P95, Thinning.Highest),
            (point => point.P99, Thinning.Highest));

        return
        [
            Spec("red-rate", "Rate", ChartUnit.RequestsPerSecond, [new("all", LineStyle.Main, grid.Values[0]), new("errors", LineStyle.Bad, grid.Values[1])], 0.1) with { Definition = RedDefinitions.Rate },
            Spec("red-errors", "Error share", ChartUnit.Share, [new("errors", LineStyle.Bad, grid.Values[2])], 0.03) with { Definition = RedDefinitions.Errors },
            Spec("red-duration", "Duration", ChartUnit.Seconds,
                [new("p50", LineStyle.Main, grid.Values[3]), new("p95", LineStyle.Second, grid.Values[4]), new("p99", LineStyle.Third, grid.Values[5])],
                0.001) with { Definition = RedDefinitions.Duration },
        ];

        ChartSpec Spec(string id, string title, ChartUnit unit, IReadOnlyList<ChartSeries> series, double least) =>
            new(id, title, null, unit, from, to, range.Tick, grid.Step, grid.Times, series, LeastTop: least);
    }
}
