using System.Data.Common;
using Gantry.Hub.Access;
using Gantry.Hub.Fleet.Certificates;
using Gantry.Hub.Fleet.Settings;
using Gantry.Protocol.OpAmp;

namespace Gantry.Hub.Fleet.Credentials;

/// <summary>
/// An agent and the credential that it comes with: whose messages that may carry, when the agent is to have one of its own, and what it is then offered.
/// Writes to the database, so nothing here runs under the fleet's lock but what says so.
/// </summary>
internal sealed class AgentCredentials(AccessStore access, AuditLog audit, Signing signing, FleetOptions options, TimeProvider time, ILogger<AgentCredentials> logger)
{
    // A commit each, which waits for the disk. Those beyond it have theirs with a later message.
    private const double PerSecond = 200;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>Over plain HTTP nobody sees that an offer was lost; an agent that comes with the old one for so long is offered it anew.</summary>
    private static readonly TimeSpan Lost = TimeSpan.FromMinutes(5);

    private readonly TokenBucket _issue = new(time, PerSecond);
    private long _troubleAt;

    /// <summary>Agents need a credential here, and those that can take one of their own are offered it.</summary>
    public bool Any => options.Features.OwnCredentials && !access.IsOpen;

    public Signing Signing => signing;

    /// <summary>May run under the fleet's lock.</summary>
    public bool IsFor(AgentPeer peer) => Any && (peer.Caller.Role == Role.Enrolment || peer.Caller.AgentUid is not null);

    /// <summary>Why this peer may not send a message of this agent; "" when it may. May run under the fleet's lock.</summary>
    /// <param name="former">The uid under which the agent still spoke when the hub gave it this one.</param>
    /// <param name="isHere">The agent has spoken over this connection before.</param>
    /// <param name="attribute">What the agent tells of itself; null: nothing in this message.</param>
    public string Trespass(AgentPeer peer, Guid uid, Guid? former, bool isHere, Func<string, string?>? attribute)
    {
        var caller = peer.Caller;
        if (caller.Id.Length == 0)
        {
            return "";
        }

        if (caller.AgentUid is { } own)
        {
            var credential = access.Find(caller.Id);
            if (credential is null || !(credential.Speaks(uid) || (former is { } before && credential.Speaks(before))))
            {
                return $"this credential belongs to agent {own}, and the message is of agent {uid}; each agent needs a credential of its own";
            }
        }
        else if (caller.Role == Role.Enrolment)
        {
            if (access.RefusalOf(caller, uid) is { Length: > 0 } refusal)
            {
                return refusal;
            }

            if (!isHere && access.IsUsedUp(caller) && access.NewestOf(uid)?.Parent != caller.Id)
            {
                return "the enrolment token is used up";
            }
        }

        return attribute is null ? "" : AccessStore.ScopeProblem(caller, attribute);
    }

    /// <summary>Refused requests are in the audit log, those in messages too.</summary>
    public void Denied(string reason) => audit.Denied(Actor.Current, "/v1/opamp", reason);

    /// <summary>Has the agent what there is for it, or said that it cannot use it? May run under the fleet's lock.</summary>
    /// <param name="isConfigured">An operator has set what agents connect with.</param>
    /// <param name="told">What the agent last said of an offer.</param>
    public bool IsSettled(AgentPeer peer, Guid uid, SettingsBasis basis, bool isConfigured, ConnectionSettingsStatus? told)
    {
        var newest = access.NewestOf(uid);
        if (newest is { IsOffered: true, Used: null, Revoked: null })
        {
            return told is { State: ConnectionSettingsState.Failed } && told.LastHash.AsSpan().SequenceEqual(basis.HashOf(newest.Id));
        }

        return peer.Caller.Role != Role.Enrolment && (!isConfigured || newest?.Settings == basis.Mark);
    }

    /// <summary>It was offered a credential long ago and still comes with the old one. May run under the fleet's lock.</summary>
    public bool IsLost(Guid uid) => access.NewestOf(uid) is { IsOffered: true, Used: null, Revoked: null } offered && time.GetUtcNow() - offered.Created > Lost;

    /// <summary>A credential for this agent, with everything that goes with it.</summary>
    /// <param name="certificate">Signed for it just now; null: none.</param>
    /// <returns>Neither: not now, it is tried again with a later message.</returns>
    public (SettingsOffer? Offer, string Refusal) Issue(AgentPeer peer, Guid uid, SettingsBasis basis, IssuedCertificate? certificate)
    {
        if (!IsFor(peer))
        {
            return certificate is null ? (null, "") : (ConnectionOffers.Own(basis, peer.Endpoint, token: null, certificate.ToWire(), certificate.Id), "");
        }

        if (certificate is null && (IsPaused || !_issue.TryTake()))
        {
            return (null, "");
        }

        try
        {
            var issued = access.Offer(peer.Caller, uid, basis.Mark);
            return (ConnectionOffers.Own(basis, peer.Endpoint, issued.Token, certificate?.ToWire(), issued.Credential.Id), "");
        }
        catch (AccessException refused) when (access.IsFull)
        {
            // What it came with counts; that there are too many is no fault of its own.
            Volatile.Write(ref _troubleAt, time.GetTimestamp());
            Log.CredentialNotIssued(logger, uid, refused.Message);
            return (null, "");
        }
        catch (AccessException refused)
        {
            Denied(refused.Message);
            return (null, refused.Message);
        }
        catch (DbException exception)
        {
            Volatile.Write(ref _troubleAt, time.GetTimestamp());
            Log.CredentialNotIssued(logger, uid, exception.Message);
            return (null, "");
        }
    }

    /// <summary>The hub gave another uid to whoever came with this credential.</summary>
    public void GaveUid(string credential, Guid uid)
    {
        try
        {
            access.AddUid(credential, uid);
        }
        catch (DbException exception)
        {
            // The connection goes on; after the next one it has to enrol.
            Log.CredentialNotIssued(logger, uid, exception.Message);
        }
    }

    private bool IsPaused => Volatile.Read(ref _troubleAt) is not 0 and var since && time.GetElapsedTime(since) < Pause;
}
