using Gantry.Hub.Ui.Lists;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Controls;

/// <summary>Column heads that sort. The order is a link, so it can be bookmarked and works without a script.</summary>
public sealed partial class ListHead
{
    [Parameter, EditorRequired]
    public ListState State { get; set; } = null!;

    [Parameter, EditorRequired]
    public string Path { get; set; } = "";

    [Parameter, EditorRequired]
    public IReadOnlyList<ColumnHead> Heads { get; set; } = [];

    private bool Chosen(ColumnHead head) => State.Sort == head.Key || (State.Sort.Length == 0 && head == Heads[0]);

    private string? SortOf(ColumnHead head) => !Chosen(head) ? null : State.Descending ? "descending" : "ascending";

    private string Arrow(ColumnHead head) => !Chosen(head) ? "" : State.Descending ? "↓" : "↑";

    private string To(ColumnHead head)
    {
        var descending = Chosen(head) ? !State.Descending : head.DescendingFirst;
        // The list's own order needs no words in the URL.
        var sort = head == Heads[0] && !descending ? "" : head.Key;
        return Links.List(Path, State with { Sort = sort, Descending = descending, Page = 1 });
    }
}
