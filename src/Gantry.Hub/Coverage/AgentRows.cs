using Gantry.Hub.Fleet;
using Gantry.Protocol.OpAmp;

namespace Gantry.Hub.Coverage;

/// <summary>Forms the rows of agents.</summary>
internal static class AgentRows
{
    public static IEnumerable<AgentRow> Rows_NeedsLock(FleetStore fleet, DateTimeOffset now) =>
        fleet.Agents_NeedsLock.Where(agent => agent.IsConnected(now) || now - agent.LastSeen < FleetStore.Kept).Select(agent => Row(agent, now));

    public static AgentRow Row(AgentState agent, DateTimeOffset now)
    {
        var attributes = new Dictionary<string, string>();
        var description = agent.Description;
        foreach (var pair in (description?.Identifying ?? []).Concat(description?.NonIdentifying ?? []))
        {
            attributes[pair.Key] = pair.Value.ToString();
        }

        return new AgentRow(
            agent.Uid.ToString(),
            agent.Name,
            agent.Version,
            agent.HostId,
            agent.HostName,
            agent.IsConnected(now),
            agent.Transport,
            agent.LastSeen == default ? null : agent.LastSeen,
            agent.IsHealthy switch { null => "unknown", true => "healthy", _ => "unhealthy" },
            agent.IsHealthy == false ? agent.Health?.LastError ?? "" : "",
            [.. Enum.GetValues<AgentCapabilities>().Where(bit => bit != AgentCapabilities.None && agent.Capabilities.HasFlag(bit)).Select(bit => bit.ToString())],
            attributes)
        {
            ConfigKind = AgentKinds.Word(agent.Kind),
            Cohort = agent.Config?.Desired?.Cohort ?? "",
            Revision = agent.Config?.Desired?.Revision ?? 0,
            DesiredHash = agent.Config?.Desired?.Config.Hash ?? "",
            ReportedHash = Convert.ToHexStringLower(agent.Config?.LastHash ?? []),
        };
    }
}
