using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Controls;

/// <summary>A small drawing beside a word that says the same.</summary>
public sealed partial class Icon
{
    [Parameter, EditorRequired]
    public string Name { get; set; } = "";
}
