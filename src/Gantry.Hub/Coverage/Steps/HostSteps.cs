using Gantry.Estate.Ladder;
using Gantry.Hub.Ui;

namespace Gantry.Hub.Coverage.Steps;

/// <summary>Steps about hosts, and the two of the estate as a whole.</summary>
internal static class HostSteps
{
    public static IEnumerable<StepRow> Of(StepScope scope)
    {
        if (scope.Hosts.Count == 0)
        {
            yield return Estate("estate:first-host", (int)Rung.Infrastructure, "See the first host", "No host has sent metrics yet. The agent measures one without touching what runs on it.", "gantry up", Links.Hosts);
        }

        var connected = scope.Agents.Where(agent => agent.Connected).Select(agent => agent.Id).ToHashSet();
        foreach (var host in scope.Hosts.Where(host => host.Rung < (int)Rung.Infrastructure))
        {
            yield return Dark(host, host.AgentId is { } agent && connected.Contains(agent));
        }

        if (scope.Hosts.Count > 0 && scope.Services.All(service => service.Name == ServiceSteps.Self))
        {
            yield return Estate("estate:first-service", (int)Rung.Baseline, "Start something to look at", "Nothing else listens here and nothing else sends. The demo brings a shop of four services.", "gantry demo", Links.Services);
        }
        else if (scope.Services.Any(service => service.Name != ServiceSteps.Self))
        {
            yield return Estate("estate:custom", (int)Rung.Custom, "Add what only you know",
                "Business telemetry and profiles come last: a service has them when it sends what no automatic instrumentation can.", "", Links.Services) with { Cost = StepCost.Unknown };
        }
    }

    private static StepRow Dark(HostRow host, bool isConnected)
    {
        var lacking = string.Join(", ", host.Evidence.Where(item => item.State != "fresh").Select(item => item.Title.ToLowerInvariant()));
        var gone = host.Stale && !isConnected && host.Evidence.All(item => item.State != "fresh");
        return new StepRow(
            0, $"host:{host.Id}", gone ? $"Find out whether host {host.Name} is gone" : $"Bring host {host.Name} to rung 1",
            gone ? "It has sent nothing for five minutes, and no agent on it is connected." : $"Not seen within five minutes: {lacking}.",
            (int)Rung.Infrastructure, "host", host.Id, host.Name, "", new StepGain(host.Services, null, []), StepCost.Nothing, Commands.About("gantry get hosts", host.Name, "-o wide", host.Id), Links.Host(host.Id), "")
        {
            MayBeGone = gone,
        };
    }

    private static StepRow Estate(string id, int rung, string title, string why, string command, string href) =>
        new(0, id, title, why, rung, "estate", "", "", "", new StepGain(0, null, []), StepCost.Nothing, command, href, "");
}
