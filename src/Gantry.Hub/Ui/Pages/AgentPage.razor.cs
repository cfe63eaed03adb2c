using Gantry.Hub.Coverage;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

/// <summary>What is this agent, is it well, and what may the hub ask of it?</summary>
public sealed partial class AgentPage
{
    [Parameter, EditorRequired]
    public AgentRow Row { get; set; } = null!;

    private string Name => Row.HostName.Length > 0 ? $"{Row.Kind} on {Row.HostName}" : Row.Kind;

    private IEnumerable<(string Name, string Value)> Facts =>
    [
        ("Version", Row.Version),
        ("Transport", Row.Transport),
        ("Instance", Row.Id),
    ];
}
