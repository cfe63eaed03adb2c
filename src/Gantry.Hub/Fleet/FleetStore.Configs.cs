using System.Data.Common;
using Gantry.Estate.Agents;
using Gantry.Hub.Fleet.Configs;
using Gantry.Hub.Rollouts;
using Gantry.Protocol.OpAmp;

namespace Gantry.Hub.Fleet;

/// <summary>What agents should run: asked of the assignments, offered, and compared with what they run.</summary>
internal sealed partial class FleetStore
{
    /// <summary>An agent that reports what became of an offer and did not is offered it again, so often and not more.</summary>
    private const int MostAttempts = 5;

    private const int Slice = 256;

    private static readonly TimeSpan ReofferEvery = TimeSpan.FromSeconds(30);

    private readonly Queue<AgentState> _uncompared = new();
    private readonly HashSet<AgentState> _waitsToBeCompared = [];
    private readonly Dictionary<(string Wanted, UInt128 Effective), IReadOnlyList<string>> _compared = [];

    /// <summary>Asks for every agent anew what it should run, and tells those that are connected. In slices, so that no message waits long.</summary>
    public void Reassign()
    {
        List<AgentState> agents;
        lock (Gate)
        {
            agents = [.. _agents.Values];
        }

        var now = _time.GetUtcNow();
        var used = new HashSet<ConfigOffer>();
        var facts = new List<(AgentState Agent, AgentFacts Facts)>(Slice);
        var answers = new List<(Assignment? Config, PackageSet? Packages)?>(Slice);
        var tell = new List<(AgentState, AgentConnection)>(Slice);
        foreach (var slice in agents.Chunk(Slice))
        {
            facts.Clear();
            answers.Clear();
            tell.Clear();
            lock (Gate)
            {
                facts.AddRange(slice.Select(agent => (agent, agent.Facts())));
            }

            answers.AddRange(facts.Select(item => Assigned(item.Facts)));
            lock (Gate)
            {
                for (var i = 0; i < facts.Count; i++)
                {
                    var agent = facts[i].Agent;
                    if (answers[i] is { } answer)
                    {
                        Want(agent, answer.Config, now);
                        agent.DesiredPackages = answer.Packages;
                    }

                    if (agent.Config?.Desired is { } desired)
                    {
                        used.Add(desired);
                    }

                    if (agent.Connection is { IsWebSocket: true } connection && (DueConfig(agent, now, told: false) is not null || DuePackages(agent) is not null))
                    {
                        tell.Add((agent, connection));
                    }
                }
            }

            foreach (var (agent, connection) in tell)
            {
                connection.Push(agent);
            }
        }

        _offers.KeepOnly(used);
    }

    /// <returns>Null: it cannot be said while the database is away, which whoever writes to it logs; what was assigned before stays.</returns>
    private (Assignment? Config, PackageSet? Packages)? Assigned(AgentFacts facts)
    {
        try
        {
            return (_assignments?.Of(facts), _assignments?.PackagesOf(facts));
        }
        catch (DbException)
        {
            return null;
        }
    }

    /// <summary>Offers once more what the agent failed with: an operator decided so.</summary>
    /// <returns>False: there is no such agent, or nothing that it rejected.</returns>
    public bool Retry(Guid uid)
    {
        AgentConnection? connection;
        AgentState? agent;
        lock (Gate)
        {
            if (!_agents.TryGetValue(uid, out agent) || agent.Config is not { Rejected.Count: > 0 } config)
            {
                return false;
            }

            config.Rejected.Clear();
            (config.Offered, config.RolledBack, config.Attempts, agent.Dirty) = (null, false, 0, true);
            if (config.HasDesired && config.Status == RemoteConfigState.Failed)
            {
                // It has it, and failed: only a hash that differs from its own makes an offer.
                config.LastHash = [];
            }

            connection = agent.Connection;
        }

        connection?.Push(agent);
        return true;
    }

    /// <summary>An effective configuration that was kept before.</summary>
    public KeptConfig Keep(AgentConfigMap map) => _effective.Keep(map);

    /// <summary>Compares what waits to be compared. Called by the sweep, and by whoever looks at an agent.</summary>
    public void CompareSome(int most = 1_000)
    {
        for (var i = 0; i < most; i++)
        {
            AgentState agent;
            ConfigOffer desired;
            KeptConfig effective;
            IReadOnlyList<string>? known;
            lock (Gate)
            {
                if (!_uncompared.TryDequeue(out agent!))
                {
                    return;
                }

                _waitsToBeCompared.Remove(agent);
                if (agent.Effective is null || agent.Config is not { Desired: not null, Differences: null })
                {
                    continue;
                }

                (desired, effective) = (agent.Config.Desired, agent.Effective);
                _compared.TryGetValue((desired.Config.Hash, effective.Key), out known);
            }

            known ??= Drift.Compare(desired.Config, effective.Read());
            lock (Gate)
            {
                if (_compared.Count > 10_000)
                {
                    _compared.Clear();
                }

                _compared[(desired.Config.Hash, effective.Key)] = known;
                if (agent.Config is { } config && config.Desired == desired && agent.Effective == effective)
                {
                    config.Differences = known;
                    config.InEffectAt = known.Count == 0 ? config.InEffectAt ?? agent.EffectiveAt : null;
                }
            }
        }
    }

    private void Want(AgentState agent, Assignment? assigned, DateTimeOffset now)
    {
        if (assigned is { IsNothing: true } && agent.Config is null or { LastHash.Length: 0, Offered: null, Desired: null })
        {
            // It runs a file of its own, and has nothing of ours that could be withdrawn.
            assigned = null;
        }

        if (assigned is null && agent.Config is null)
        {
            return;
        }

        var config = agent.Config ??= new ConfigState();
        var offer = assigned is null ? null : _offers.Of(assigned);
        if (config.Want(offer, now))
        {
            agent.Dirty = true;
        }

        Uncompare(agent);
    }

    private void Uncompare(AgentState agent)
    {
        if (agent.Config is { Desired: not null } config && agent.Effective is not null)
        {
            config.Differences = null;
            if (_waitsToBeCompared.Add(agent))
            {
                _uncompared.Enqueue(agent);
            }
        }
    }

    /// <param name="told">The agent has just said something new about its configuration.</param>
    private ConfigOffer? DueConfig(AgentState agent, DateTimeOffset now, bool told)
    {
        // No HasFlag on the way of heartbeats: code that is not optimised yet boxes for it.
        if (!_options.Features.RemoteConfig || (agent.Capabilities & AgentCapabilities.AcceptsRemoteConfig) == AgentCapabilities.None
            || agent.Config is not { Desired: { } desired } config || config.HasDesired || config.IsRejected(desired.Hash))
        {
            return null;
        }

        if (config.Offered is null || !config.Offered.AsSpan().SequenceEqual(desired.Hash))
        {
            return desired;
        }

        var isLate = now - config.OfferedAt > ReofferEvery && config.Attempts < MostAttempts;
        return agent.Capabilities.HasFlag(AgentCapabilities.ReportsRemoteConfig) && (told || isLate) ? desired : null;
    }
}
