namespace Gantry.Conformance;

/// <summary>
/// What only whoever owns the server can do. Each member is optional: without it, the lines that need it are "not applicable" and say what they would need.
/// Calls come one at a time.
/// </summary>
public interface IServerControl
{
    /// <summary>Largest message that the server takes; null: the specification's 64 MiB.</summary>
    int? MaxMessageBytes => null;

    /// <summary>Has the server want this configuration for the agent; null: it is to be left alone.</summary>
    Task AssignAsync(Guid agent, string? body, string name = "", string contentType = "text/yaml") => throw Needs("assign a configuration");

    /// <summary>Has the server offer connection settings to all agents: this OpAMP endpoint, and own telemetry to this base address.</summary>
    Task OfferSettingsAsync(Uri opAmp, Uri ownTelemetry) => throw Needs("offer connection settings");

    /// <summary>Stops the server as planned, and starts it again at the same address and with the same state.</summary>
    Task RestartServerAsync() => throw Needs("restart the server");

    /// <summary>Has the server tell the agent to restart.</summary>
    /// <returns>False: it refused.</returns>
    Task<bool> RestartAgentAsync(Guid agent) => throw Needs("tell an agent to restart");

    /// <summary>Moves the server's clock.</summary>
    Task AdvanceAsync(TimeSpan by) => throw Needs("move the server's clock");

    /// <summary>What the server knows of an agent; null: nothing.</summary>
    Task<SeenAgent?> LookAsync(Guid agent) => throw Needs("look at what the server stored");

    /// <summary>Has the server turn away what comes next for overload, or not any more.</summary>
    Task OverloadAsync(bool on) => throw Needs("overload the server");

    /// <summary>A server like this one that asks agents for credentials and offers them their own. The same with each call.</summary>
    /// <param name="approves">Signing requests wait there until <see cref="IGuardedServer.DecideAsync"/>.</param>
    Task<IGuardedServer> GuardedAsync(bool approves = false) => throw Needs("a server that asks for credentials");

    /// <summary>Two nodes that are one server: what one was told, the other knows.</summary>
    Task<(Uri First, Uri Second)> NodesAsync() => throw Needs("several nodes");

    private static NotApplicableException Needs(string what) => new($"needs control of the server: {what}");
}

/// <summary>A server that asks for credentials, and its owner.</summary>
public interface IGuardedServer
{
    Uri Url { get; }

    /// <summary>A new enrolment token, for any number of agents.</summary>
    Task<string> EnrolmentTokenAsync();

    /// <summary>A token that did count and has expired.</summary>
    Task<string> ExpiredTokenAsync();

    /// <summary>Takes away everything that this agent has.</summary>
    Task RevokeAsync(Guid agent);

    /// <summary>Approves or refuses the signing request of this agent.</summary>
    Task DecideAsync(Guid agent, bool approves);

    /// <summary>Is there a line in the audit log on a refused request, with these words?</summary>
    Task<bool> IsAuditedAsync(string words);

    /// <summary>Destinations of telemetry that were told of this agent's revocation.</summary>
    Task<IReadOnlyList<string>> ToldAsync(Guid agent);
}

/// <param name="ConfigState">"applying", "applied", "failed", "rolled-back", "no-answer" …; in the server's words where it has others.</param>
/// <param name="Effective">All effective files, one after the other.</param>
public sealed record SeenAgent(
    bool Connected, string Name, bool? Healthy, string LastError, string ConfigState, string ConfigMessage, DateTimeOffset? ConfigAt, string Effective,
    IReadOnlyList<string> Packages, IReadOnlyList<string> Components);
