using Gantry.Hub.Coverage;
using Gantry.Hub.Ui.Controls;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

/// <summary>How far are we, what is wrong, and what is the one next thing to do?</summary>
public sealed partial class HomePage
{
    private const int MaxAttention = 20;

    [Inject]
    private UiContext Context { get; set; } = null!;

    private Summary Summary => Context.Snapshot.Summary;

    private bool Empty => Summary.HostRungs.Sum() == 0 && Summary.ServiceRungs.Sum() == 0;

    private int Services => Summary.ServiceRungs.Sum();

    private int From(int rung) => Summary.ServiceRungs.Skip(rung).Sum();

    private string Statement => (Services, Summary.HostRungs.Sum()) switch
    {
        (0, 0) => "No host and no service is known yet.",
        (0, var hosts) => $"{Words.Plural(hosts, "host")} known, no service yet.",
        _ when From(2) == Services => $"All {Figures.Count(Services)} services show rate, errors and duration.",
        _ => $"{Figures.Count(From(2))} of {Words.Plural(Services, "service")} show rate, errors and duration.",
    };

    private string Substatement
    {
        get
        {
            var parts = new List<string>();
            if (Services > 0)
            {
                parts.Add($"{Figures.Count(From(3))} joined in traces");
                parts.Add($"{Figures.Count(Summary.ServiceRungs[0])} dark");
            }

            var hosts = Summary.HostRungs.Sum();
            if (hosts > 0)
            {
                parts.Add($"{Figures.Count(Summary.HostRungs.Skip(1).Sum())} of {Words.Plural(hosts, "host")} measured");
            }

            if (Summary.StaleHosts + Summary.StaleServices > 0)
            {
                parts.Add($"{Figures.Count(Summary.StaleHosts + Summary.StaleServices)} stale");
            }

            parts.Add($"{Figures.Count(Summary.ConnectedAgents)} of {Words.Plural(Summary.Agents, "agent")} connected");
            return string.Join(" · ", parts) + " ·";
        }
    }
}
