using Gantry.Estate.Agents;
using Gantry.Estate.Methods;
using Gantry.Hub.Fleet.Components;
using Gantry.Hub.Fleet.Configs;
using Gantry.Hub.Fleet.Credentials;
using Gantry.Hub.Fleet.Settings;
using Gantry.Hub.Rollouts;
using Gantry.Protocol.Inventory;
using Gantry.Protocol.OpAmp;

namespace Gantry.Hub.Fleet;

/// <summary>
/// All agents, hot in memory: a heartbeat touches one object and no row. Decides what each message means and what is answered; knows no
/// transport. (OpAMP v0.20, "AgentToServer Message" and "ServerToAgent Message".)
/// </summary>
internal sealed partial class FleetStore
{
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    public const int MaxAgents = 100_000;

    // A list that old says nothing about what runs now.
    private static readonly TimeSpan InventoryKept = TimeSpan.FromHours(1);

    private readonly Dictionary<Guid, AgentState> _agents = [];
    private readonly Dictionary<string, HostInventory> _inventories = [];
    private readonly HashSet<Guid> _gone = [];
    private readonly TimeProvider _time;
    private readonly IAssignments? _assignments;
    private readonly FleetOptions _options;
    private readonly OfferTable _offers = new();
    private readonly EffectiveConfigs _effective = new();

    public FleetStore(TimeProvider time, IAssignments? assignments = null, FleetOptions? options = null, AgentCredentials? credentials = null)
    {
        (_time, _assignments, _options, _credentials) = (time, assignments, options ?? new FleetOptions(), credentials);
        Connections = new ConnectionOffers(_options.ConnectionSettings);
        _fullStates = new TokenBucket(time, FullStatesPerSecond, FullStatesAtOnce);
        _restoredStates = new TokenBucket(time, RestoredStatesPerSecond);
        _enrol = new TokenBucket(time, _options.Admission.Enrol);
        if (credentials is not null)
        {
            credentials.Signing.Decided += agent => _ = Task.Run(() => PushOwn(agent));
        }
    }

    public static CustomCapabilities Custom { get; } = new() { Names = [ProcessInventory.Capability] };

    public Lock Gate { get; } = new();

    public ComponentCatalogues Components { get; } = new();

    public ConnectionOffers Connections { get; }

    /// <summary>New agents and new connections are told to come again later; agents that are connected go on.</summary>
    public bool TurnsAway { get; set; }

    public IReadOnlyCollection<AgentState> Agents_NeedsLock => _agents.Values;

    public IReadOnlyCollection<HostInventory> Inventories_NeedsLock => _inventories.Values;

    private ServerCapabilities Capabilities => ServerCapabilities.AcceptsStatus | ServerCapabilities.AcceptsEffectiveConfig | ServerCapabilities.AcceptsPackagesStatus
        | (_options.Features.RemoteConfig ? ServerCapabilities.OffersRemoteConfig : ServerCapabilities.None)
        | (_options.Features.Packages ? ServerCapabilities.OffersPackages : ServerCapabilities.None)
        | (Connections.Any || Signs || _credentials?.Any == true ? ServerCapabilities.OffersConnectionSettings : ServerCapabilities.None)
        | (Signs ? ServerCapabilities.AcceptsConnectionSettingsRequest : ServerCapabilities.None);

    public void Restore(AgentState agent) => _agents[agent.Uid] = agent;

    public void Restore(HostInventory inventory) => _inventories[inventory.Processes.HostId] = inventory;

    public AgentState? Find_NeedsLock(Guid uid) => _agents.GetValueOrDefault(uid);

    /// <summary>Takes what nearly all messages are, without making an object.</summary>
    /// <returns>False, with nothing changed, when there is more to it: <see cref="Take"/> it. True: the answer is uid and capabilities.</returns>
    /// <param name="peer">Over plain HTTP, who sent it; a WebSocket knows.</param>
    public bool TryBeat(in BareMessage beat, AgentConnection connection, out ServerCapabilities capabilities, AgentPeer? peer = null)
    {
        capabilities = Capabilities;
        lock (Gate)
        {
            if (!_agents.TryGetValue(beat.InstanceUid, out var agent) || agent.Connection != connection || beat.SequenceNum != agent.SequenceNum + 1
                || (beat.Capabilities != AgentCapabilities.None && beat.Capabilities != agent.Capabilities)
                || agent.NeedsFullState || agent.ComponentsUnknown || agent.RestartDue
                || agent is not { Contender: null, FormerUid: null, CustomDue: null })
            {
                return false;
            }

            var now = _time.GetUtcNow();
            if (DueConfig(agent, now, told: false) is not null || DueSettings(agent, told: false) is not null || DuePackages(agent) is not null || IsOwnDue_NeedsLock(agent, connection, peer))
            {
                return false;
            }

            agent.SequenceNum = beat.SequenceNum;
            agent.LastSeen = now;
            agent.Dirty |= now - agent.WrittenSeen > SeenWritten;
            return true;
        }
    }

