using System.Collections.Immutable;
using System.Data.Common;
using Gantry.Hub.Access;
using Gantry.Hub.Fleet.Credentials;
using Gantry.Hub.Storage;

namespace Gantry.Hub.Fleet.Certificates;

/// <summary>
/// Signing requests of agents: checked, limited, signed at once or when an operator approves. A request that waits is kept by the database and known to all
/// nodes, so an agent may go and come back elsewhere. (Specification, "Client Initiated CSR".)
/// </summary>
internal sealed class Signing
{
    private const int MostWaiting = 1_000;

    private readonly AccessStore _access;
    private readonly CertificateAuthority _authority;
    private readonly HubDatabase _database;
    private readonly FleetOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SigningLimit _limit;
    private readonly Lock _writing = new();
    private volatile ImmutableDictionary<Guid, StoredRequest> _requests;
    private volatile bool _anyApproved;

    public Signing(AccessStore access, CertificateAuthority authority, HubDatabase database, ChangeFeed feed, FleetOptions options, TimeProvider time, ILogger<Signing> logger)
    {
        (_access, _authority, _database, _options, _time, _logger, _limit) = (access, authority, database, options, time, logger, new SigningLimit(time));
        _requests = Load();
        feed.Subscribe(CertificateTable.Topic, Refresh);
    }

    /// <summary>An operator decided about this agent's request, on any node. On any thread, not under a lock.</summary>
    public event Action<Guid>? Decided;

    /// <summary>Cheap: some request is decided, and its agent has not been told.</summary>
    public bool AnyApproved => _anyApproved;

    public IEnumerable<SigningRow> Rows => _requests.Values.OrderBy(request => request.At).Select(request => request.ToRow());

    /// <summary>Is it decided, either way?</summary>
    public bool IsApproved(Guid agent) => _anyApproved && _requests.GetValueOrDefault(agent) is { State: not RequestState.Waiting };

    /// <param name="csr">Null: the one that was decided about.</param>
    public Signed Take(AgentPeer peer, Guid agent, byte[]? csr)
    {
        try
        {
            return csr is null ? Told(peer, agent) : Asked(peer, agent, csr);
        }
        catch (AccessException refused)
        {
            return Signed.No(refused.Message);
        }
        catch (DbException exception)
        {
            Log.NotSigned(_logger, agent, exception.Message);
            return Signed.No("the hub cannot sign just now; ask again in a minute");
        }
    }

    /// <returns>Null: no request of this agent waits.</returns>
    /// <exception cref="DbException">Nothing has changed.</exception>
    public SigningRow? Decide(Guid agent, bool approves)
    {
        StoredRequest decided;
        lock (_writing)
        {
            _requests = Load();
            if (_requests.GetValueOrDefault(agent) is not { State: RequestState.Waiting } waiting)
            {
                return null;
            }

            decided = waiting with { State = approves ? RequestState.Approved : RequestState.Refused, DecidedBy = Actor.Current.Who };
            Write_NeedsLock(connection =>
            {
                CertificateTable.Put(connection, decided);
                AuditTable.Add(connection, _time.GetUtcNow(), approves ? "certificate.approve" : "certificate.refuse", $"agent {agent}", detail: $"key {decided.PublicKey}");
            });
            Set(_requests.SetItem(agent, decided));
        }

        Decided?.Invoke(agent);
        return decided.ToRow();
    }

    private Signed Asked(AgentPeer peer, Guid agent, byte[] csr)
    {
        if (!_limit.TryTake(agent))
        {
            return Signed.No($"too many signing requests: at most {SigningLimit.PerMinute} a minute of one agent; ask again in a minute");
        }

        if (SigningRequest.Read(csr, agent, out var problem) is not { } request)
        {
            Log.NotSigned(_logger, agent, problem);
            return Signed.No(problem);
        }

        var caller = peer.Caller;
        if (caller is { Role: Role.Agent, AgentUid: null, Id.Length: > 0 })
        {
            return Signed.No("the agent came with a token that several may share, which does not tell who it is; enrol it first (gantry access enrol create)");
        }

        var known = CertificateTable.KeyOf(_database, agent);
        var counts = known is { } before && _access.Counts(before.Credential);
        if (counts && known!.Value.PublicKey != request.PublicKey && caller.AgentUid is null)
        {
            // Whoever is not authenticated as this agent must at least have its key.
            return Signed.No($"agent {agent} has a certificate with another key; it asks with that key, or with its own credential; or revoke it first: gantry access agents revoke {agent}");
        }

        // A renewal needs no second decision.
        if (_options.ApprovesCertificates && !(counts && known!.Value.PublicKey == request.PublicKey))
        {
            return Wait(agent, csr, request);
        }

        return Sign(peer, agent, request);
    }

