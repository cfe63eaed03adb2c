using System.Collections.Immutable;
using System.Data.Common;
using System.Net;
using System.Security.Cryptography;
using Gantry.Hub.Storage;

namespace Gantry.Hub.Access;

/// <summary>
/// Who has access: all credentials in memory, each change in the database (with its audit line) before it is acknowledged, and on every node within two
/// seconds. Readers take the immutable table.
/// </summary>
internal sealed partial class AccessStore
{
    /// <summary>Of all that count: agents have one each.</summary>
    public const int Most = 250_000;

    private const string UsedUp = "used up";

    private static readonly IReadOnlyDictionary<string, string> Nothing = new Dictionary<string, string>();

    public static readonly TimeSpan SessionLength = TimeSpan.FromHours(12);

    /// <summary>How long a replaced credential is taken, should the new one never be used.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromDays(1);

    private readonly HubDatabase _database;
    private readonly TimeProvider _time;
    private readonly TokenHash _processHash;
    private readonly bool _isLoopback;
    private readonly Lock _gate = new();
    private volatile Table _table;

    public AccessStore(HubDatabase database, ChangeFeed feed, HubOptions options, TimeProvider time)
    {
        (_database, _time, _isLoopback) = (database, time, IPAddress.IsLoopback(options.Listen.Address));
        _processHash = TokenText.Hash(ProcessToken);
        _table = Load();
        feed.Subscribe(AccessTable.Topic, Refresh);
    }

    /// <summary>Some credential may no longer count. On any thread, not under a lock.</summary>
    public event Action? Changed;

    /// <summary>Somebody took these credentials, by their ids, from an agent. On the node where that was done, once they are revoked.</summary>
    public event Action<Guid, IReadOnlyList<string>>? AgentRevoked;

