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
internal sealed class AccessStore
{
    /// <summary>Of all that count: agents have one each.</summary>
    public const int Most = 250_000;

    public static readonly TimeSpan SessionLength = TimeSpan.FromHours(12);

    /// <summary>How long a replaced credential is taken, should the new one never be used.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromDays(1);

    private readonly HubDatabase _database;
    private readonly TimeProvider _time;
    private readonly bool _isLoopback;
    private readonly Lock _gate = new();
    private volatile Table _table;

    public AccessStore(HubDatabase database, ChangeFeed feed, HubOptions options, TimeProvider time)
    {
        (_database, _time, _isLoopback) = (database, time, IPAddress.IsLoopback(options.Listen.Address));
        _table = Load();
        feed.Subscribe(AccessTable.Topic, Refresh);
    }

    /// <summary>Some credential may no longer count. On any thread, not under a lock.</summary>
    public event Action? Changed;

    /// <summary>Lets gateway and agent in that run in this process; kept nowhere.</summary>
    public string ProcessToken { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>On loopback, until there is an admin: everybody may do everything.</summary>
    public bool IsOpen => _isLoopback && !_table.HasAdmin;

    /// <summary>There is an admin token that counts.</summary>
    public bool HasAdmin => _table.ById.Values.Any(IsAdmin);

    public IEnumerable<CredentialRow> List(Func<Credential, bool> which) => _table.ById.Values.Where(credential => !credential.IsSession && which(credential))
        .OrderBy(credential => credential.Created).Select(credential => credential.ToRow(_time.GetUtcNow()));

    /// <returns>Who it is, or null and why not: "unknown", "revoked", "expired", "used up".</returns>
    public (Caller? Caller, string Reason) Identify(string token)
    {
        if (token.Length is 0 or > TokenText.Longest)
        {
            return (null, "unknown token");
        }

        var hash = TokenText.Hash(token);
        if (CryptographicOperations.FixedTimeEquals(Convert.FromHexString(hash), SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(ProcessToken))))
        {
            return (Caller.Itself, "");
        }

        var table = _table;
        if (!table.ByHash.TryGetValue(hash, out var credential))
        {
            return (null, "unknown token");
        }

        var ended = EndOf(credential, table);
        if (ended.Length > 0)
        {
            return (null, $"{ended} token {credential.Name} ({credential.Id})");
        }

        EndReplaced(credential, table);
        return (Caller.Of(credential), "");
    }

    /// <summary>Does the credential of this id count still?</summary>
    public bool Counts(string id)
    {
        var table = _table;
        return table.ById.TryGetValue(id, out var credential) && EndOf(credential, table).Length == 0;
    }

    /// <exception cref="AccessException">It cannot be made; the message says why.</exception>
    public IssuedToken Create(string name, Role role, TimeSpan? lifetime, long mostUses = 0, IReadOnlyDictionary<string, string>? attributes = null, Guid? agent = null)
    {
        var now = _time.GetUtcNow();
        return Add(
            New(name, role, now) with
            {
                Expires = now + lifetime, MostUses = mostUses, Attributes = attributes ?? new Dictionary<string, string>(), AgentUid = agent?.ToString() ?? "",
            },
            "token.create");
    }

    /// <summary>A session of the web pages, which ends with the token that it was opened with.</summary>
    public IssuedToken OpenSession(Caller caller)
    {
        var now = _time.GetUtcNow();
        return Add(New(caller.Name, caller.Role, now) with { IsSession = true, Parent = caller.Id, Expires = now + SessionLength }, "login");
    }

    /// <summary>A credential of its own for an agent that came with an enrolment token; one use of that is used up.</summary>
    /// <exception cref="AccessException">The enrolment token has ended meanwhile, or is for other agents.</exception>
    public IssuedToken Enrol(Caller enrolment, Guid agent, IReadOnlyDictionary<string, string> attributes)
    {
        foreach (var (key, value) in enrolment.Attributes)
        {
            if (attributes.GetValueOrDefault(key) != value)
            {
                throw new AccessException(StatusCodes.Status403Forbidden, $"this enrolment token is for agents with {key} = {value}, and this one has {attributes.GetValueOrDefault(key) ?? "none"}");
            }
        }

        var credential = New($"agent {agent}", Role.Agent, _time.GetUtcNow()) with { Parent = enrolment.Id, AgentUid = agent.ToString(), Attributes = enrolment.Attributes };
        return Add(credential, "enrol", uses: enrolment.Id);
    }

    /// <summary>A new secret for the same holder. The old one counts until the new one is used, a day at most, so that an agent that could not take it over is not locked out.</summary>
    /// <exception cref="AccessException">The caller has nothing that could be replaced.</exception>
    public IssuedToken Rotate(Caller caller)
    {
        var before = _table.ById.GetValueOrDefault(caller.Id);
        if (before is null || before.IsSession || before.Role == Role.Enrolment)
        {
            throw new AccessException(StatusCodes.Status400BadRequest, "only a token of an agent, a gateway or a person can be replaced by a new one");
        }

        var token = TokenText.New(before.Role);
        return Add(
            before with { Id = TokenText.NewId(), Hash = TokenText.Hash(token), Replaces = before.Id, Created = _time.GetUtcNow(), CreatedBy = caller.Name, Uses = 0 }, "token.rotate", token: token);
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

            var now = _time.GetUtcNow();
            Write_NeedsLock(
                connection =>
                {
                    if (AccessTable.Revoke(connection, id, now))
                    {
                        AuditTable.Add(connection, now, "token.revoke", Describe(credential));
                    }
                },
                credential with { Revoked = credential.Revoked ?? now });
        }

