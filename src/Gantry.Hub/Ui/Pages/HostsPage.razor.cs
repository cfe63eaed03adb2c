using Gantry.Hub.Coverage;
using Gantry.Hub.Ui.Lists;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

/// <summary>Which hosts are there, is each measured, and which is in trouble?</summary>
public sealed partial class HostsPage
{
    private ListPage<HostRow> _page = null!;

    [Parameter, EditorRequired]
    public ListState State { get; set; } = null!;

    [Inject]
    private UiContext Context { get; set; } = null!;

    protected override void OnParametersSet() => _page = HostList.Shape.Read(Context.Snapshot.Hosts, State);
}
