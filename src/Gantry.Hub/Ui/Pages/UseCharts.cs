using Gantry.Estate.Use;
using Gantry.Hub.Ui.Charts;

namespace Gantry.Hub.Ui.Pages;

/// <summary>A resource of a host.</summary>
/// <param name="Cells">Utilisation, saturation, errors; null where nothing can be read.</param>
internal sealed record UseRow(string Title, IReadOnlyList<ChartSpec?> Cells);

/// <summary>The USE matrix: resources down, utilisation, saturation and errors across.</summary>
internal static class UseCharts
{
    /// <summary>Waiting below this is no news: the axis starts here.</summary>
    private const double LeastShare = 0.03;

    private const double LeastErrors = 1;

    private const double LeastBytes = 1_000;

    public static IReadOnlyList<UseRow> Of(IReadOnlyList<UsePoint> points, ChartRange range, DateTimeOffset now)
    {
        var to = range.EndAt(now);
        var from = to - range.Span;
        var grid = SeriesGrid.Of(
            points,
            point => point.At,
            from,
            to,
            range.Step,
            (point => point.CpuUtilization, Thinning.Highest),
            (point => point.CpuSaturation, Thinning.Highest),
            (point => point.MemoryUtilization, Thinning.Highest),
            (point => point.MemorySaturation, Thinning.Highest),
            (point => point.MemoryErrors, Thinning.Mean),
            (point => point.DiskUtilization, Thinning.Highest),
            (point => point.FilesystemUtilization, Thinning.Highest),
            (point => point.DiskSaturation, Thinning.Highest),
            (point => point.DiskErrors, Thinning.Mean),
            (point => point.NetworkBytesIn, Thinning.Mean),
            (point => point.NetworkBytesOut, Thinning.Mean),
            (point => point.NetworkDropped, Thinning.Mean),
            (point => point.NetworkErrors, Thinning.Mean),
            (point => point.CpuErrors, Thinning.Mean));

        return
        [
            new("CPU", [
                Share("use-cpu", UseDefinitions.CpuUtilization, One("busy", 0)),
                Wait("use-cpu-wait", UseDefinitions.CpuSaturation, 1),
                // Virtual machines have no such counter.
                points.Any(point => point.CpuErrors is not null) ? Errors("use-cpu-errors", UseDefinitions.CpuErrors, 13) : null]),
            new("Memory", [
                Share("use-memory", UseDefinitions.MemoryUtilization, One("used", 2)),
                Wait("use-memory-wait", UseDefinitions.MemorySaturation, 3),
                Errors("use-memory-errors", UseDefinitions.MemoryErrors, 4)]),
            new("Disk and file system", [
                Share("use-disk", UseDefinitions.DiskUtilization, [.. One("busy", 5), new("file system", LineStyle.Second, grid.Values[6])]),
                Wait("use-disk-wait", UseDefinitions.DiskSaturation, 7),
                Errors("use-disk-errors", UseDefinitions.DiskErrors, 8)]),
            new("Network", [
                Spec("use-network", UseDefinitions.NetworkBytesIn, ChartUnit.BytesPerSecond,
                    [.. One("in", 9), new("out", LineStyle.Second, grid.Values[10])], null, LeastBytes) with { Title = "Network throughput" },
                Spec("use-network-drops", UseDefinitions.NetworkDropped, ChartUnit.PerSecond, One("dropped", 11), null, LeastErrors),
                Errors("use-network-errors", UseDefinitions.NetworkErrors, 12)]),
        ];

        ChartSeries[] One(string name, int column) => [new(name, LineStyle.Main, grid.Values[column])];

        ChartSpec Share(string id, MetricDefinition definition, ChartSeries[] series) => Spec(id, definition, ChartUnit.Share, series, 1, 0);

        ChartSpec Wait(string id, MetricDefinition definition, int column) => Spec(id, definition, ChartUnit.Share, One("waiting", column), null, LeastShare);

        ChartSpec Errors(string id, MetricDefinition definition, int column) =>
            Spec(id, definition, ChartUnit.PerSecond, [new("errors", LineStyle.Bad, grid.Values[column])], null, LeastErrors);

        ChartSpec Spec(string id, MetricDefinition definition, ChartUnit unit, ChartSeries[] series, double? top, double least) =>
            new(id, definition.Title, definition, unit, from, to, range.Tick, grid.Step, grid.Times, series, top, least);
    }
}
