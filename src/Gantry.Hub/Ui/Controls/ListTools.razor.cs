using Gantry.Hub.Ui.Lists;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Controls;

/// <summary>The filter box of a list: a plain GET form. It stands outside of the live region: what somebody types is theirs.</summary>
public sealed partial class ListTools
{
    [Parameter, EditorRequired]
    public ListState State { get; set; } = null!;

    [Parameter, EditorRequired]
    public string Path { get; set; } = "";

    [Parameter, EditorRequired]
    public string Noun { get; set; } = "";

    [Parameter]
    public string Placeholder { get; set; } = "";
}
