using Gantry.Hub.Fleet.Views;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

/// <summary>Health by component, nested as the agent nests it.</summary>
public sealed partial class HealthTree
{
    [Parameter, EditorRequired]
    public IReadOnlyList<ComponentNode> Nodes { get; set; } = [];
}
