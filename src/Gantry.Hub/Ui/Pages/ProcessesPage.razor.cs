using Gantry.Hub.Coverage;
using Gantry.Hub.Ui.Lists;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

/// <summary>What runs, and how far is the instrumentation of each?</summary>
public sealed partial class ProcessesPage
{
    private ListPage<ProcessRow> _page = null!;

    [Parameter, EditorRequired]
    public ListState State { get; set; } = null!;

    [Inject]
    private UiContext Context { get; set; } = null!;

    protected override void OnParametersSet() => _page = ProcessList.Shape.Read(Context.Snapshot.Processes, State);
}
