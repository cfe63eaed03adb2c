using System.Collections.Concurrent;
using Gantry.Hub.Fleet;
using Gantry.Protocol.OpAmp;

namespace Gantry.Hub.Coverage;

/// <summary>Forms the rows of agents.</summary>
internal static class AgentRows
{
    private const int MostKnown = 1_000;

    private static readonly ConcurrentDictionary<AgentCapabilities, IReadOnlyList<string>> Known = new();

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
            Words(agent.Capabilities),
            attributes)
        {
            ConfigKind = AgentKinds.Word(agent.Kind),
            Cohort = agent.Config?.Desired?.Cohort ?? "",
            Revision = agent.Config?.Desired?.Revision ?? 0,
            DesiredHash = agent.Config?.Desired?.Config.Hash ?? "",
            ReportedHash = Convert.ToHexStringLower(agent.Config?.LastHash ?? []),
        };
    }

    /// <summary>The agents of a fleet have few sets of capabilities, and each of them many rows.</summary>
    private static IReadOnlyList<string> Words(AgentCapabilities capabilities)
    {
        if (Known.TryGetValue(capabilities, out var words))
        {
            return words;
        }

        words = [.. Enum.GetValues<AgentCapabilities>().Where(bit => bit != AgentCapabilities.None && capabilities.HasFlag(bit)).Select(bit => bit.ToString())];
        if (Known.Count < MostKnown)
        {
            Known.TryAdd(capabilities, words);
        }

        return words;
    }
}
