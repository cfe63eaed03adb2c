using Gantry.Hub.Journeys;
using Gantry.Hub.Ui.Lists;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

/// <summary>Which journeys are declared, is each one whole, and which needs somebody?</summary>
public sealed partial class JourneysPage
{
    private const int MaxOwners = 12;

    private ListPage<JourneyRow> _page = null!;

    private IReadOnlyList<KeyValuePair<string, int>> _owners = [];

    [Parameter, EditorRequired]
    public ListState State { get; set; } = null!;

    [Inject]
    private UiContext Context { get; set; } = null!;

    protected override void OnParametersSet()
    {
        _page = JourneyList.Shape.Read(Context.Snapshot.Journeys, State);
        _owners = [.. Context.Snapshot.Journeys.Where(row => row.Owner.Length > 0).CountBy(row => row.Owner).OrderByDescending(item => item.Value).ThenBy(item => item.Key, StringComparer.Ordinal).Take(MaxOwners)];
    }
}
