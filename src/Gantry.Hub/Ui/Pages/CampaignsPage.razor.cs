using System.Globalization;
using Gantry.Estate.Journeys;
using Gantry.Hub.Campaigns;
using Gantry.Hub.Estate;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

/// <summary>Which campaigns are there, and which of them needs somebody?</summary>
public sealed partial class CampaignsPage
{
    private IReadOnlyList<string> _journeys = [];

    [Parameter, EditorRequired]
    public IReadOnlyList<CampaignRow> Rows { get; set; } = [];

    [Inject]
    private IServiceProvider Services { get; set; } = null!;

    protected override void OnParametersSet() => _journeys = [.. Services.GetService<ResourceStore>()?.OfKind(JourneyReader.Kind).Select(journey => journey.Name) ?? []];

    private static string Width(CampaignRow row) => (row.Services == 0 ? 0 : 64d * row.Reached / row.Services).ToString("0.#", CultureInfo.InvariantCulture);
}
