using System.Data.Common;

namespace Gantry.Hub.Access;

/// <summary>Credentials of one agent each: given for an enrolment token, replaced, and taken away.</summary>
internal sealed partial class AccessStore
{
    // Clones of one machine, each renamed by the hub.
    private const int MostOtherUids = 16;

    /// <summary>A credential of its own for an agent that came with an enrolment token; one use of that is used up, once for each agent.</summary>
    /// <exception cref="AccessException">The enrolment token has ended meanwhile, or is for other agents.</exception>
    public IssuedToken Enrol(Caller enrolment, Guid agent, IReadOnlyDictionary<string, string> attributes)
    {
        if (ScopeProblem(enrolment, name => attributes.GetValueOrDefault(name)) is { Length: > 0 } problem)
        {
            throw new AccessException(StatusCodes.Status403Forbidden, problem);
        }

        return Enrol(enrolment, agent, settings: 0, isOffered: false);
    }

    /// <summary>The same, offered over OpAMP; or in the place of the credential that the agent came with. Until it is used it may be asked for again, and the one before ends.</summary>
    /// <param name="settings">Which settings go with it.</param>
    /// <exception cref="AccessException">As above.</exception>
    public IssuedToken Offer(Caller caller, Guid agent, long settings)
    {
        if (caller.Role == Role.Enrolment)
        {
            return Enrol(caller, agent, settings, isOffered: true);
        }

        var table = _table;
        if (table.ById.GetValueOrDefault(caller.Id) is not { IsBound: true, IsSession: false } before)
        {
            throw new AccessException(StatusCodes.Status409Conflict, $"agent {agent} came with a token that is not its own; only its own can be replaced");
        }

        // Under a uid that the hub gave, a clone mostly: with a credential of its own, the one that both had stays the other's.
        var isSame = agent == before.AgentUid;
        var newest = table.ByAgent.GetValueOrDefault(agent);
        // Of a certificate it is the token that goes with it.
        var replaces = newest is { Used: null } ? newest.Replaces : isSame && !before.IsCertificate ? before.Id : newest?.Id ?? "";
        return Add(
            New($"agent {agent}", Role.Agent, _time.GetUtcNow()) with
            {
                Parent = before.Parent, Replaces = replaces, AgentUid = agent, OtherUids = isSame ? before.OtherUids : null, Attributes = before.Attributes,
                Used = null, IsOffered = true, Settings = settings,
            },
            "token.offer",
            withdrawn: Unused(newest));
    }

    /// <summary>Why this enrolment token is not for this agent; "" when it is. The same for messages and for <see cref="Enrol(Caller, Guid, IReadOnlyDictionary{string, string})"/>.</summary>
    public string RefusalOf(Caller enrolment, Guid agent)
    {
        var table = _table;
        var token = table.ById.GetValueOrDefault(enrolment.Id);
        var newest = table.ByAgent.GetValueOrDefault(agent);
        if (token is null || token.Revoked is not null)
        {
            return "the enrolment token was revoked";
        }

        if (newest is null)
        {
            return "";
        }

        if (newest.Revoked is { } revoked)
        {
            return token.Created > revoked ? "" : $"the credential of agent {agent} was revoked; it comes back with an enrolment token that is made after that, or under another uid";
        }

        var used = newest.Used is not null || table.ById.GetValueOrDefault(newest.Replaces) is { Used: not null, Revoked: null };
        return used
            ? $"agent {agent} has a credential of its own, and no enrolment token opens for it any more; if it lost it: gantry access agents revoke {agent}, then enrol it with a token that is made after that"
            : "";
    }

    /// <summary>No more agents may enrol with it.</summary>
    public bool IsUsedUp(Caller enrolment) => _table.ById.GetValueOrDefault(enrolment.Id)?.Ended(_time.GetUtcNow()) == UsedUp;

    /// <summary>The newest token of an agent's own, of which it may not have heard yet; null: it has none.</summary>
    public Credential? NewestOf(Guid agent) => _table.ByAgent.GetValueOrDefault(agent);

    public Credential? Find(string id) => _table.ById.GetValueOrDefault(id);

    /// <summary>The hub itself gave another uid to whoever came with this credential, so it may speak under that too.</summary>
    public void AddUid(string id, Guid uid)
    {
        lock (_gate)
        {
            if (_table.ById.GetValueOrDefault(id) is not { IsBound: true } credential || credential.Speaks(uid) || credential.OtherUids?.Length >= MostOtherUids)
            {
                return;
            }

            var after = credential with { OtherUids = [.. credential.OtherUids ?? [], uid] };
            Write_NeedsLock(
                connection =>
                {
                    AccessTable.SetUids(connection, after);
                    AuditTable.Add(connection, _time.GetUtcNow(), "token.uid", Describe(credential), detail: $"the hub gave its agent the uid {uid}");
                },
                after);
        }
    }