    /// <summary>Lets gateway and agent in that run in this process; kept nowhere.</summary>
    public string ProcessToken { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>On loopback, until there is an admin: everybody may do everything.</summary>
    public bool IsOpen => _isLoopback && !_table.HasAdmin;

    /// <summary>There is an admin token that counts.</summary>
    public bool HasAdmin => _table.ById.Values.Any(IsAdmin);

    public IEnumerable<CredentialRow> List(Func<Credential, bool> which) => _table.ById.Values.Where(credential => !credential.IsSession && which(credential))
        .OrderBy(credential => credential.Created).Select(credential => credential.ToRow(_time.GetUtcNow()));

    /// <param name="atAgents">At the door of OpAMP, where a used up enrolment token still lets in whom it enrolled, until that one has come with its own credential.</param>
    /// <param name="agent">Whom the request names; null: nobody, and its messages tell.</param>
    /// <returns>Who it is, or null and why not: "unknown", "revoked", "expired", "used up".</returns>
    public (Caller? Caller, string Reason) Identify(string token, bool atAgents = false, Guid? agent = null)
    {
        if (token.Length is 0 or > TokenText.Longest)
        {
            return (null, "unknown token");
        }

        var hash = TokenText.Hash(token);
        return hash.FixedTimeEquals(_processHash) ? (Caller.Itself, "") : Identify(hash, "token", atAgents, agent);
    }

    /// <summary>By a certificate that this hub has issued: the peer proved that it has the key, and nothing but this one certificate stands for the credential.</summary>
    public (Caller? Caller, string Reason) Identify(ReadOnlySpan<byte> certificate) => Identify(TokenHash.OfCertificate(certificate), "certificate", atAgents: false, agent: null);

    private (Caller? Caller, string Reason) Identify(TokenHash hash, string what, bool atAgents, Guid? agent)
    {
        var table = _table;
        if (!table.ByHash.TryGetValue(hash, out var credential))
        {
            return (null, $"unknown {what}");
        }

        var ended = EndOf(credential, table);
        if (ended.Length > 0 && !(ended == UsedUp && atAgents && table.Waits(credential, agent)))
        {
            return (null, $"{ended} {what} {credential.Name} ({credential.Id})");
        }

        Use(credential);
        return (Caller.Of(credential), "");
    }

    /// <summary>May what was opened with the credential of this id go on? One that is used up ends nothing.</summary>
    public bool Counts(string id)
    {
        var table = _table;
        return table.ById.TryGetValue(id, out var credential) && EndOf(credential, table) is "" or UsedUp;
    }

    public bool IsSession(string id) => _table.ById.GetValueOrDefault(id) is { IsSession: true };

    /// <exception cref="AccessException">It cannot be made; the message says why.</exception>
    public IssuedToken Create(string name, Role role, TimeSpan? lifetime, long mostUses = 0, IReadOnlyDictionary<string, string>? attributes = null, Guid? agent = null)
    {
        var now = _time.GetUtcNow();
        return Add(
            New(name, role, now) with
            {
                Expires = now + lifetime, MostUses = mostUses, Attributes = attributes ?? new Dictionary<string, string>(), AgentUid = agent ?? Guid.Empty,
            },
            "token.create");
    }

    /// <summary>A session of the web pages, which ends with the token that it was opened with.</summary>
    public IssuedToken OpenSession(Caller caller)
    {
        var now = _time.GetUtcNow();
        // One session makes no other that outlives it, or the token behind both.
        if (IsSession(caller.Id))
        {
            throw new AccessException(StatusCodes.Status401Unauthorized, "a session opens no other; log in with the token");
        }

        return Add(New(caller.Name, caller.Role, now) with { IsSession = true, Parent = caller.Id, Expires = now + SessionLength }, "login");
    }

    /// <summary>A new secret for the same holder. The old one counts until the new one is used, a day at most, so that an agent that could not take it over is not locked out.</summary>
    /// <exception cref="AccessException">The caller has nothing that could be replaced.</exception>
    public IssuedToken Rotate(Caller caller)
    {
        var before = _table.ById.GetValueOrDefault(caller.Id);
        if (before is null || before.IsSession || before.IsCertificate || before.Role == Role.Enrolment)
        {
            throw new AccessException(StatusCodes.Status400BadRequest, "only a token of an agent, a gateway or a person can be replaced by a new one");
        }

        var token = TokenText.New(before.Role);
        return Add(
            before with { Id = TokenText.NewId(), Replaces = before.Id, Created = _time.GetUtcNow(), CreatedBy = caller.Name, Uses = 0, Used = null, IsOffered = false }, "token.rotate", token: token);
    }

    /// <exception cref="AccessException">It is not there, or is the last one of an admin.</exception>
    public CredentialRow Revoke(string id)
    {
        lock (_gate)
        {
            _table = Load();
            var table = _table;
            if (!table.ById.TryGetValue(id, out var credential) || credential.IsSession)
            {
                throw new AccessException(StatusCodes.Status404NotFound, $"no token \"{id}\"; list them with GET /api/v1/access/tokens and /api/v1/access/enrolments");
            }

            if (IsAdmin(credential) && table.ById.Values.Count(IsAdmin) == 1)
            {
                throw new AccessException(StatusCodes.Status409Conflict, $"{credential.Name} is the last admin token; create another first, or nobody could give access any more");
            }

            // With it goes what was handed over in its place, or its agent would come with that.
            Revoke_NeedsLock([credential, .. table.ById.Values.Where(other => other.Replaces == id && other is { Used: null, Revoked: null })]);
        }

        Changed?.Invoke();
        if (_table.ById[id] is { IsBound: true } bound)
        {
            AgentRevoked?.Invoke(bound.AgentUid, [id]);
        }

        return _table.ById[id].ToRow(_time.GetUtcNow());
    }

    public void CloseSession(string token)
    {
        if (_table.ByHash.GetValueOrDefault(TokenText.Hash(token)) is { IsSession: true } session)
        {
            lock (_gate)
            {
                var now = _time.GetUtcNow();
                Write_NeedsLock(connection => AccessTable.Revoke(connection, session.Id, now), session with { Revoked = now });
            }

            Changed?.Invoke();
        }
    }

    private static string Describe(Credential credential) =>
        $"{credential.Role.ToString().ToLowerInvariant()} {(credential.IsCertificate ? "certificate" : "token")} {credential.Name} ({credential.Id})";

    /// <summary>No credential is made any more until some are deleted; those that there are count.</summary>
    public bool IsFull => _table.ById.Count >= Most;

    private static AccessException Full() => new(StatusCodes.Status409Conflict, $"there are {Most} credentials, and a hub takes no more; revoke those that are no longer needed");

    private static Credential New(string name, Role role, DateTimeOffset now) => new(
        TokenText.NewId(), default, name, role, IsSession: false, Parent: "", Replaces: "", AgentUid: Guid.Empty, Nothing, 0, 0, now, Actor.Current.Who, null, null) { Used = now };

    private bool IsAdmin(Credential credential) => credential is { Role: Role.Admin, IsSession: false } && credential.Ended(_time.GetUtcNow()).Length == 0;

    private string EndOf(Credential credential, Table table)
    {
        var now = _time.GetUtcNow();
        var ended = credential.Ended(now);
        return ended.Length == 0 && credential.IsSession ? table.ById.GetValueOrDefault(credential.Parent)?.Ended(now) ?? "revoked"
            : ended.Length == 0 && table.ReplacedAt.GetValueOrDefault(credential.Id) is var replaced && replaced != default && now - replaced > Overlap ? "replaced"
            : ended;
    }

    private IssuedToken Add(Credential credential, string what, string uses = "", string? token = null, string detail = "", Credential? withdrawn = null)
    {
        token ??= TokenText.New(credential.Role, credential.IsSession);
        return new IssuedToken(token, Insert(credential with { Hash = TokenText.Hash(token) }, what, uses, detail, withdrawn));
    }

    /// <param name="uses">Enrolment token of which one use is used up; "" for none.</param>
    /// <param name="withdrawn">Handed over before, never used, and given anew with this one.</param>
    private CredentialRow Insert(Credential credential, string what, string uses = "", string detail = "", Credential? withdrawn = null)
    {
        lock (_gate)
        {
            if (IsFull)
            {
                throw Full();
            }

            var used = _table.ById.GetValueOrDefault(uses);
            Credential[] after = used is null ? [credential] : [credential, used with { Uses = used.Uses + 1 }];
            Write_NeedsLock(
                connection =>
                {
                    if (uses.Length > 0 && !AccessTable.TryUse(connection, uses, credential.Created))
                    {
                        throw new AccessException(StatusCodes.Status401Unauthorized, "the enrolment token has ended: revoked, expired or used up");
                    }

                    // Not of certificates: an agent that was revoked comes back with an enrolment token, and its new certificate names the old one.
                    if (credential is { Replaces.Length: > 0, IsCertificate: false } && !AccessTable.IsGood(connection, credential.Replaces))
                    {
                        throw new AccessException(StatusCodes.Status401Unauthorized, "what was to be replaced has been revoked");
                    }

                    AccessTable.ForgetSessions(connection, credential.Created);
                    if (withdrawn is not null)
                    {
                        AccessTable.Withdraw(connection, withdrawn.Id);
                    }

                    AccessTable.Add(connection, credential);
                    AuditTable.Add(connection, credential.Created, what, Describe(credential), detail: detail);
                },
                after);
            _table = withdrawn is null ? _table : _table.Without(withdrawn);
        }

        // Nothing ends by it, so nobody is told: a thousand agents that enrol must not have each connection looked at a thousand times.
        return credential.ToRow(_time.GetUtcNow());
    }

    /// <param name="after">What <paramref name="change"/> makes of credentials; memory has them once they are durable.</param>
    private void Write_NeedsLock(Action<DbConnection> change, params ReadOnlySpan<Credential> after)
    {
        using (var connection = _database.OpenDurable())
        {
            using var transaction = connection.BeginTransaction();
            change(connection);
            ChangeFeed.Tell(connection, AccessTable.Topic);
            transaction.Commit();
        }

        foreach (var credential in after)
        {
            _table = _table.With(credential);
        }
    }

    private void Refresh()
    {
        lock (_gate)
        {
            _table = Load();
        }

        Changed?.Invoke();
    }

    private Table Load() => Table.Of(AccessTable.Load(_database));
}

/// <summary>What was asked of access cannot be done. The message is for whoever asked.</summary>
internal sealed class AccessException(int status, string message) : Exception(message)
{
    public int Status => status;
}
