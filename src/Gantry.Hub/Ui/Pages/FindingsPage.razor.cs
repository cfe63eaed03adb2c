using Gantry.Hub.Coverage;
using Gantry.Hub.Ui.Lists;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

/// <summary>What is wrong with what services send, and what puts it right?</summary>
public sealed partial class FindingsPage
{
    private ListPage<FindingRow> _page = null!;

    [Parameter, EditorRequired]
    public ListState State { get; set; } = null!;

    [Inject]
    private UiContext Context { get; set; } = null!;

    protected override void OnParametersSet() => _page = FindingList.Shape.Read(Context.Snapshot.Findings, State);

    private static string Place(FindingRow row) => string.Join(" · ", new[] { row.Namespace, row.Environment }.Where(part => part.Length > 0));
}