    private Signed Wait(Guid agent, byte[] csr, SigningRequest request)
    {
        lock (_writing)
        {
            var before = _requests.GetValueOrDefault(agent);
            if (before is { State: RequestState.Waiting } && before.PublicKey == request.PublicKey)
            {
                return Signed.Waits;
            }

            if (before is null && _requests.Count >= MostWaiting)
            {
                return Signed.No($"{MostWaiting} signing requests wait for an operator already");
            }

            var waiting = new StoredRequest(agent, csr, request.PublicKey, _time.GetUtcNow(), RequestState.Waiting, "");
            Write_NeedsLock(connection =>
            {
                CertificateTable.Put(connection, waiting);
                AuditTable.Add(connection, waiting.At, "certificate.ask", $"agent {agent}", detail: $"key {request.PublicKey}");
            });
            Set(_requests.SetItem(agent, waiting));
            return Signed.Waits;
        }
    }

    private Signed Told(AgentPeer peer, Guid agent)
    {
        StoredRequest decided;
        lock (_writing)
        {
            if (_requests.GetValueOrDefault(agent) is not { State: not RequestState.Waiting } known)
            {
                return Signed.Waits;
            }

            decided = known;
            Write_NeedsLock(connection => CertificateTable.Remove(connection, agent));
            Set(_requests.Remove(agent));
        }

        return decided.State == RequestState.Refused ? Signed.No("an operator refused the signing request")
            : SigningRequest.Read(decided.Csr, agent, out var problem) is { } request ? Sign(peer, agent, request)
            : Signed.No(problem);
    }

    private Signed Sign(AgentPeer peer, Guid agent, SigningRequest request)
    {
        using var certificate = _authority.Sign(request, agent, _options.CertificateLifetime);
        using var authority = _authority.Certificate;
        var before = CertificateTable.KeyOf(_database, agent)?.Credential ?? "";
        var end = new DateTimeOffset(certificate.NotAfter).ToUniversalTime();
        var credential = _access.AddCertificate(peer.Caller, agent, certificate.RawData, end, before, $"key {request.PublicKey}, serial {certificate.SerialNumber}, until {end:yyyy-MM-dd}");
        CertificateTable.SetKey(_database, agent, request.PublicKey, credential.Id);
        return new Signed(new IssuedCertificate(credential.Id, certificate.ExportCertificatePem() + "\n", authority.ExportCertificatePem() + "\n"), "");
    }

    private void Write_NeedsLock(Action<DbConnection> change)
    {
        using var connection = _database.OpenDurable();
        using var transaction = connection.BeginTransaction();
        change(connection);
        ChangeFeed.Tell(connection, CertificateTable.Topic);
        transaction.Commit();
    }

    private void Refresh()
    {
        List<Guid> decided;
        lock (_writing)
        {
            var before = _requests;
            Set(Load());
            decided = [.. _requests.Values.Where(request => request.State != RequestState.Waiting && before.GetValueOrDefault(request.Agent)?.State != request.State).Select(request => request.Agent)];
        }

        foreach (var agent in decided)
        {
            Decided?.Invoke(agent);
        }
    }

    private void Set(ImmutableDictionary<Guid, StoredRequest> requests)
    {
        _requests = requests;
        _anyApproved = requests.Values.Any(request => request.State != RequestState.Waiting);
    }

    private ImmutableDictionary<Guid, StoredRequest> Load()
    {
        var loaded = CertificateTable.Requests(_database).ToImmutableDictionary(request => request.Agent);
        _anyApproved = loaded.Values.Any(request => request.State != RequestState.Waiting);
        return loaded;
    }
}
