using Gantry.Estate.Resources;
using Gantry.Hub.Fleet.Views;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

/// <summary>What an agent should run against what it says it runs, by lines. Both came here without secrets.</summary>
public sealed partial class ConfigDifference
{
    [Parameter, EditorRequired]
    public AgentDetail Detail { get; set; } = null!;

    /// <summary>By file that is desired. Agents merge files, so one that is not there by its name is held against whatever there is.</summary>
    private IEnumerable<(string File, IReadOnlyList<string> Lines)> Compared => Detail.Desired.Select(file =>
        (file.Name, LineDiff.Of(file.Body, (Detail.Effective.FirstOrDefault(other => other.Name == file.Name) ?? Detail.Effective[0]).Body)));
}
