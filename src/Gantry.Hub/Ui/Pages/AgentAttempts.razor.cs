using Gantry.Hub.Fleet.Views;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

/// <summary>How often the desired configuration was offered, and what the agent failed with.</summary>
public sealed partial class AgentAttempts
{
    [Parameter, EditorRequired]
    public AgentDetail Detail { get; set; } = null!;
}
