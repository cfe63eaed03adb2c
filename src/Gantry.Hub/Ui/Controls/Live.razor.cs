using Gantry.Hub.Ui.Live;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Controls;

/// <summary>A part of a page that follows the estate while the page is open. Regions do not nest; see <see cref="LiveRegions"/>.</summary>
public sealed partial class Live
{
    private static readonly MarkupString End = new(LiveRegions.EndMark);

    /// <summary>Lower-case letters and dashes; unique on the page. Also the name of the event, so not "open", "error" or "message".</summary>
    [Parameter, EditorRequired]
    public string Id { get; set; } = "";

    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    [Parameter]
    public string Css { get; set; } = "region";

    [Parameter]
    public RenderFragment? ChildContent { get; set; }
}
