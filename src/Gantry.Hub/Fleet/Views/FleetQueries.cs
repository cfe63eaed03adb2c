using Gantry.Hub.Coverage;

namespace Gantry.Hub.Fleet.Views;

/// <summary>What pages and the API may ask of the fleet: agents that speak OpAMP, and collectors of the Fleet Management API. Answers are cut on this side: nobody gets 100,000 rows to throw most of them away.</summary>
public abstract class FleetQueries
{
    /// <summary>States that <see cref="AgentQuery.State"/> and <see cref="AgentsFound.Counts"/> know.</summary>
    public static IReadOnlyList<string> States { get; } = [.. AgentStates.All, "connected", "gone", "unhealthy", "stale", Fallbacks.State];

    /// <summary>Columns that <see cref="AgentQuery.Sort"/> knows.</summary>
    public static IReadOnlyList<string> Sorts { get; } = ["host", "kind", "type", "version", "state", "since", "config", "seen", "health", "id"];

    /// <summary>Agents there are, without looking at any.</summary>
    public abstract int Known { get; }

    public abstract AgentsFound Find(AgentQuery query);

    /// <param name="id">Instance uid, in any form of a UUID; of a collector what it calls itself.</param>
    /// <returns>Null: there is no such agent.</returns>
    public abstract AgentDetail? One(string id);
}

/// <summary>What to show of the fleet.</summary>
/// <param name="Words">All must be found: in the name, version, host, id, state or cohort, or as "key=value" in the attributes.</param>
/// <param name="State">One of <see cref="FleetQueries.States"/> or ""; several with commas between.</param>
/// <param name="Sort">One of <see cref="FleetQueries.Sorts"/>; "-" before it turns it round.</param>
/// <param name="Page">From 1.</param>
/// <param name="Size">Rows of a page; <see cref="int.MaxValue"/> for all.</param>
public sealed record AgentQuery(string Words, string State, string Sort, int Page, int Size);

/// <param name="Total">Rows that match words and state.</param>
public sealed record AgentsFound(IReadOnlyList<AgentRow> Rows, int Total)
{
    /// <summary>Agents there are, whatever was asked.</summary>
    public int Known { get; init; }

    /// <summary>Agents that match the words, in any state.</summary>
    public int Searched { get; init; }

    /// <summary>By each of <see cref="FleetQueries.States"/>: agents that match the words and are in it; those that none is in may be left out.</summary>
    public IReadOnlyDictionary<string, int> Counts { get; init; } = new Dictionary<string, int>();
}
