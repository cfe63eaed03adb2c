using System.Collections.Concurrent;
using Gantry.Estate.Agents;
using Gantry.Hub.Compile;

namespace Gantry.Hub.Rollouts;

/// <summary>Agents whose configuration somebody may ask about, and what decides it.</summary>
internal interface IAgentDirectory
{
    /// <param name="idOrName">Its id, or its name where that is one agent's alone.</param>
    AgentFacts? Find(string idOrName);

    IReadOnlyCollection<AgentFacts> All { get; }

    /// <summary>The same agents, for questions to all of them.</summary>
    AgentColumns Columns { get; }
}

/// <summary>Agents that a door has asked about since this hub began, newest facts each: so it needs to know no door.</summary>
internal sealed class AskedAgents : IAgentDirectory
{
    /// <summary>As many as all doors hold: 100,000 over OpAMP, 100,000 over the Fleet Management API.</summary>
    private const int Most = 200_000;

    private readonly ConcurrentDictionary<string, AgentFacts> _agents = new();
    private int _count;

    public AgentColumns Columns { get; } = new();

    public IReadOnlyCollection<AgentFacts> All => (IReadOnlyCollection<AgentFacts>)_agents.Values;

    public AgentFacts? Find(string idOrName)
    {
        if (_agents.TryGetValue(idOrName, out var agent))
        {
            return agent;
        }

        var named = _agents.Values.Where(other => other.Name == idOrName).Take(2).ToList();
        return named is [{ } only] ? only : null;
    }

    public void Add(AgentFacts agent)
    {
        if (_agents.TryGetValue(agent.Id, out var known))
        {
            if (!ReferenceEquals(known, agent))
            {
                Keep(agent);
            }
        }
        else if (Interlocked.Increment(ref _count) <= Most)
        {
            Keep(agent);
        }
        else
        {
            // Those that are gone are told from those that are there by asking: everything is forgotten, and who asks again is known again.
            _agents.Clear();
            Columns.Clear();
            Interlocked.Exchange(ref _count, 0);
        }
    }

    private void Keep(AgentFacts agent)
    {
        _agents[agent.Id] = agent;
        Columns.Put(agent);
    }
}
