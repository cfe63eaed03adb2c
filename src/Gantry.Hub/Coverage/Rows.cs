using Gantry.Estate.Catalogue;
using Gantry.Estate.Ladder;
using Gantry.Estate.Use;
using Gantry.Hub.Coverage.Catalogue;

namespace Gantry.Hub.Coverage;

/// <summary>A requirement of the ladder, as every door shows it.</summary>
/// <param name="State">"fresh", "stale" or "missing".</param>
/// <param name="Source">The telemetry that met it, in words.</param>
public sealed record EvidenceRow(string Id, string Title, string Meaning, int Rung, string State, DateTimeOffset? LastSeen, string Source)
{
    public static EvidenceRow From(Evidence evidence) => new(
        evidence.Requirement.Id,
        evidence.Requirement.Title,
        evidence.Requirement.Meaning,
        (int)evidence.Requirement.Rung,
        evidence.State switch { EvidenceState.Fresh => "fresh", EvidenceState.Stale => "stale", _ => "missing" },
        evidence.LastSeen,
        evidence.Source);
}

/// <summary>A host, with where it stands and why.</summary>
/// <param name="Rung">0 (dark) or 1.</param>
/// <param name="Stale">It stood higher on evidence that is now older than five minutes.</param>
/// <param name="Use">The newest interval; null before the first.</param>
/// <param name="AgentId">The Gantry agent on it; null for a host that only a collector reports.</param>
public sealed record HostRow(
    string Id,
    string Name,
    int Rung,
    bool Stale,
    string Os,
    string Arch,
    DateTimeOffset? LastSeen,
    UsePoint? Use,
    IReadOnlyList<EvidenceRow> Evidence,
    string? AgentId,
    int Processes,
    int Services,
    int Dark,
    string Limits);

/// <summary>A service: what sends telemetry under one service.name, joined with the processes that it is; or a listening process that
/// sends nothing (<paramref name="Dark"/>).</summary>
/// <param name="Id">Stable and safe in a URL.</param>
/// <param name="Stale">It stood higher on evidence that is now older than five minutes.</param>
/// <param name="Language">As telemetry.sdk.language spells it; "" when unknown.</param>
/// <param name="LanguageRule">How the language was recognised.</param>
/// <param name="Instrumentation">What sends: distribution or SDK with version; "" when nothing does.</param>
/// <param name="MatchedBy">How process and telemetry were recognised as one; "" when there is only one of them.</param>
/// <param name="Red">Of inbound requests, newest complete minute of data; null without.</param>
public record ServiceRow(
    string Id,
    string Name,
    string Namespace,
    string Environment,
    int Rung,
    bool Dark,
    bool Stale,
    string Language,
    string LanguageRule,
    string RuntimeVersion,
    string Instrumentation,
    string MatchedBy,
    DateTimeOffset? LastSeen,
    RedNow? Red,
    ulong Requests,
    IReadOnlyList<EvidenceRow> Evidence,
    IReadOnlyList<ProcessRow> Processes,
    Step? Next)
{
    /// <summary>Person or team; "" where nobody declared one.</summary>
    public string Owner { get; init; } = "";

    /// <summary>"mission_critical", "high", "medium" or "low", as service.criticality spells it; "" where nobody said.</summary>
    public string Criticality { get; init; } = "";

    /// <summary>Everything that it is called anywhere, with what calls it so. More than one name that telemetry uses: rows that a declared Service made one.</summary>
    public IReadOnlyList<KnownName> Names { get; init; } = [];

    /// <summary>The official Instrumentation Score; null before there is enough to say.</summary>
    public ScoreNow? Score { get; init; }

    /// <summary>Name of the Service resource that it is; "" where none declares it.</summary>
    public string Declared { get; init; } = "";

    /// <summary>For people, as declared; "" where none was given.</summary>
    public string Title { get; init; } = "";

    /// <summary>Pages about it, as declared.</summary>
    public IReadOnlyList<ServiceLink> Links { get; init; } = [];

    /// <summary>service.version of what sent within five minutes, in order; of more than five those that were seen last.</summary>
    public IReadOnlyList<string> Versions { get; init; } = [];

    /// <summary>How many versions there are besides those.</summary>
    public int MoreVersions { get; init; }

    /// <summary>How many of it sent within five minutes.</summary>
    public int Instances { get; init; }

    /// <summary>"1.0, 1.1 and 3 more".</summary>
    internal string VersionText => SeenWords.Text(Versions, MoreVersions);

    /// <summary>Everything that sent within five minutes, with version, in order; of more than five those that were seen last.</summary>
    internal string Instruments { get; init; } = "";

    /// <summary>Only an eBPF instrumentation sends for it.</summary>
    internal bool IsObi { get; init; }

    /// <summary>The service in the observations whose series are its own; "": by <see cref="Id"/>.</summary>
    internal string TelemetryId { get; init; } = "";

    /// <summary>What its counts are kept under.</summary>
    internal string SeriesId => TelemetryId.Length > 0 ? TelemetryId : Id;

    /// <summary>Ids that lead here too: of rows that became this one, and of its declared name.</summary>
    internal IReadOnlyList<string> OtherIds { get; init; } = [];

    /// <summary>Declared, and nothing is known of it. That is another thing than dark: a process that runs and sends nothing.</summary>
    internal bool IsUnseen => LastSeen is null && Declared.Length > 0 && Processes.Count == 0;
}

