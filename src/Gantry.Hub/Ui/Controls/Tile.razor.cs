using Gantry.Estate.Use;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Controls;

/// <summary>One figure with its definition, its age and where it comes from.</summary>
public sealed partial class Tile
{
    [Parameter, EditorRequired]
    public string Title { get; set; } = "";

    [Parameter, EditorRequired]
    public string Value { get; set; } = "";

    [Parameter]
    public MetricDefinition? Definition { get; set; }

    [Parameter]
    public DateTimeOffset? At { get; set; }

    [Parameter]
    public string Source { get; set; } = "";
}
