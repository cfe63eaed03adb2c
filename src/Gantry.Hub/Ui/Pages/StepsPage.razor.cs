using Gantry.Hub.Coverage;
using Gantry.Hub.Coverage.Steps;
using Gantry.Hub.Ui.Lists;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

/// <summary>What is to be done, in which order, what does it gain, and what does it cost?</summary>
public sealed partial class StepsPage
{
    private const int MaxOwners = 12;

    private ListPage<StepRow> _page = null!;

    private IReadOnlyList<string> _owners = [];

    /// <summary>Of whom; "" for all.</summary>
    [Parameter, EditorRequired]
    public string Owner { get; set; } = "";

    [Parameter, EditorRequired]
    public ListState State { get; set; } = null!;

    [Inject]
    private UiContext Context { get; set; } = null!;

    private string Json => $"{Links.ApiSteps}?most=1000{(Owner.Length > 0 ? $"&owner={Uri.EscapeDataString(Owner)}" : "")}";

    protected override void OnParametersSet()
    {
        _owners = CoverageSummary.OwnersOf(Context.Snapshot);
        _page = StepList.Shape.Read(Owner.Length > 0 ? Context.Snapshot.Steps.OfOwner(Owner) : Context.Snapshot.Steps.All, State);
    }
}