/// <summary>A name of a service.</summary>
/// <param name="Source">"telemetry", "process", "environment", "obi", "given" (Gantry's own instrumentation) or "declared".</param>
/// <param name="Rule">Why it is taken for a name of this service, in words.</param>
public sealed record KnownName(string Name, string Source, string Rule);

/// <summary>The Instrumentation Score in short.</summary>
/// <param name="Value">0 to 100.</param>
/// <param name="Band">"Excellent", "Good", "Needs Improvement" or "Poor".</param>
/// <param name="Checked">Official rules that could be judged.</param>
/// <param name="Rules">Official rules of the version that is implemented.</param>
public sealed record ScoreNow(double Value, string Band, int Checked, int Rules);

/// <summary>RED of inbound requests over the last minute that has data.</summary>
/// <param name="Rate">Requests a second.</param>
/// <param name="ErrorShare">0 to 1.</param>
/// <param name="P50">Seconds; null without requests.</param>
/// <param name="Source">"spans" or "metrics".</param>
public sealed record RedNow(double Rate, double ErrorShare, double? P50, double? P95, double? P99, string Source, DateTimeOffset At);

/// <summary>RED of inbound requests in one interval, for charts.</summary>
public sealed record RedPoint(DateTimeOffset At, double Rate, double ErrorRate, double? P50, double? P95, double? P99);

/// <summary>One operation of a service over the last hour.</summary>
/// <param name="Kind">"SERVER", "CLIENT", "PRODUCER", "CONSUMER", "INTERNAL" or "UNSPECIFIED".</param>
public sealed record OperationRow(string Name, string Kind, ulong Calls, ulong Errors, double? P50, double? P95, DateTimeOffset LastSeen);

/// <summary>An agent: it speaks OpAMP, or is a collector of the Fleet Management API.</summary>
/// <param name="Id">Its instance uid, as a UUID; of a collector what it calls itself.</param>
/// <param name="Kind">service.name of the agent: "gantry-agent", "otelcol", …; "alloy" or "otelcol" of a collector.</param>
/// <param name="Transport">"websocket" or "http" for OpAMP, "fleet-management" for a collector.</param>
/// <param name="Health">"healthy", "unhealthy" or "unknown".</param>
public sealed record AgentRow(
    string Id,
    string Kind,
    string Version,
    string HostId,
    string HostName,
    bool Connected,
    string Transport,
    DateTimeOffset? LastSeen,
    string Health,
    string LastError,
    IReadOnlyList<string> Capabilities,
    IReadOnlyDictionary<string, string> Attributes)
{
    /// <summary>"unmanaged", "pending", "offered", "applying", "applied", "in-effect", "drifted", "failed", "rolled-back", "no-answer", "received" or "disabled"; docs/opamp.md says what each means.</summary>
    public string State { get; init; } = "unmanaged";

    /// <summary>When it came into that state; null where that cannot be told.</summary>
    public DateTimeOffset? StateSince { get; init; }

    /// <summary>"collector", "alloy", "sdk", "gantry" or "unknown": which configurations it can take.</summary>
    public string ConfigKind { get; init; } = "unknown";

    /// <summary>The cohort whose configuration it should run; "" when it is left alone.</summary>
    public string Cohort { get; init; } = "";

    /// <summary>Number of the revision that it should run; 0 when it is left alone.</summary>
    public long Revision { get; init; }

    /// <summary>Hash of what it should run, 64 hexadecimal digits; "" when it is left alone.</summary>
    public string DesiredHash { get; init; } = "";

    /// <summary>Hash of what it last reported; "" when it never did.</summary>
    public string ReportedHash { get; init; } = "";

    /// <summary>"" unless it is on fallback: "last" runs one from here that is not assigned to it now, "own" one that never came from here. docs/opamp.md says when.</summary>
    public string Fallback { get; init; } = "";
}

/// <summary>One thing to do.</summary>
/// <param name="Command">A command or the exact setting that does it; "" where there is none.</param>
/// <param name="Href">The page of what it is about.</param>
public sealed record Step(string Title, string Why, string Command, string Href)
{
    /// <summary>Before steps were worked out.</summary>
    public static Step None { get; } = new("", "", "", "");
}

/// <summary>Something that needs a person.</summary>
/// <param name="Severity">"high", "medium" or "low".</param>
public sealed record Attention(string Severity, string Title, string Detail, string Href, DateTimeOffset? Since);

/// <summary>Everything on the home page, which is also <c>gantry get summary</c>.</summary>
/// <param name="HostRungs">Hosts on rung 0 to 1, by rung.</param>
/// <param name="ServiceRungs">Services on rung 0 to 4, by rung.</param>
public sealed record Summary(
    IReadOnlyList<int> HostRungs,
    IReadOnlyList<int> ServiceRungs,
    int StaleHosts,
    int StaleServices,
    int Agents,
    int ConnectedAgents,
    IReadOnlyList<Attention> Attention,
    Step Next,
    DateTimeOffset At);
