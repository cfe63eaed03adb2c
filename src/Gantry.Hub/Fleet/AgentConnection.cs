namespace Gantry.Hub.Fleet;

/// <summary>One transport connection; several agents may share it. Over HTTP it lasts for one exchange.</summary>
internal class AgentConnection
{
    protected AgentConnection(string transport) => Transport = transport;

    /// <summary>"websocket" or "http".</summary>
    public string Transport { get; }

    public virtual bool IsWebSocket => false;

    /// <summary>Who opened it; null over HTTP, where each request says so, and where nobody is asked.</summary>
    public Credentials.AgentPeer? Peer { get; init; }

    /// <summary>Agents that this connection speaks for. Guarded by the lock of <see cref="FleetStore"/>.</summary>
    public AgentsOfConnection Agents;

    public static AgentConnection Http { get; } = new("http");

    /// <summary>There is something to tell an agent. Returns at once, and may be called from any thread.</summary>
    public virtual void Push(AgentState agent)
    {
    }

    /// <summary>Asks the peer for a sign of life; whoever hears it is told by <see cref="FleetStore.Alive"/>.</summary>
    public virtual void Probe()
    {
    }
}

/// <summary>Nearly always exactly one: then no list is made.</summary>
internal struct AgentsOfConnection
{
    private object? _content;

    public readonly int Count => _content switch { null => 0, AgentState => 1, var list => ((HashSet<AgentState>)list).Count };

    public bool Add(AgentState agent)
    {
        switch (_content)
        {
            case null:
                _content = agent;
                return true;
            case AgentState one:
                if (one == agent)
                {
                    return false;
                }

                _content = new HashSet<AgentState> { one, agent };
                return true;
            default:
                return ((HashSet<AgentState>)_content).Add(agent);
        }
    }

    public void Remove(AgentState agent)
    {
        if (_content == (object)agent)
        {
            _content = null;
        }
        else if (_content is HashSet<AgentState> many)
        {
            many.Remove(agent);
        }
    }

    public readonly IEnumerable<AgentState> All => _content switch { null => [], AgentState one => [one], var list => (HashSet<AgentState>)list };

    public readonly AgentState? Only => _content as AgentState;
}