        Changed?.Invoke();
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

    private static string Describe(Credential credential) => $"{credential.Role.ToString().ToLowerInvariant()} token {credential.Name} ({credential.Id})";

    private static Credential New(string name, Role role, DateTimeOffset now) => new(
        TokenText.NewId(), "", name, role, IsSession: false, Parent: "", Replaces: "", AgentUid: "", new Dictionary<string, string>(), 0, 0, now, Actor.Current.Who, null, null);

    private bool IsAdmin(Credential credential) => credential is { Role: Role.Admin, IsSession: false } && credential.Ended(_time.GetUtcNow()).Length == 0;

    private string EndOf(Credential credential, Table table)
    {
        var now = _time.GetUtcNow();
        var ended = credential.Ended(now);
        return ended.Length == 0 && credential.IsSession ? table.ById.GetValueOrDefault(credential.Parent)?.Ended(now) ?? "revoked"
            : ended.Length == 0 && table.ReplacedAt.GetValueOrDefault(credential.Id) is var replaced && replaced != default && now - replaced > Overlap ? "replaced"
            : ended;
    }

    /// <summary>The first use of a new credential ends the one that it replaces.</summary>
    private void EndReplaced(Credential credential, Table table)
    {
        if (credential.Replaces.Length == 0 || table.ById.GetValueOrDefault(credential.Replaces) is not { Revoked: null } before)
        {
            return;
        }

        try
        {
            lock (_gate)
            {
                var now = _time.GetUtcNow();
                Write_NeedsLock(
                    connection =>
                    {
                        if (AccessTable.Revoke(connection, before.Id, now))
                        {
                            AuditTable.Add(connection, new AuditRow(0, now, credential.Name, "token.replaced", Describe(before), 0, 0, Actor.Current.Address, $"by {credential.Id}"));
                        }
                    },
                    before with { Revoked = now });
            }

            Changed?.Invoke();
        }
        catch (DbException)
        {
            // It is tried again with the next use; the overlap ends by itself.
        }
    }

    private IssuedToken Add(Credential credential, string what, string uses = "", string? token = null)
    {
        token ??= TokenText.New(credential.Role, credential.IsSession);
        credential = credential with { Hash = TokenText.Hash(token) };
        lock (_gate)
        {
            if (_table.ById.Count >= Most)
            {
                throw new AccessException(StatusCodes.Status409Conflict, $"there are {Most} credentials, and a hub takes no more; revoke those that are no longer needed");
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

                    AccessTable.ForgetSessions(connection, credential.Created);
                    AccessTable.Add(connection, credential);
                    AuditTable.Add(connection, credential.Created, what, Describe(credential), detail: uses.Length > 0 ? $"with enrolment token {uses}" : "");
                },
                after);
        }

        Changed?.Invoke();
        return new IssuedToken(token, credential.ToRow(_time.GetUtcNow()));
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

    /// <param name="ReplacedAt">By the id of the credential that was replaced.</param>
    private sealed record Table(
        ImmutableDictionary<string, Credential> ByHash, ImmutableDictionary<string, Credential> ById, ImmutableDictionary<string, DateTimeOffset> ReplacedAt, bool HasAdmin)
    {
        private static readonly Table Empty = new(
            ImmutableDictionary<string, Credential>.Empty, ImmutableDictionary<string, Credential>.Empty, ImmutableDictionary<string, DateTimeOffset>.Empty, HasAdmin: false);

        public static Table Of(IReadOnlyList<Credential> all)
        {
            var (byHash, byId, replaced) = (Empty.ByHash.ToBuilder(), Empty.ById.ToBuilder(), Empty.ReplacedAt.ToBuilder());
            foreach (var credential in all)
            {
                byHash[credential.Hash] = credential;
                byId[credential.Id] = credential;
                if (credential.Replaces.Length > 0)
                {
                    replaced[credential.Replaces] = credential.Created;
                }
            }

            return new Table(byHash.ToImmutable(), byId.ToImmutable(), replaced.ToImmutable(), all.Any(IsAdminToken));
        }

        public Table With(Credential credential) => new(
            ByHash.SetItem(credential.Hash, credential),
            ById.SetItem(credential.Id, credential),
            credential.Replaces.Length > 0 ? ReplacedAt.SetItem(credential.Replaces, credential.Created) : ReplacedAt,
            HasAdmin || IsAdminToken(credential));

        private static bool IsAdminToken(Credential credential) => credential is { Role: Role.Admin, IsSession: false, Revoked: null };
    }
}

/// <summary>What was asked of access cannot be done. The message is for whoever asked.</summary>
internal sealed class AccessException(int status, string message) : Exception(message)
{
    public int Status => status;
}
