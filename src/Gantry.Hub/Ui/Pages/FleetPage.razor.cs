using Gantry.Hub.Fleet.Views;
using Gantry.Hub.Ui.Lists;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

/// <summary>Which agents speak with this hub, is each well, and does each run what it should?</summary>
public sealed partial class FleetPage
{
    private FleetList.ListPage _page = null!;

    [Parameter, EditorRequired]
    public ListState State { get; set; } = null!;

    [Inject]
    private UiContext Context { get; set; } = null!;

    [Inject]
    private FleetQueries Fleet { get; set; } = null!;

    protected override void OnParametersSet() => _page = FleetList.Read(Fleet, State);
}
