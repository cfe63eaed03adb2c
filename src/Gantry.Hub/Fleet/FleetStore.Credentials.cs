using Gantry.Hub.Access;
using Gantry.Hub.Fleet.Certificates;
using Gantry.Hub.Fleet.Credentials;
using Gantry.Hub.Fleet.Settings;
using Gantry.Protocol.OpAmp;

namespace Gantry.Hub.Fleet;

/// <summary>Whose message a connection may carry, and the settings that are one agent's own. (Specification, "Connection Settings Management".)</summary>
internal sealed partial class FleetStore
{
    private readonly AgentCredentials? _credentials;

    /// <summary>Made for an agent between two messages, until its connection takes it.</summary>
    private readonly Dictionary<Guid, OwnOffer> _prepared = [];

    /// <summary>Agents that are to have another credential, because somebody said so.</summary>
    private readonly HashSet<Guid> _rotations = [];

    private readonly Queue<(string Credential, Guid Uid)> _givenUids = new();

    private bool Signs => _options.Features.Certificates && _credentials is not null;

    /// <summary>Offers an agent another credential in the place of its own: now over a WebSocket, with its next poll over plain HTTP, or when it comes back.</summary>
    /// <returns>Null: there is no such agent. False: it takes no connection settings.</returns>
    public bool? Rotate(Guid uid)
    {
        AgentState? agent;
        lock (Gate)
        {
            if (!_agents.TryGetValue(uid, out agent))
            {
                return null;
            }

            if (!agent.Capabilities.HasFlag(AgentCapabilities.AcceptsOpAmpConnectionSettings))
            {
                return false;
            }

            _rotations.Add(uid);
        }

        PushOwn(uid);
        return true;
    }

    /// <summary>Makes what there is for this agent alone, and sends it when it has a connection that can be sent to.</summary>
    public void PushOwn(Guid uid)
    {
        AgentState? agent;
        AgentConnection connection;
        OwnNeed need;
        lock (Gate)
        {
            if (!_agents.TryGetValue(uid, out agent) || agent.Connection is not { IsWebSocket: true } live)
            {
                return;
            }

            connection = live;
            need = OwnNeed_NeedsLock(agent, connection.Peer, message: null);
        }

        var own = Own(need, connection.Peer);
        lock (Gate)
        {
            if (own is { Offer: null, Refusal: null } || agent.Connection != connection)
            {
                return;
            }

            _prepared[uid] = own;
        }

        connection.Push(agent);
    }

    private AgentReply? Trespass_NeedsLock(AgentToServer message, AgentConnection connection, AgentPeer? peer)
    {
        if (peer is null || _credentials is null)
        {
            return null;
        }

        var uid = new Guid(message.InstanceUid, bigEndian: true);
        var known = _agents.GetValueOrDefault(uid);
        var isHere = known?.Connection == connection && connection.IsWebSocket;
        // By the same attributes as pipelines are matched; one that says nothing of itself is what it said before.
        var said = peer.Caller.Attributes.Count > 0 && (message.Description ?? known?.Description) is { } description ? AgentState.AttributesOf(description, known?.OperatorAttributes) : null;
        Func<string, string?>? attribute = said is null ? null : name => said.GetValueOrDefault(name);
        var why = _credentials.Trespass(peer, uid, known?.FormerUid, isHere, attribute);
        if (why.Length == 0)
        {
            return null;
        }

        _credentials.Denied(why);
        return AgentReply.Denied(message.InstanceUid, why);
    }

    /// <summary>For the heartbeat, so it must be cheap.</summary>
    private bool IsOwnDue_NeedsLock(AgentState agent, AgentConnection connection, AgentPeer? peer)
    {
        if (_credentials is null)
        {
            return false;
        }

        if (!connection.IsWebSocket && peer is not null && _credentials.Trespass(peer, agent.Uid, former: null, isHere: false, attribute: null).Length > 0)
        {
            return true;
        }

        return (_credentials.Signing.AnyApproved && _credentials.Signing.IsApproved(agent.Uid))
            || (agent.HasOwnSettings
                && (agent.OfferedSettings != Connections.BasisOf(agent.Capabilities).Hash || _rotations.Contains(agent.Uid) || (!connection.IsWebSocket && _credentials.IsLost(agent.Uid))));
    }

