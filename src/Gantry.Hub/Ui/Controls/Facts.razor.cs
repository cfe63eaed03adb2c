using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Controls;

/// <summary>Names and values.</summary>
public sealed partial class Facts
{
    [Parameter, EditorRequired]
    public IEnumerable<(string Name, string Value)> Items { get; set; } = [];
}