    /// <summary>A certificate that this hub has signed becomes a credential.</summary>
    /// <param name="replaces">Id of the certificate that ends when this one is first used; "" for none.</param>
    public CredentialRow AddCertificate(Caller caller, Guid agent, ReadOnlySpan<byte> der, DateTimeOffset expires, string replaces, string detail)
    {
        var before = _table.ById.GetValueOrDefault(caller.Id);
        var last = _table.ById.GetValueOrDefault(replaces);
        var unused = Unused(last);
        return Insert(
            New($"agent {agent}", Role.Agent, _time.GetUtcNow()) with
            {
                Hash = TokenHash.OfCertificate(der), AgentUid = agent, Attributes = caller.Attributes, Expires = expires, IsCertificate = true, IsOffered = true, Used = null,
                Replaces = unused?.Replaces ?? replaces, Parent = caller.Role == Role.Enrolment ? caller.Id : before?.Parent ?? "",
            },
            "certificate.issue", detail: detail, withdrawn: unused);
    }

    /// <summary>Everything that this agent has for itself ends, at once and on every node.</summary>
    /// <exception cref="AccessException">It has nothing of its own.</exception>
    public IReadOnlyList<CredentialRow> RevokeAgent(Guid agent)
    {
        List<Credential> own;
        lock (_gate)
        {
            _table = Load();
            own = [.. _table.ById.Values.Where(credential => credential is { IsBound: true, Revoked: null } && credential.Speaks(agent))];
            if (own.Count == 0)
            {
                throw new AccessException(StatusCodes.Status404NotFound, $"agent {agent} has no credential of its own that counts; list them with GET /api/v1/access/tokens");
            }

            Revoke_NeedsLock(own);
        }

        Changed?.Invoke();
        AgentRevoked?.Invoke(agent, [.. own.Select(credential => credential.Id)]);
        var table = _table;
        return [.. own.Select(credential => table.ById[credential.Id].ToRow(_time.GetUtcNow()))];
    }

    /// <summary>What was handed over and never used makes way for what is handed over now.</summary>
    private static Credential? Unused(Credential? newest) => newest is { Used: null, Revoked: null } ? newest : null;

    /// <summary>Is this what an agent with this credential must be?</summary>
    /// <returns>What is wrong; "" when nothing is.</returns>
    public static string ScopeProblem(Caller caller, Func<string, string?> attribute)
    {
        foreach (var (key, value) in caller.Attributes)
        {
            if (attribute(key) is var has && has != value)
            {
                return $"this {(caller.Role == Role.Enrolment ? "enrolment token" : "credential")} is for agents with {key} = {value}, and this one has {has ?? "none"}";
            }
        }

        return "";
    }

    private IssuedToken Enrol(Caller enrolment, Guid agent, long settings, bool isOffered)
    {
        if (RefusalOf(enrolment, agent) is { Length: > 0 } refusal)
        {
            throw new AccessException(StatusCodes.Status403Forbidden, refusal);
        }

        var newest = _table.ByAgent.GetValueOrDefault(agent);
        // Whoever lost the answer asks again, and is still the same agent.
        var isAgain = newest is { Used: null, Revoked: null } && newest.Parent == enrolment.Id;
        var credential = New($"agent {agent}", Role.Agent, _time.GetUtcNow()) with
        {
            Parent = enrolment.Id, AgentUid = agent, Attributes = enrolment.Attributes, Used = null, IsOffered = isOffered, Settings = settings,
        };
        return Add(
            credential, "enrol", uses: isAgain ? "" : enrolment.Id, detail: $"with enrolment token {enrolment.Id}{(isAgain ? ", again" : "")}",
            withdrawn: Unused(newest));
    }

    /// <summary>The first use of a credential that was handed over: what it replaces ends.</summary>
    private void Use(Credential credential)
    {
        if (credential.Used is not null)
        {
            return;
        }

        try
        {
            bool ends;
            lock (_gate)
            {
                if (_table.ById.GetValueOrDefault(credential.Id) is not { Used: null } unused)
                {
                    return;
                }

                var now = _time.GetUtcNow();
                var before = _table.ById.GetValueOrDefault(credential.Replaces) is { Revoked: null } replaced ? replaced : null;
                ends = before is not null;
                Write_NeedsLock(
                    connection =>
                    {
                        AccessTable.Use(connection, credential.Id, now);
                        if (before is not null && AccessTable.Revoke(connection, before.Id, now))
                        {
                            AuditTable.Add(connection, new AuditRow(0, now, credential.Name, "token.replaced", Describe(before), 0, 0, Actor.Current.Address, $"by {credential.Id}"));
                        }
                    },
                    [.. before is null ? (Credential[])[] : [before with { Revoked = now }], unused with { Used = now }]);
            }

            if (ends)
            {
                Changed?.Invoke();
            }
        }
        catch (DbException)
        {
            // It is tried again with the next use; the overlap ends by itself.
        }
    }

    private void Revoke_NeedsLock(IReadOnlyList<Credential> ended)
    {
        var now = _time.GetUtcNow();
        Write_NeedsLock(
            connection =>
            {
                foreach (var credential in ended)
                {
                    if (AccessTable.Revoke(connection, credential.Id, now))
                    {
                        AuditTable.Add(connection, now, "token.revoke", Describe(credential));
                    }
                }
            },
            [.. ended.Select(credential => credential with { Revoked = credential.Revoked ?? now })]);
    }
}
