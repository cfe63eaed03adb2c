using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

public sealed partial class NotFoundPage
{
    /// <summary>"service", "host", "agent" or "page".</summary>
    [Parameter, EditorRequired]
    public string Kind { get; set; } = "";

    /// <summary>What was asked for.</summary>
    [Parameter, EditorRequired]
    public string Name { get; set; } = "";

    private string Sentence => $"There is no {Kind} “{Name}”.";

    private string Why => Kind switch
    {
        "page" => "The address leads nowhere.",
        "agent" => "It never connected to this hub, or it was forgotten after it had been gone for long.",
        "pipeline" => "It was never declared, or it was deleted.",
        _ => "It was never seen, or it was forgotten after it had been silent for long.",
    };

    private (string Href, string Title) Target => Kind switch
    {
        "service" => (Links.Services, "All services"),
        "host" => (Links.Hosts, "All hosts"),
        "agent" => (Links.Agents, "All agents"),
        "pipeline" or "instrumentation" => (Links.Pipelines, "All pipelines"),
        "process" => (Links.Processes, "All processes"),
        _ => (Links.Home, "Home"),
    };

    private string Href => Target.Href;

    private string Back => Target.Title;
}
