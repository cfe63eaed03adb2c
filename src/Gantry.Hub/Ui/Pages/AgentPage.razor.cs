using Gantry.Hub.Coverage;
using Gantry.Hub.Fleet.Views;
using Gantry.Hub.FleetManagement.Collectors;
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

    private string Name => Row.HostName.Length > 0 ? $"{Row.Kind} on {Row.HostName}" : Detail.Collector is not null ? $"{Row.Kind} {Row.Id}" : Row.Kind.Length > 0 ? Row.Kind : "Unnamed agent";

    private IEnumerable<(string Name, string Value)> Facts =>
    [
        ("Kind", Words.AgentKind(Row.ConfigKind)),
        ("Version", Row.Version),
        ("Transport", Words.Transport(Row.Transport)),
        ("Cohort", Row.Cohort),
        ("Revision", Row.Revision > 0 ? Figures.Count(Row.Revision) : ""),
        ("Instance", Row.Id),
        .. Detail.Collector is { } collector ? OfCollector(collector).Where(fact => fact.Value.Length > 0) : [],
    ];

    private static IEnumerable<(string Name, string Value)> OfCollector(CollectorRow collector) =>
    [
        ("Display name", collector.Name),
        ("Polls", collector.PollSeconds > 0 ? $"every {Figures.Seconds(Math.Round(collector.PollSeconds))}" : ""),
        ("Could not reach the hub", collector.Unreachable is { } unreachable ? $"{Figures.Utc(unreachable.At)}: {unreachable.Text}" : ""),
        ("Attributes", collector.Problem),
    ];
}
