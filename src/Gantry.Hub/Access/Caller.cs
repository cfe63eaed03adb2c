namespace Gantry.Hub.Access;

/// <summary>Who sent a request, found out before any door saw it: <c>context.Features.Get&lt;Caller&gt;()</c>. Null only at doors that are open to all.</summary>
/// <param name="Id">Of the credential; "" where there is none.</param>
/// <param name="Name">For people and the audit log: the name of the token, or "anyone on this machine".</param>
internal sealed record Caller(string Id, string Name, Role Role)
{
    private static readonly Dictionary<string, string> Nothing = [];

    /// <summary>On loopback without configured access: everybody may do everything, and is asked for nothing.</summary>
    public static readonly Caller Anyone = new("", "anyone on this machine", Role.Admin) { IsAnyone = true };

    /// <summary>Gateway and agent that run in the hub's own process.</summary>
    public static readonly Caller Itself = new("", "this process", Role.Agent);

    public bool IsAnyone { get; private init; }

    /// <summary>The agent that the credential was given to; null when it is not bound to one. A message of another agent with it is not to be believed.</summary>
    public Guid? AgentUid { get; init; }

    /// <summary>What an agent that comes with this credential must be; empty for anything.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = Nothing;

    public static Caller Of(Credential credential) => new(credential.Id, credential.Name, credential.Role)
    {
        AgentUid = credential.IsBound ? credential.AgentUid : null,
        Attributes = credential.Attributes,
    };
}