    /// <summary>Takes a message and answers it; every message has an answer. What it holds of the message's lists is its own from now on.</summary>
    /// <param name="peer">As above.</param>
    public AgentReply Take(AgentToServer message, AgentConnection connection, AgentPeer? peer = null)
    {
        peer ??= connection.Peer;
        if (message.InstanceUid.Length != 16)
        {
            return AgentReply.BadRequest(message.InstanceUid, $"instance_uid has {message.InstanceUid.Length} bytes; send the 16 bytes of a UUID, version 7 preferred");
        }

        var kept = message.EffectiveConfig is { } effective ? _effective.Keep(effective.Map) : null;
        var now = _time.GetUtcNow();
        AgentState agent;
        AgentFacts? facts;
        bool gap, isNew, told, firstHere;
        OwnNeed need;
        lock (Gate)
        {
            if ((Refusal(message, connection) ?? Trespass_NeedsLock(message, connection, peer)) is { } refusal)
            {
                return refusal;
            }

            agent = AgentOf(message, connection, peer, now, out isNew);
            firstHere = agent.Connection != connection || !connection.IsWebSocket;
            gap = !Follow(agent, message, isNew);
            told = Absorb(agent, message, kept, now, out var factsChanged);
            Bind(agent, message, connection);
            agent = OtherUidIfCloned(agent, connection, peer, now);
            NeedFullState(agent, message, gap, isNew);
            need = OwnNeed_NeedsLock(agent, peer, message);
            facts = factsChanged || isNew || agent.Config is not { Desired: not null } ? agent.Facts() : null;
        }

        // Whoever assigns may have to compile first, and a credential has to be on disk, so not under the lock.
        KeepGivenUids();
        var assigned = facts is null ? null : Assigned(facts);
        var own = Own(need, peer);
        lock (Gate)
        {
            if (assigned is { } answer)
            {
                Want(agent, answer.Config, now);
                agent.DesiredPackages = answer.Packages;
            }

            return own.Refusal ?? Compose(agent, message, told, isNew || firstHere, now, own);
        }
    }

    /// <summary>Composes what there is to tell an agent unasked.</summary>
    /// <returns>Null: nothing any more.</returns>
    public AgentReply? ComposePush(AgentState agent, AgentConnection connection)
    {
        lock (Gate)
        {
            if (agent.Connection != connection)
            {
                return null;
            }

            if (_prepared.Remove(agent.Uid, out var own) && own.Refusal is not null)
            {
                return own.Refusal;
            }

            var reply = Compose(agent, message: null, told: false, first: false, _time.GetUtcNow(), own);
            return reply.IsBare ? null : reply;
        }
    }

    /// <summary>A connection ended: no agent is reached over it any more.</summary>
    public void Closed(AgentConnection connection)
    {
        lock (Gate)
        {
            foreach (var agent in connection.Agents.All)
            {
                agent.Contender = agent.Contender == connection ? null : agent.Contender;
                if (agent.Connection == connection)
                {
                    agent.Connection = null;
                    agent.Dirty = true;
                }

                _prepared.Remove(agent.Uid);
                if (agent.FormerUid is { } former)
                {
                    _renamed.Remove((former, connection));
                }
            }

            connection.Agents = default;
        }
    }

    /// <summary>Forgets agents that are gone and process lists that are old.</summary>
    /// <returns>What has rows to delete.</returns>
    public (IReadOnlyList<Guid> Agents, IReadOnlyList<string> Inventories) Forget_NeedsLock(DateTimeOffset now)
    {
        var agents = _agents.Values.Where(agent => !agent.IsConnected(now) && now - agent.LastSeen > Kept).Select(agent => agent.Uid).ToList();
        foreach (var agent in agents)
        {
            _agents.Remove(agent);
        }

        agents.AddRange(_gone);
        _gone.Clear();
        foreach (var old in _renamed.Where(item => now - item.Value.At > RenamedKept && !item.Key.Connection.IsWebSocket).Select(item => item.Key).ToList())
        {
            _renamed.Remove(old);
        }

        var inventories = _inventories.Where(item => now - item.Value.Received > InventoryKept).Select(item => item.Key).ToList();
        foreach (var host in inventories)
        {
            _inventories.Remove(host);
        }

        return (agents, inventories);
    }

