using Gantry.Hub.Fleet;
using Gantry.Protocol.OpAmp;

namespace Gantry.Hub.Coverage;

/// <summary>Forms the rows of agents.</summary>
internal static class AgentRows
{
    public static IEnumerable<AgentRow> Rows_NeedsLock(FleetStore fleet, DateTimeOffset now) =>
        fleet.Agents_NeedsLock.Where(agent => agent.IsConnected(now) || now - agent.LastSeen < FleetStore.Kept).Select(agent => Row(agent, now));

    private static AgentRow Row(AgentState agent, DateTimeOffset now)
    {
        var attributes = new Dictionary<string, string>();
        foreach (var pair in (agent.Description?.Identifying ?? []).Concat(agent.Description?.NonIdentifying ?? []))
        {
            attributes[pair.Key] = pair.Value.ToString();
        }

        var hostName = agent.Find("host.name");
        return new AgentRow(
            agent.Uid.ToString(),
            agent.Find("service.name"),
            agent.Find("service.version"),
            agent.HostId,
            hostName,
            agent.IsConnected(now),
            agent.Transport,
            agent.LastSeen == default ? null : agent.LastSeen,
            agent.Health switch { null => "unknown", { Healthy: true } => "healthy", _ => "unhealthy" },
            agent.Health?.LastError ?? "",
            [.. Enum.GetValues<AgentCapabilities>().Where(bit => bit != AgentCapabilities.None && agent.Capabilities.HasFlag(bit)).Select(bit => bit.ToString())],
            attributes);
    }
}
