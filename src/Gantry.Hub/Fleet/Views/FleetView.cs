using System.Runtime.InteropServices;
using System.Text;
using Gantry.Hub.Coverage;
using Gantry.Hub.Fleet.Configs;
using Gantry.Protocol.OpAmp;

namespace Gantry.Hub.Fleet.Views;

/// <summary>The fleet as pages and the API see it: filtered, sorted and cut here, so that 100,000 agents cost milliseconds and one page of rows.</summary>
internal sealed class FleetView(FleetStore fleet, FleetOptions options, TimeProvider time) : FleetQueries
{
    public const int MostRows = 500;

    private const int Slice = 4_096;

    public override AgentsFound Find(AgentQuery query)
    {
        var now = time.GetUtcNow();
        List<AgentState> agents;
        lock (fleet.Gate)
        {
            agents = [.. fleet.Agents_NeedsLock];
        }

        var asked = new Asked(
            query.Words.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            query.State.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            query.Sort.TrimStart('-'),
            now);
        var counts = new Dictionary<string, int>();
        var found = new List<Found>();
        var (known, searched) = (0, 0);
        for (var start = 0; start < agents.Count; start += Slice)
        {
            lock (fleet.Gate)
            {
                for (var i = start; i < Math.Min(agents.Count, start + Slice); i++)
                {
                    var agent = agents[i];
                    if (!IsKept(agent, now))
                    {
                        continue;
                    }

                    known++;
                    var state = AgentStates.Of(agent, now, options.ApplyWithin);
                    if (!MatchesAll(agent, state, asked.Words))
                    {
                        continue;
                    }

                    searched++;
                    if (Count(agent, state, asked, counts))
                    {
                        found.Add(Place(agent, state, asked.Sort));
                    }
                }
            }
        }

        var first = (int)Math.Min((query.Page - 1) * (long)query.Size, found.Count);
        var count = Math.Min(query.Size, found.Count - first);
        SortedWindow.Sort(CollectionsMarshal.AsSpan(found), first, count, query.Sort.StartsWith('-') ? static (a, b) => Compare(b, a) : Compare);
        lock (fleet.Gate)
        {
            return new AgentsFound([.. found.GetRange(first, count).Select(item => Row(item.Agent, now))], found.Count)
            {
                Known = known,
                Searched = searched,
                Counts = counts,
            };
        }
    }

    public override AgentDetail? One(string id) => Guid.TryParse(id, out var uid) ? One(uid) : null;

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

    private static int Compare(Found a, Found b)
    {
        // Numbers first: most orders have few texts or none.
        var order = a.Number.CompareTo(b.Number);
        order = order != 0 ? order : string.CompareOrdinal(a.Key, b.Key);
        return order != 0 ? order : a.Agent.Uid.CompareTo(b.Agent.Uid);
    }

    private static bool IsKept(AgentState agent, DateTimeOffset now) => agent.IsConnected(now) || now - agent.LastSeen < FleetStore.Kept;

    private static bool MatchesAll(AgentState agent, string state, string[] words)
    {
        foreach (var word in words)
        {
            if (!Has(agent, state, word))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Counts an agent under each state that it is in.</summary>
    /// <returns>Whether it is in one that was asked for.</returns>
    private static bool Count(AgentState agent, string state, Asked asked, Dictionary<string, int> counts)
    {
        var fits = asked.States.Length == 0;
        Is(state);
        Is(agent.IsConnected(asked.Now) ? "connected" : "gone");
        if (agent.IsHealthy == false)
        {
            Is("unhealthy");
        }

        if (asked.Now - agent.LastSeen > Gantry.Estate.Ladder.Ladder.FreshFor)
        {
            Is("stale");
        }

        return fits;

        void Is(string word)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(counts, word, out _)++;
            fits |= asked.States.Contains(word);
        }
    }

    private static bool Has(AgentState agent, string state, string word)
    {
        if (word.IndexOf('=') is > 0 and var equals)
        {
            var (key, value) = (word[..equals], word[(equals + 1)..]);
            return agent.OperatorAttributes.TryGetValue(key, out var set) ? set == value : agent.Find(key) == value;
        }

        return agent.HostName.Contains(word, StringComparison.OrdinalIgnoreCase) || agent.Name.Contains(word, StringComparison.OrdinalIgnoreCase)
            || agent.Version.Contains(word, StringComparison.OrdinalIgnoreCase)
            || agent.Config?.Desired?.Cohort.Contains(word, StringComparison.OrdinalIgnoreCase) == true
            || state.Equals(word, StringComparison.OrdinalIgnoreCase)
            || (word.Length >= 4 && agent.Uid.ToString().Contains(word, StringComparison.OrdinalIgnoreCase));
    }

    private AgentRow Row(AgentState agent, DateTimeOffset now)
    {
        var state = AgentStates.Of(agent, now, options.ApplyWithin);
        return AgentRows.Row(agent, now) with { State = state, StateSince = AgentStates.Since(agent, state, options.ApplyWithin) };
    }

    private Found Place(AgentState agent, string state, string sort) => sort switch
    {
        "kind" => new(0, agent.Name, agent),
        "type" => new((long)agent.Kind, "", agent),
        "version" => new(0, agent.Version, agent),
        "state" => new(0, state, agent),
        "since" => new(AgentStates.Since(agent, state, options.ApplyWithin)?.UtcTicks ?? 0, "", agent),
        "config" => new(agent.Config?.Desired?.Revision ?? 0, agent.Config?.Desired?.Cohort ?? "", agent),
        "seen" => new(agent.LastSeen.UtcTicks, "", agent),
        "health" => new(agent.IsHealthy switch { false => 0, null => 1, _ => 2 }, "", agent),
        "id" => new(0, "", agent),
        _ => new(0, agent.HostName, agent),
    };

    private static string Text(byte[] body) => Encoding.UTF8.GetString(body);

    /// <param name="Now">One moment for all rows.</param>
    private sealed record Asked(string[] Words, string[] States, string Sort, DateTimeOffset Now);

    private readonly record struct Found(long Number, string Key, AgentState Agent);
}
