using Gantry.Estate.Ladder;
using Gantry.Hub.Fleet;
using Gantry.Hub.Observations;

namespace Gantry.Hub.Coverage;

/// <summary>Forms the rows of hosts: those that send metrics, and those that only an agent speaks for.</summary>
internal static class HostRows
{
    public static List<HostRow> Build_NeedsLock(
        ObservationStore observations, List<AgentRow> agents, List<HostInventory> inventories, DateTimeOffset now)
    {
        var agentOf = agents.Where(agent => agent.HostId.Length > 0).GroupBy(agent => agent.HostId).ToDictionary(group => group.Key, group => group.MaxBy(agent => agent.LastSeen)!);
        var inventoryOf = inventories.ToDictionary(inventory => inventory.Processes.HostId);
        var rows = new List<HostRow>();
        foreach (var host in observations.Hosts_NeedsLock.Where(host => now - host.LastSeen < ObservationStore.Kept || agentOf.GetValueOrDefault(host.Id) is { Connected: true }))
        {
            rows.Add(Row(host, agentOf.GetValueOrDefault(host.Id), inventoryOf.GetValueOrDefault(host.Id), now));
        }

        // An agent that is connected while its host's metrics never came: the host is there, and dark.
        foreach (var agent in agentOf.Values.Where(agent => agent.Connected && observations.FindHost_NeedsLock(agent.HostId) is null))
        {
            rows.Add(Row(new HostState(agent.HostId) { Name = agent.HostName, LastSeen = agent.LastSeen ?? default }, agent, inventoryOf.GetValueOrDefault(agent.HostId), now));
        }

        return rows;
    }

    public static HostRow WithServices(HostRow host, List<ServiceRow> services)
    {
        var here = services.Where(service => service.Processes.Any(process => process.HostId == host.Id)).ToList();
        return host with { Services = here.Count(service => !service.Dark), Dark = here.Count(service => service.Dark) };
    }

    private static HostRow Row(HostState host, AgentRow? agent, HostInventory? inventory, DateTimeOffset now)
    {
        var standing = Ladder.Evaluate(Ladder.Host, host.Sightings, now);
        return new HostRow(
            host.Id,
            host.Name,
            (int)standing.Rung,
            standing.Stale,
            agent?.Attributes.GetValueOrDefault("os.description", "") ?? "",
            agent?.Attributes.GetValueOrDefault("host.arch", "") ?? "",
            host.LastSeen == default ? null : host.LastSeen,
            host.Latest,
            [.. standing.Evidence.Select(EvidenceRow.From)],
            agent?.Id,
            inventory?.Processes.Processes.Count ?? 0,
            Services: 0,
            Dark: 0,
            inventory?.Processes.Limits ?? "");
    }
}
