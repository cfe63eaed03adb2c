using System.Text;
using Gantry.Hub.Coverage;
using Gantry.Hub.Fleet.Configs;

namespace Gantry.Hub.Fleet.Views;

/// <summary>Agents that speak OpAMP.</summary>
internal sealed class OpAmpDoor(FleetStore fleet, FleetOptions options, TimeProvider time) : IFleetDoor
{
    private const int Slice = 4_096;

    public int Count
    {
        get
        {
            lock (fleet.Gate)
            {
                return fleet.Agents_NeedsLock.Count;
            }
        }
    }

    public void Scan(FleetScan scan)
    {
        List<AgentState> agents;
        lock (fleet.Gate)
        {
            agents = [.. fleet.Agents_NeedsLock];
        }

        for (var start = 0; start < agents.Count; start += Slice)
        {
            lock (fleet.Gate)
            {
                for (var i = start; i < Math.Min(agents.Count, start + Slice); i++)
                {
                    if (agents[i] is var agent && IsKept(agent, scan.Now))
                    {
                        scan.Take(this, agent, StandingOf(agent, scan.Now));
                    }
                }
            }
        }
    }

    public AgentRow Row(IFleetMember member, DateTimeOffset now)
    {
        lock (fleet.Gate)
        {
            return Row_NeedsLock((AgentState)member, now);
        }
    }

    public AgentDetail? One(string id)
    {
        if (!Guid.TryParse(id, out var uid))
        {
            return null;
        }

        fleet.CompareSome();
        var now = time.GetUtcNow();
        lock (fleet.Gate)
        {
            if (fleet.Find_NeedsLock(uid) is not { } agent)
            {
                return null;
            }

            var config = agent.Config;
            return new AgentDetail(
                Row_NeedsLock(agent, now),
                AgentLadder.Of(agent, now, options.ApplyWithin),
                config?.Attempts ?? 0,
                config?.Message ?? "",
                [.. (config?.Rejected ?? []).Select(item => new RejectedRow(Convert.ToHexStringLower(item.Hash), item.Message, item.At))],
                [.. (config?.Desired?.Config.Files ?? []).Select(file => new ConfigFileRow(file.Name, file.ContentType, "", Text(Redaction.Redact(file.Body, file.ContentType))))],
                [.. (agent.Effective?.Read().Entries ?? []).Select(entry => new ConfigFileRow(entry.Name, entry.Config.ContentType, entry.Config.Role, Text(entry.Config.Body)))],
                agent.EffectiveAt,
                config?.Differences,
                AgentLadder.Components(agent.Health),
                agent.OperatorAttributes,
                fleet.Components.Find(agent.ComponentsHash)?.ToList(),
                [.. (agent.Packages?.Packages ?? []).Select(entry => new PackageRow(
                    entry.Name, entry.Value.HasVersion, entry.Value.OfferedVersion, entry.Value.State.ToString(), entry.Value.ErrorMessage, entry.Value.Download?.Percent))],
                [.. agent.CustomCapabilities]);
        }
    }

    public string? SetAttributes(string id, IReadOnlyDictionary<string, string> attributes) =>
        Guid.TryParse(id, out var uid) && Knows(uid) ? OperatorAttributes.Problem(attributes) ?? (fleet.SetAttributes(uid, attributes) ? "" : null) : null;

    public bool Retry(string id) => Guid.TryParse(id, out var uid) && fleet.Retry(uid);

    private static bool IsKept(AgentState agent, DateTimeOffset now) => agent.IsConnected(now) || now - agent.LastSeen < FleetStore.Kept;

    private static string Text(byte[] body) => Encoding.UTF8.GetString(body);

    private bool Knows(Guid uid)
    {
        lock (fleet.Gate)
        {
            return fleet.Find_NeedsLock(uid) is not null;
        }
    }

    private Standing StandingOf(AgentState agent, DateTimeOffset now)
    {
        var (state, connected) = (AgentStates.Of(agent, now, options.ApplyWithin), agent.IsConnected(now));
        return new Standing(
            state, AgentStates.Since(agent, state, options.ApplyWithin), connected, now - agent.LastSeen > Gantry.Estate.Ladder.Ladder.FreshFor,
            Fallbacks.Of(agent, state, connected, now, options.ApplyWithin));
    }

    private AgentRow Row_NeedsLock(AgentState agent, DateTimeOffset now)
    {
        var standing = StandingOf(agent, now);
        return AgentRows.Row(agent, now) with { State = standing.State, StateSince = standing.Since, Fallback = standing.Fallback };
    }
}
