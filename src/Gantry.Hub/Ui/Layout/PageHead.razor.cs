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

    /// <summary>The command that gives the declared document behind the page; "" where none is.</summary>
    [Parameter]
    public string Yaml { get; set; } = "";

    /// <summary>False where the page's first sentence is its heading.</summary>
    [Parameter]
    public bool Heading { get; set; } = true;

    [Parameter]
    public string Back { get; set; } = "";

    [Parameter]
    public string BackTitle { get; set; } = "";

    [Parameter]
    public RenderFragment? ChildContent { get; set; }
}
