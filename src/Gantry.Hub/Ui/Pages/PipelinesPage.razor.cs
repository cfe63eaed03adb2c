using Gantry.Estate.Pipelines;
using Gantry.Hub.Ui.Lists;
using Gantry.Hub.Ui.Pipelines;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

/// <summary>Which pipelines are there, whose are they, and how many agents does each match now?</summary>
public sealed partial class PipelinesPage
{
    private ListPage<PipelineRow> _page = null!;

    private IReadOnlyList<int> _agents = [];

    [Parameter, EditorRequired]
    public ListState State { get; set; } = null!;

    [Inject]
    private UiContext Context { get; set; } = null!;

    [Inject]
    private IServiceProvider Services { get; set; } = null!;

    protected override void OnParametersSet()
    {
        var pipelines = Services.GetRequiredService<PipelineRows>();
        _page = PipelineList.Shape.Read(pipelines.All, State);
        _agents = pipelines.Matching([.. _page.Rows.Select(row => pipelines.Find(row.Kind, row.Name)?.Document?.Model as Pipeline)]);
    }
}