    /// <summary>Before the last write of a run: numbers that only heartbeats moved are written too, so that the next run asks nobody for everything.</summary>
    public void KeepSequences()
    {
        lock (Gate)
        {
            foreach (var agent in _agents.Values)
            {
                agent.Dirty |= agent.SequenceNum != agent.WrittenSequence;
            }
        }
    }

    /// <returns>Null: go on.</returns>
    private AgentReply? Refusal(AgentToServer message, AgentConnection connection)
    {
        var isKnown = _agents.ContainsKey(new Guid(message.InstanceUid, bigEndian: true));
        if (!isKnown && _agents.Count >= MaxAgents)
        {
            return AgentReply.Unavailable(message.InstanceUid, $"the hub knows {MaxAgents} agents and takes no more", RetryAfter.Draw());
        }

        // The first agent of a WebSocket was let in with it.
        if (!isKnown && (TurnsAway || ((!connection.IsWebSocket || connection.Agents.Count > 0) && !_enrol.TryTake())))
        {
            return AgentReply.Unavailable(message.InstanceUid, "too many new agents at once", RetryAfter.Draw());
        }

        return connection.Agents.Count >= _options.MaxAgentsPerConnection && !isKnown
            ? AgentReply.BadRequest(message.InstanceUid, $"more than {_options.MaxAgentsPerConnection} agents on one connection")
            : null;
    }

    private AgentReply Compose(AgentState agent, AgentToServer? message, bool told, bool first, DateTimeOffset now, OwnOffer own)
    {
        var reply = new AgentReply
        {
            Uid = (agent.FormerUid ?? agent.Uid).ToByteArray(bigEndian: true),
            Capabilities = Capabilities,
            NewUid = agent.FormerUid is null ? null : agent.Uid,
        };
        if (message?.Disconnect is not null)
        {
            return reply;
        }

        if (agent.RestartDue && agent.Capabilities.HasFlag(AgentCapabilities.AcceptsRestartCommand) && reply.NewUid is null)
        {
            agent.RestartDue = false;
            reply.Restart = true;
            return reply;
        }

        if (agent.NeedsFullState && MayAskFullState(agent, now))
        {
            reply.Flags |= ServerToAgentFlags.ReportFullState;
        }

        if (agent.ComponentsUnknown)
        {
            agent.ComponentsUnknown = !Components.Knows(agent.ComponentsHash);
            if (agent.ComponentsUnknown && message is not null && Components.MayAsk(agent.ComponentsHash, now))
            {
                reply.Flags |= ServerToAgentFlags.ReportAvailableComponents;
            }
        }

        reply.Config = DueConfig(agent, now, told);
        if (reply.Config is not null)
        {
            agent.Config!.Offered = reply.Config.Hash;
            agent.Config.OfferedAt = now;
            agent.Config.Attempts++;
            agent.Dirty = true;
        }

        if (own.Offer is not null)
        {
            (reply.ConnectionSettings, agent.OfferedSettings) = (own.Offer.Wire, own.Basis!.Hash);
            _rotations.Remove(agent.Uid);
        }
        else if (DueSettings(agent, message?.ConnectionSettingsStatus is not null) is { } settings)
        {
            reply.ConnectionSettings = settings.Wire;
            agent.OfferedSettings = settings.Hash;
        }

        if (DuePackages(agent, anew: first && message?.Description is not null) is { } packages)
        {
            reply.Packages = packages.Wire;
            agent.OfferedPackages = packages;
        }

        if (_options.Features.CustomMessages)
        {
            reply.TellsCustomCapabilities = message is not null && (first && message.Description is not null || message.CustomCapabilities is not null);
            (reply.Custom, agent.CustomDue) = (agent.CustomDue, null);
        }

        return reply;
    }
}

/// <summary>The newest process list of a host.</summary>
internal sealed class HostInventory(Guid agent, ProcessInventory processes, DateTimeOffset received)
{
    public Guid Agent { get; } = agent;

    public ProcessInventory Processes { get; } = processes;

    public DateTimeOffset Received { get; } = received;

    /// <summary>A process on it was instrumented by files, so its agent wants to know when telemetry of it arrives.</summary>
    public bool HasRestarts { get; } = processes.Processes.Exists(static process =>
        process.Instrumentation is { Method: AgentMethods.Injector or AgentMethods.UnitEnvironment or AgentMethods.Obi, State: InstrumentationState.Configured or InstrumentationState.RestartPending or InstrumentationState.Loaded or InstrumentationState.Observed });

    public bool Dirty { get; set; } = true;
}
