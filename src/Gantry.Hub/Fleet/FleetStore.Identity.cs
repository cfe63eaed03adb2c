using Gantry.Hub.Fleet.Credentials;
using Gantry.Protocol.OpAmp;

namespace Gantry.Hub.Fleet;

/// <summary>Who speaks: new uids, and two that use one. (Specification, "instance_uid" and "Duplicate Instance UIDs".)</summary>
internal sealed partial class FleetStore
{
    // So often two that count apart must take turns; one that restarts makes a gap, but never comes back to where it was.
    private const int AlternationsOfClones = 3;

    private static readonly TimeSpan RenamedKept = TimeSpan.FromMinutes(5);

    private readonly Dictionary<(Guid Former, AgentConnection Connection), (AgentState Agent, DateTimeOffset At)> _renamed = [];

    /// <summary>A peer gave the sign of life that it was asked for.</summary>
    public void Alive(AgentConnection connection)
    {
        lock (Gate)
        {
            foreach (var agent in connection.Agents.All.Where(agent => agent.Contender == connection).ToList())
            {
                RenameLater(agent);
            }
        }

        KeepGivenUids();
    }

    private AgentState AgentOf(AgentToServer message, AgentConnection connection, AgentPeer? peer, DateTimeOffset now, out bool isNew)
    {
        isNew = false;
        var uid = new Guid(message.InstanceUid, bigEndian: true);
        var wantsUid = message.Flags.HasFlag(AgentToServerFlags.RequestInstanceUid);
        // It was given another, and has not heard of it yet. Over HTTP any agent may speak next, so there only one that asks is known again.
        if ((connection.IsWebSocket || wantsUid) && _renamed.TryGetValue((uid, connection), out var renamed))
        {
            return renamed.Agent;
        }

        _agents.TryGetValue(uid, out var agent);
        if (wantsUid)
        {
            var given = Guid.CreateVersion7(now);
            isNew = agent is null;
            // It goes on as what it was; what it says in this message is already said under the new uid.
            var moved = agent is null || (agent.Connection is not null && agent.Connection != connection) ? new AgentState(given) : agent.As(given);
            if (agent is not null && moved.HasDescription)
            {
                connection.Agents.Remove(agent);
                Remove(agent);
            }

            Rename(moved, uid, connection, peer, now);
            return moved;
        }

        isNew = agent is null;
        if (agent is null)
        {
            _gone.Remove(uid);
            _agents.Add(uid, agent = new AgentState(uid));
        }

        if (agent.FormerUid is { } former)
        {
            _renamed.Remove((former, connection));
            agent.FormerUid = null;
        }

        return agent;
    }

    /// <summary>Says over which connection the agent is reached; or that it is not any more.</summary>
    private void Bind(AgentState agent, AgentToServer message, AgentConnection connection)
    {
        agent.Transport = connection.Transport;
        var before = agent.Connection;
        if (message.Disconnect is not null)
        {
            agent.Connection = null;
            connection.Agents.Remove(agent);
            return;
        }

        if (!connection.IsWebSocket)
        {
            agent.Connection = connection;
            return;
        }

        connection.Agents.Add(agent);
        if (before == connection)
        {
            return;
        }

        if (agent.Contender == connection)
        {
            // The one before speaks on though another has come: both live.
            RenameLater(agent);
            return;
        }

        if (before is { IsWebSocket: true })
        {
            agent.Contender = before;
            before.Probe();
        }

        agent.Connection = connection;
        agent.OfferedSettings = null;
        if (agent.Config is { } config)
        {
            // Whether an offer over the connection before arrived, nobody knows.
            config.Offered = null;
        }
    }

    /// <summary>Two connections under one uid, both alive: the later one becomes another agent.</summary>
    private void RenameLater(AgentState agent)
    {
        var (earlier, later) = (agent.Contender!, agent.Connection);
        (agent.Connection, agent.Contender) = (earlier, null);
        // What the later one said is in here too.
        agent.NeedsFullState = true;
        if (later is null || later == earlier)
        {
            return;
        }

        later.Agents.Remove(agent);
        var now = _time.GetUtcNow();
        var other = new AgentState(Guid.CreateVersion7(now)) { Connection = later, Transport = later.Transport, LastSeen = now, NeedsFullState = true, Capabilities = agent.Capabilities };
        later.Agents.Add(other);
        Rename(other, agent.Uid, later, later.Peer, now);
        later.Push(other);
    }

    private AgentState OtherUidIfCloned(AgentState agent, AgentConnection connection, AgentPeer? peer, DateTimeOffset now)
    {
        if (agent.Signs is not { Alternations: >= AlternationsOfClones } || connection.IsWebSocket)
        {
            return agent;
        }

        agent.Signs = null;
        agent.NeedsFullState = true;
        var other = agent.As(Guid.CreateVersion7(now));
        (other.Transport, other.LastSeen, other.Connection) = (agent.Transport, now, connection);
        other.FormerUid = agent.Uid;
        _agents.Add(other.Uid, other);
        GiveUid(peer, other.Uid);
        return other;
    }

    private void GiveUid(AgentPeer? peer, Guid uid)
    {
        if (peer?.Caller.AgentUid is not null)
        {
            _givenUids.Enqueue((peer.Caller.Id, uid));
        }
    }

    private void Rename(AgentState agent, Guid former, AgentConnection connection, AgentPeer? peer, DateTimeOffset now)
    {
        GiveUid(peer, agent.Uid);
        agent.FormerUid = former;
        _agents[agent.Uid] = agent;
        _renamed[(former, connection)] = (agent, now);
    }

    private void Remove(AgentState agent)
    {
        _agents.Remove(agent.Uid);
        _gone.Add(agent.Uid);
    }
}
