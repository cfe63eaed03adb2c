using Gantry.Hub.Fleet.Views;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

/// <summary>The way of a configuration to an agent, step by step, each with its time.</summary>
public sealed partial class ConfigLadder
{
    [Parameter, EditorRequired]
    public IReadOnlyList<AgentStep> Steps { get; set; } = [];
}
