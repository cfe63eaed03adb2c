using Gantry.Hub.Journeys;
using Gantry.Hub.Ui.Lists;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Journeys;

/// <summary>Which journeys go through a service, and where they break at it. Nothing where none does.</summary>
public sealed partial class JourneysThrough
{
    private const int Most = 20;

    private IReadOnlyList<(JourneyRow Row, double Share, IReadOnlyList<BreakRow> Breaks)> _rows = [];

    /// <summary>Id of the service.</summary>
    [Parameter, EditorRequired]
    public string Service { get; set; } = "";

    [Inject]
    private UiContext Context { get; set; } = null!;

    protected override void OnParametersSet() => _rows =
    [
        .. Context.Snapshot.Journeys
            .Select(row => (Row: row, Hops: row.Hops.Where(hop => hop.End.ServiceId == Service).ToList()))
            .Where(item => item.Hops.Count > 0)
            .Select(item => (item.Row, item.Hops.Max(hop => hop.Share), (IReadOnlyList<BreakRow>)[.. item.Row.Breaks.Where(row => row.From.ServiceId == Service || row.To.ServiceId == Service)]))
            .OrderBy(item => JourneyList.RankOf(item.Row.State)).ThenBy(item => item.Row.Title, StringComparer.Ordinal),
    ];
}
