using Gantry.Hub.Coverage;
using Gantry.Hub.Ui.Lists;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

/// <summary>Which agents speak with this hub, and is each connected and well?</summary>
public sealed partial class AgentsPage
{
    private ListPage<AgentRow> _page = null!;

    [Parameter, EditorRequired]
    public ListState State { get; set; } = null!;

    [Inject]
    private UiContext Context { get; set; } = null!;

    protected override void OnParametersSet() => _page = AgentList.Shape.Read(Context.Snapshot.Agents, State);
}
