using Gantry.Hub.Coverage;
using Gantry.Hub.Fleet.Views;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

/// <summary>What is this agent, is it well, does it run what it should, and what may the hub ask of it?</summary>
public sealed partial class AgentPage
{
    [Parameter, EditorRequired]
    public AgentDetail Detail { get; set; } = null!;

    /// <summary>Operator attributes as somebody typed them and could not save; null: as they are.</summary>
    [Parameter]
    public string? Draft { get; set; }

    /// <summary>Why <see cref="Draft"/> was not saved.</summary>
    [Parameter]
    public string Problem { get; set; } = "";

    private AgentRow Row => Detail.Agent;

    private string Name => Row.HostName.Length > 0 ? $"{Row.Kind} on {Row.HostName}" : Row.Kind.Length > 0 ? Row.Kind : "Unnamed agent";

    private IEnumerable<(string Name, string Value)> Facts =>
    [
        ("Kind", Words.AgentKind(Row.ConfigKind)),
        ("Version", Row.Version),
        ("Transport", Row.Transport),
        ("Cohort", Row.Cohort),
        ("Revision", Row.Revision > 0 ? Figures.Count(Row.Revision) : ""),
        ("Instance", Row.Id),
    ];
}