    private OwnNeed OwnNeed_NeedsLock(AgentState agent, AgentPeer? peer, AgentToServer? message)
    {
        if (peer is null || _credentials is null || message?.Disconnect is not null)
        {
            return default;
        }

        var accepts = agent.Capabilities.HasFlag(AgentCapabilities.AcceptsOpAmpConnectionSettings);
        agent.HasOwnSettings = accepts && _credentials.IsFor(peer);
        // One that is to take up another uid asks again under that.
        if (agent.FormerUid is not null)
        {
            return default;
        }

        var basis = Connections.BasisOf(agent.Capabilities);
        var csr = message?.ConnectionSettingsRequest?.OpAmp?.Certificate?.Csr;
        if (csr is not null || (accepts && _credentials.Signing.IsApproved(agent.Uid)))
        {
            return new OwnNeed(agent.Uid, basis, csr, Signs: true, accepts);
        }

        if (!agent.HasOwnSettings)
        {
            return default;
        }

        if (!_rotations.Contains(agent.Uid))
        {
            var isLost = message is not null && agent.Connection is { IsWebSocket: false } && _credentials.IsLost(agent.Uid);
            if (agent.OfferedSettings == basis.Hash && !isLost)
            {
                return default;
            }

            if (_credentials.IsSettled(peer, agent.Uid, basis, Connections.Any, agent.Settings))
            {
                agent.OfferedSettings = basis.Hash;
                return default;
            }
        }

        return new OwnNeed(agent.Uid, basis, Csr: null, Signs: false, accepts);
    }

    private OwnOffer Own(OwnNeed need, AgentPeer? peer)
    {
        if (need.Basis is null || peer is null)
        {
            return default;
        }

        IssuedCertificate? certificate = null;
        if (need.Signs)
        {
            var signed = !Signs ? Signed.No("this hub signs no certificates")
                : !need.Accepts ? Signed.No("a certificate travels in connection settings, and this agent does not say AcceptsOpAMPConnectionSettings")
                : _credentials!.Signing.Take(peer, need.Uid, need.Csr);
            if (signed.Refusal.Length > 0)
            {
                return new OwnOffer(null, null, AgentReply.BadRequest(need.Uid.ToByteArray(bigEndian: true), signed.Refusal));
            }

            if (signed.Certificate is null)
            {
                return default;
            }

            certificate = signed.Certificate;
        }

        var (offer, refusal) = _credentials!.Issue(peer, need.Uid, need.Basis, certificate);
        return new OwnOffer(offer, need.Basis, refusal.Length > 0 ? AgentReply.Denied(need.Uid.ToByteArray(bigEndian: true), refusal) : null);
    }

    private void KeepGivenUids()
    {
        while (_credentials is not null)
        {
            (string Credential, Guid Uid) given;
            lock (Gate)
            {
                if (!_givenUids.TryDequeue(out given))
                {
                    return;
                }
            }

            _credentials.GaveUid(given.Credential, given.Uid);
        }
    }

    /// <param name="Basis">Null: there is nothing to be made.</param>
    /// <param name="Csr">Null with <paramref name="Signs"/>: the one that was approved.</param>
    private readonly record struct OwnNeed(Guid Uid, SettingsBasis? Basis, byte[]? Csr, bool Signs, bool Accepts);

    /// <param name="Refusal">The whole answer, when there is one.</param>
    private readonly record struct OwnOffer(SettingsOffer? Offer, SettingsBasis? Basis, AgentReply? Refusal);
}
