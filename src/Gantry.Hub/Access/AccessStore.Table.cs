using System.Collections.Immutable;

namespace Gantry.Hub.Access;

/// <summary>All credentials as readers see them: one immutable table, replaced as a whole.</summary>
internal sealed partial class AccessStore
{
    /// <param name="ByAgent">The newest token of each agent that has one of its own.</param>
    /// <param name="ReplacedAt">By the id of the credential that was replaced, where its holder has the new one in hand.</param>
    private sealed record Table(
        ImmutableDictionary<TokenHash, Credential> ByHash,
        ImmutableDictionary<string, Credential> ById,
        ImmutableDictionary<Guid, Credential> ByAgent,
        ImmutableDictionary<string, DateTimeOffset> ReplacedAt,
        bool HasAdmin)
    {
        public static Table Of(IReadOnlyList<Credential> all)
        {
            var byHash = ImmutableDictionary.CreateBuilder<TokenHash, Credential>();
            var byId = ImmutableDictionary.CreateBuilder<string, Credential>();
            var byAgent = ImmutableDictionary.CreateBuilder<Guid, Credential>();
            var replaced = ImmutableDictionary.CreateBuilder<string, DateTimeOffset>();
            foreach (var credential in all)
            {
                byHash[credential.Hash] = credential;
                byId[credential.Id] = credential;
                if (IsOwn(credential) && Precedes(byAgent.GetValueOrDefault(credential.AgentUid), credential))
                {
                    byAgent[credential.AgentUid] = credential;
                }

                if (IsInHand(credential))
                {
                    replaced[credential.Replaces] = credential.Created;
                }
            }

            return new Table(byHash.ToImmutable(), byId.ToImmutable(), byAgent.ToImmutable(), replaced.ToImmutable(), all.Any(IsAdminToken));
        }

        public Table With(Credential credential) => new(
            ByHash.SetItem(credential.Hash, credential),
            ById.SetItem(credential.Id, credential),
            IsOwn(credential) && Precedes(ByAgent.GetValueOrDefault(credential.AgentUid), credential) ? ByAgent.SetItem(credential.AgentUid, credential) : ByAgent,
            IsInHand(credential) ? ReplacedAt.SetItem(credential.Replaces, credential.Created) : ReplacedAt,
            HasAdmin || IsAdminToken(credential));

        public Table Without(Credential credential) => this with
        {
            ByHash = ByHash.Remove(credential.Hash),
            ById = ById.Remove(credential.Id),
            ByAgent = ByAgent.GetValueOrDefault(credential.AgentUid)?.Id == credential.Id ? ByAgent.Remove(credential.AgentUid) : ByAgent,
        };

        /// <summary>Has somebody been offered a credential for this enrolment token, and not come with it yet?</summary>
        public bool Waits(Credential enrolment, Guid? agent) => agent is { } uid
            ? ByAgent.TryGetValue(uid, out var own) && IsWaiting(own, enrolment)
            : ByAgent.Values.Any(own => IsWaiting(own, enrolment));

        private static bool IsWaiting(Credential own, Credential enrolment) => own is { IsOffered: true, Used: null, Revoked: null } && own.Parent == enrolment.Id && own.Replaces.Length == 0;

        private static bool IsOwn(Credential credential) => credential is { IsBound: true, IsCertificate: false, IsSession: false };

        // Two of the same millisecond: the one that replaces the other, or that counts, is the newer one.
        private static bool Precedes(Credential? before, Credential credential) => before is null || before.Id == credential.Id || credential.Replaces == before.Id
            || (before.Replaces != credential.Id && (before.Created < credential.Created || (before.Created == credential.Created && credential.Revoked is null)));

        private static bool IsInHand(Credential credential) => credential is { Replaces.Length: > 0, IsOffered: false };

        private static bool IsAdminToken(Credential credential) => credential is { Role: Role.Admin, IsSession: false, Revoked: null };
    }
}
