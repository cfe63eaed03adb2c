using Gantry.Hub.Coverage;
using Gantry.Hub.Fleet.Views;

namespace Gantry.Testing;

/// <summary>The agents of an estate that a test writes, none of which has a configuration.</summary>
public sealed class FakeFleet(EstateQueries estate) : FleetQueries
{
    public override int Known => estate.Current.Agents.Count;

    public override AgentsFound Find(AgentQuery query)
    {
        var all = estate.Current.Agents;
        var searched = all.Where(row => query.Words.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word => $"{row.Kind} {row.Version} {row.HostName} {row.Id}".Contains(word, StringComparison.OrdinalIgnoreCase))).ToList();
        var states = query.State.Split(',', StringSplitOptions.RemoveEmptyEntries);
        var found = searched.Where(row => states.Length == 0 || StatesOf(row).Intersect(states).Any()).OrderBy(row => row.Kind, StringComparer.Ordinal).ThenBy(row => row.HostName, StringComparer.Ordinal).ToList();
        return new AgentsFound([.. found.Skip((query.Page - 1) * query.Size).Take(query.Size)], found.Count)
        {
            Known = all.Count,
            Searched = searched.Count,
            Counts = searched.SelectMany(StatesOf).CountBy(state => state).ToDictionary(),
        };
    }

    public override AgentDetail? One(string id) => estate.Current.Agents.FirstOrDefault(row => row.Id == id) is not { } row ? null : new AgentDetail(
        row, [.. new[] { "desired", "offered", "received", "applied", "in-effect" }.Select(step => new AgentStep(step, "unknown", null, "", ""))], 0, "", [], [], [], null, null,
        [new ComponentRow("", row.Health != "unhealthy", row.Health, row.LastError, null)], new Dictionary<string, string>(), null, [], []);

    private static IEnumerable<string> StatesOf(AgentRow row) => [row.State, row.Connected ? "connected" : "gone", .. row.Health == "unhealthy" ? new[] { "unhealthy" } : []];
}
