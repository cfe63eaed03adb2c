using Gantry.Hub.Fleet;
using Gantry.Protocol.OpAmp;

namespace Gantry.Hub.Coverage;

/// <summary>Forms the rows of agents.</summary>
internal static class AgentRows
{
    public static AgentRow Row(AgentState agent)
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
            agent.Find("host.id") is { Length: > 0 } id ? id : hostName,
            hostName,
            agent.Connection is not null,
            agent.Transport,
            agent.LastSeen == default ? null : agent.LastSeen,
            agent.Health switch { null => "unknown", { Healthy: true } => "healthy", _ => "unhealthy" },
            agent.Health?.LastError ?? "",
            [.. Enum.GetValues<AgentCapabilities>().Where(bit => bit != AgentCapabilities.None && agent.Capabilities.HasFlag(bit)).Select(bit => bit.ToString())],
            attributes);
    }
}
