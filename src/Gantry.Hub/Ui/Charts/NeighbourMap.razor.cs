using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Charts;

/// <summary>The neighbourhood of one service as SVG, told in words to a screen reader.</summary>
public sealed partial class NeighbourMap
{
    [Parameter, EditorRequired]
    public NeighbourDrawing Drawing { get; set; } = null!;
}
