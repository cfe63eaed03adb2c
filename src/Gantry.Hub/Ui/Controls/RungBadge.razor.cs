using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Controls;

/// <summary>A rung: number, name, and four steps of which the reached ones are filled.</summary>
public sealed partial class RungBadge
{
    [Parameter, EditorRequired]
    public int Rung { get; set; }
}
