using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Layout;

/// <summary>Title of a page, and its other doors: the same as a command and as JSON.</summary>
public sealed partial class PageHead
{
    [Parameter, EditorRequired]
    public string Title { get; set; } = "";

    [Parameter, EditorRequired]
    public string Cli { get; set; } = "";

    [Parameter, EditorRequired]
    public string Json { get; set; } = "";

    [Parameter]
    public string Back { get; set; } = "";

    [Parameter]
    public string BackTitle { get; set; } = "";

    [Parameter]
    public RenderFragment? ChildContent { get; set; }
}
