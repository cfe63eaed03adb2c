using Gantry.Hub.Ui.Lists;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Controls;

public sealed partial class ListPager
{
    [Parameter, EditorRequired]
    public ListState State { get; set; } = null!;

    [Parameter, EditorRequired]
    public string Path { get; set; } = "";

    [Parameter, EditorRequired]
    public int Page { get; set; }

    [Parameter, EditorRequired]
    public int Pages { get; set; }

    [Parameter, EditorRequired]
    public int Skipped { get; set; }

    [Parameter, EditorRequired]
    public int Shown { get; set; }

    [Parameter, EditorRequired]
    public int Matching { get; set; }

    private string Text => $"{Figures.Count(Skipped + 1)}–{Figures.Count(Skipped + Shown)} of {Figures.Count(Matching)}";

    private string To(int page) => Links.List(Path, State with { Page = page });
}
