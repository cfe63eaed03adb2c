using Gantry.Protocol.OpAmp;

namespace Gantry.Hub.Fleet;

/// <summary>What operators do to one agent.</summary>
internal sealed partial class FleetStore
{
    /// <returns>False: there is no such agent.</returns>
    public bool SetAttributes(Guid uid, IReadOnlyDictionary<string, string> attributes)
    {
        Gantry.Estate.Agents.AgentFacts facts;
        AgentState? agent;
        lock (Gate)
        {
            if (!_agents.TryGetValue(uid, out agent))
            {
                return false;
            }

            agent.OperatorAttributes = attributes.Count == 0
                ? AgentState.NoAttributes
                : attributes.ToDictionary(pair => TextPool.Shared.Get(pair.Key), pair => TextPool.Shared.Get(pair.Value));
            agent.Dirty = true;
            facts = agent.Facts();
        }

        var assigned = _assignments?.Of(facts);
        AgentConnection? connection;
        lock (Gate)
        {
            Want(agent, assigned, _time.GetUtcNow());
            connection = agent.Connection;
        }

        connection?.Push(agent);
        return true;
    }

    /// <returns>Null: there is no such agent. False: it does not accept the command.</returns>
    public bool? Restart(Guid uid)
    {
        AgentConnection? connection;
        AgentState? agent;
        lock (Gate)
        {
            if (!_agents.TryGetValue(uid, out agent))
            {
                return null;
            }

            if (!_options.Features.RestartCommand || !agent.Capabilities.HasFlag(AgentCapabilities.AcceptsRestartCommand))
            {
                return false;
            }

            agent.RestartDue = true;
            connection = agent.Connection;
        }

        connection?.Push(agent);
        return true;
    }

    /// <returns>Null: there is no such agent. False: the agent did not name the message's capability, or the hub does not.</returns>
    public bool? Send(Guid uid, CustomMessage message)
    {
        AgentConnection? connection;
        AgentState? agent;
        lock (Gate)
        {
            if (!_agents.TryGetValue(uid, out agent))
            {
                return null;
            }

            if (!_options.Features.CustomMessages || !agent.CustomCapabilities.Contains(message.Capability) || !Custom.Names.Contains(message.Capability))
            {
                return false;
            }

            agent.CustomDue = message;
            connection = agent.Connection;
        }

        connection?.Push(agent);
        return true;
    }

    /// <summary>Offers all agents that accept them other settings to connect with.</summary>
    /// <exception cref="ArgumentException">The settings are wrong; the message names each problem.</exception>
    public void Offer(Settings.ConnectionSettingsConfig? settings)
    {
        Connections.Replace(settings);
        List<(AgentState, AgentConnection)> tell;
        List<Guid> own;
        lock (Gate)
        {
            own = [.. _agents.Values.Where(agent => agent is { HasOwnSettings: true, Connection.IsWebSocket: true }).Select(agent => agent.Uid)];
            tell = [.. _agents.Values.Where(agent => agent.Connection is { IsWebSocket: true } && DueSettings(agent, told: false) is not null).Select(agent => (agent, agent.Connection!))];
        }

        foreach (var (agent, connection) in tell)
        {
            connection.Push(agent);
        }

        foreach (var uid in own)
        {
            PushOwn(uid);
        }
    }
}
