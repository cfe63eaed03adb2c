using Gantry.Estate.Methods;

namespace Gantry.Hub.Coverage;

/// <summary>A running process, and how far its instrumentation has come.</summary>
/// <param name="Listening">"127.0.0.1:8080", sorted by port.</param>
public sealed record ProcessRow(
    string HostId,
    string HostName,
    uint Pid,
    DateTimeOffset Started,
    string Name,
    string Executable,
    string Owner,
    string Language,
    string LanguageRule,
    string RuntimeVersion,
    IReadOnlyList<string> Listening,
    string Unit,
    string ContainerId)
{
    /// <summary>Stable while the process lives, and safe in a URL.</summary>
    public string Id { get; init; } = "";

    /// <summary>The script, assembly or jar that it runs; "" for a native program.</summary>
    public string Script { get; init; } = "";

    /// <summary>"detected", "eligible", "blocked", "configured", "restart pending", "loaded", "observed", "healthy" or "conflicting"; docs/instrumentation.md says what each means.</summary>
    public string State { get; init; } = "detected";

    /// <summary>When it came into that state, as its agent saw it; null where only the hub knows.</summary>
    public DateTimeOffset? StateSince { get; init; }

    /// <summary>A word for programs: why it is in that state; "" where the state says it all.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The same for a person, with what would change it.</summary>
    public string Message { get; init; } = "";

    /// <summary>What the state rests on.</summary>
    public string Evidence { get; init; } = "";

    /// <summary>Method in force or chosen, as in <c>gantry method</c>; "" when there is none.</summary>
    public string Method { get; init; } = "";

    /// <summary>The rule that decided: resource and rule; "" when none did.</summary>
    public string Rule { get; init; } = "";

    /// <summary>Events that its runtime dropped: spans may be missing, metrics never.</summary>
    public ulong Dropped { get; init; }

    /// <summary>Services that its telemetry names.</summary>
    public IReadOnlyList<string> Services { get; init; } = [];

    /// <summary>Instrumentation that somebody else put into it, with the rule that recognised it.</summary>
    public IReadOnlyList<OtherAgentRow> OtherAgents { get; init; } = [];

    /// <summary>"glibc", "musl", "static" or "".</summary>
    public string Libc { get; init; } = "";

    public string PodUid { get; init; } = "";

    /// <summary>By which methods it can climb; worked out when somebody asks.</summary>
    internal Func<MethodAdvice>? Advice { get; init; }

    /// <summary>What of it its agent could not read, and which right that needs; "" when all of it was.</summary>
    public string Unreadable { get; init; } = "";
}

public sealed record OtherAgentRow(string Name, string Rule, bool StopsInjection);
