using System.Text.Json;

namespace Gantry.Hub.Access;

/// <summary>A token as the hub keeps it: never the token, only what it hashes to.</summary>
/// <param name="Parent">Id of the enrolment token or operator token that it came from; "" for none. A session ends with its parent, an agent does not.</param>
/// <param name="Replaces">Id of the credential that ends when this one is used first; "" for none.</param>
/// <param name="AgentUid">Instance uid of the agent that it was given to; empty when it is not bound to one.</param>
/// <param name="Attributes">What an agent that comes with it must be, such as deployment.environment.name = prod; empty for anything.</param>
/// <param name="MostUses">How many agents may enrol with it; 0 for any number.</param>
/// <param name="Expires">Null: never.</param>
/// <param name="Revoked">Null: it is not.</param>
internal sealed record Credential(
    string Id,
    TokenHash Hash,
    string Name,
    Role Role,
    bool IsSession,
    string Parent,
    string Replaces,
    Guid AgentUid,
    IReadOnlyDictionary<string, string> Attributes,
    long MostUses,
    long Uses,
    DateTimeOffset Created,
    string CreatedBy,
    DateTimeOffset? Expires,
    DateTimeOffset? Revoked)
{
    /// <summary>First use of what was handed over; null: not yet, and what it replaces still counts. Of all others the time of their making.</summary>
    public DateTimeOffset? Used { get; init; }

    /// <summary>The hub offered it over OpAMP, and nobody knows whether it arrived: until its first use it may be given anew.</summary>
    public bool IsOffered { get; init; }

    /// <summary>It is a client certificate, and <see cref="Hash"/> is of that.</summary>
    public bool IsCertificate { get; init; }

    /// <summary>Which settings went with it: <see cref="Fleet.Settings.SettingsBasis.Mark"/>; 0: none did.</summary>
    public long Settings { get; init; }

    /// <summary>Uids that the hub itself gave to whoever came with it; null: none.</summary>
    public Guid[]? OtherUids { get; init; }

    public bool IsBound => AgentUid != Guid.Empty;

    public bool Speaks(Guid uid) => AgentUid == uid || OtherUids?.Contains(uid) == true;

    public string AttributesJson => JsonSerializer.Serialize(Attributes);

    /// <summary>Why it does not count now; "" when it does.</summary>
    public string Ended(DateTimeOffset now) => Revoked is not null ? "revoked" : Expires <= now ? "expired" : MostUses > 0 && Uses >= MostUses ? "used up" : "";

    public CredentialRow ToRow(DateTimeOffset now) => new(
        Id, Name, Role.ToString().ToLowerInvariant(), Ended(now) is { Length: > 0 } ended ? ended : "valid", Created, CreatedBy, Expires, MostUses, Uses, IsBound ? AgentUid.ToString() : "", Attributes, Parent,
        IsCertificate ? "certificate" : "token", Used is not null);
}

/// <summary>A token, as lists show it: without its secret, which nobody has but its holder.</summary>
/// <param name="State">"valid", "revoked", "expired" or "used up".</param>
/// <param name="MostUses">How many agents may enrol with it; 0 for any number.</param>
/// <param name="Parent">Id of the enrolment token that it came from; "" for none.</param>
/// <param name="Form">"token" or "certificate".</param>
/// <param name="Used">False: it was handed to an agent that has not come with it yet; what it replaces counts until then.</param>
public sealed record CredentialRow(
    string Id,
    string Name,
    string Role,
    string State,
    DateTimeOffset Created,
    string CreatedBy,
    DateTimeOffset? Expires,
    long MostUses,
    long Uses,
    string AgentUid,
    IReadOnlyDictionary<string, string> Attributes,
    string Parent,
    string Form = "token",
    bool Used = true);

/// <summary>A new token, the only time that it is shown.</summary>
public sealed record IssuedToken(string Token, CredentialRow Credential);
