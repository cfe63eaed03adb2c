using Gantry.Hub.Ui.Lists;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Controls;

/// <summary>One-click filters, each with how many rows it leaves.</summary>
public sealed partial class ListChips
{
    [Parameter, EditorRequired]
    public ListState State { get; set; } = null!;

    [Parameter, EditorRequired]
    public string Path { get; set; } = "";

    [Parameter, EditorRequired]
    public string Noun { get; set; } = "";

    [Parameter, EditorRequired]
    public IReadOnlyList<ChipHead> Chips { get; set; } = [];

    [Parameter, EditorRequired]
    public IReadOnlyList<int> Counts { get; set; } = [];

    [Parameter, EditorRequired]
    public int Searched { get; set; }

    private string To(string show) => Links.List(Path, State with { Show = show, Page = 1 });
}
