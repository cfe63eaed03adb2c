using System.Text;
using Gantry.Hub.Coverage;
using Gantry.Hub.Fleet.Configs;
using Gantry.Protocol.OpAmp;

namespace Gantry.Hub.Fleet.Views;

/// <summary>The fleet as pages and the API see it: filtered, sorted and cut here, so that 100,000 agents cost milliseconds and one page of rows.</summary>
internal sealed class FleetView(FleetStore fleet, FleetOptions options, TimeProvider time)
{
    public const int MostRows = 500;

    private const int Slice = 4_096;

    public static IReadOnlyList<string> Sorts { get; } = ["host", "kind", "version", "state", "seen", "health", "id"];

    public static IReadOnlyList<string> States { get; } = [.. AgentStates.All, "connected", "gone", "unhealthy"];

    public AgentPage Find(AgentQuery query)
    {
        var now = time.GetUtcNow();
        List<AgentState> agents;
        lock (fleet.Gate)
        {
            agents = [.. fleet.Agents_NeedsLock];
        }

        var words = query.Words.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var states = query.State.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var sort = query.Sort.TrimStart('-');
        var found = new List<(string Key, long Number, AgentState Agent)>();
        for (var start = 0; start < agents.Count; start += Slice)
        {
            lock (fleet.Gate)
            {
                for (var i = start; i < Math.Min(agents.Count, start + Slice); i++)
                {
                    var agent = agents[i];
                    if (IsKept(agent, now) && Matches(agent, words, states, now))
                    {
                        found.Add((Key(agent, sort, now), sort == "seen" ? agent.LastSeen.UtcTicks : 0, agent));
                    }
                }
            }
        }

        var turn = query.Sort.StartsWith('-') ? -1 : 1;
        found.Sort((a, b) =>
        {
            var order = turn * (sort == "seen" ? a.Number.CompareTo(b.Number) : string.CompareOrdinal(a.Key, b.Key));
            return order != 0 ? order : a.Agent.Uid.CompareTo(b.Agent.Uid);
        });
        var first = Math.Min((query.Page - 1) * (long)query.Size, found.Count);
        var count = Math.Min(query.Size, found.Count - first);
        lock (fleet.Gate)
        {
            return new AgentPage([.. found.GetRange((int)first, (int)count).Select(item => Row(item.Agent, now))], found.Count);
        }
    }

    /// <returns>Null: there is no such agent.</returns>
    public AgentDetail? One(Guid uid)
    {
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
                Row(agent, now),
                AgentLadder.Of(agent, now, options.ApplyWithin),
                config?.Attempts ?? 0,
                config?.Message ?? "",
                [.. (config?.Rejected ?? []).Select(item => new RejectedRow(Convert.ToHexStringLower(item.Hash), item.Message, item.At))],
                [.. (config?.Desired?.Config.Files ?? []).Select(file => new ConfigFileRow(file.Name, file.ContentType, "", Text(Redaction.Redact(file.Body.ToArray()))))],
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

    private AgentRow Row(AgentState agent, DateTimeOffset now) => AgentRows.Row(agent, now) with { State = AgentStates.Of(agent, now, options.ApplyWithin) };

    private static bool IsKept(AgentState agent, DateTimeOffset now) => agent.IsConnected(now) || now - agent.LastSeen < FleetStore.Kept;

    private bool Matches(AgentState agent, string[] words, string[] states, DateTimeOffset now)
    {
        foreach (var word in words)
        {
            if (!Has(agent, word, now))
            {
                return false;
            }
        }

        if (states.Length == 0)
        {
            return true;
        }

        foreach (var state in states)
        {
            var fits = state switch
            {
                "connected" => agent.IsConnected(now),
                "gone" => !agent.IsConnected(now),
                "unhealthy" => agent.IsHealthy == false,
                _ => AgentStates.Of(agent, now, options.ApplyWithin) == state,
            };
            if (fits)
            {
                return true;
            }
        }

        return false;
    }

    private bool Has(AgentState agent, string word, DateTimeOffset now)
    {
        if (word.IndexOf('=') is > 0 and var equals)
        {
            var (key, value) = (word[..equals], word[(equals + 1)..]);
            return agent.OperatorAttributes.TryGetValue(key, out var set) ? set == value : agent.Find(key) == value;
        }

        return agent.HostName.Contains(word, StringComparison.OrdinalIgnoreCase) || agent.Name.Contains(word, StringComparison.OrdinalIgnoreCase)
            || agent.Version.Contains(word, StringComparison.OrdinalIgnoreCase)
            || agent.Config?.Desired?.Cohort.Contains(word, StringComparison.OrdinalIgnoreCase) == true
            || AgentStates.Of(agent, now, options.ApplyWithin).Equals(word, StringComparison.OrdinalIgnoreCase)
            || (word.Length >= 4 && agent.Uid.ToString().Contains(word, StringComparison.OrdinalIgnoreCase));
    }

    private string Key(AgentState agent, string sort, DateTimeOffset now) => sort switch
    {
        "kind" => agent.Name,
        "version" => agent.Version,
        "state" => AgentStates.Of(agent, now, options.ApplyWithin),
        "health" => agent.IsHealthy switch { false => "0", null => "1", _ => "2" },
        "id" => agent.Uid.ToString(),
        _ => agent.HostName,
    };

    private static string Text(byte[] body) => Encoding.UTF8.GetString(body);
}
