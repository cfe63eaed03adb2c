using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Charts;

/// <summary>The numbers behind a group of charts: for a screen reader, for copying, and for whoever distrusts pictures.</summary>
public sealed partial class ChartTable
{
    private const int MaxRows = 60;

    [Parameter, EditorRequired]
    public IReadOnlyList<ChartSpec> Charts { get; set; } = [];

    private List<DateTimeOffset> _times = [];

    private List<(string Title, ChartUnit Unit, IReadOnlyList<double?> Values)> _columns = [];

    private int _every = 1;

    protected override void OnParametersSet()
    {
        _columns = [.. Charts.SelectMany(chart => chart.Series.Select(series => (TitleOf(chart, series), chart.Unit, series.Values)))];
        _times = [.. Charts.Count > 0 ? Charts[0].Times : []];
        _every = Math.Max(1, (_times.Count + MaxRows - 1) / MaxRows);
    }

    private static string TitleOf(ChartSpec chart, ChartSeries series) =>
        chart.Series.Count == 1 ? chart.Title : $"{chart.Title}, {series.Name}";

    /// <summary>Newest first.</summary>
    private IEnumerable<int> Rows()
    {
        for (var i = _times.Count - 1; i >= 0; i -= _every)
        {
            yield return i;
        }
    }

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
