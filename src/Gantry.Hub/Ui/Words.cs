using Gantry.Hub.Coverage;

namespace Gantry.Hub.Ui;

/// <summary>What the pages call a standing. One place, so that a badge, a filter and a sentence never disagree.</summary>
internal static class Words
{
    public static IReadOnlyList<(string Name, string Meaning)> Rungs { get; } =
    [
        ("Dark", "It runs, and nothing that it sends is seen."),
        ("Infrastructure", "Its host's utilisation, saturation and errors are seen."),
        ("Baseline", "Rate, errors and duration of its requests are seen."),
        ("Transactions", "Its spans are joined with another service's in one trace."),
        ("Custom", "It sends what no automatic instrumentation can."),
    ];

    /// <summary>What is seen on each rung, for the narrow steps of the ladder.</summary>
    public static IReadOnlyList<string> Seen { get; } =
        ["Unseen, or silent.", "The host is measured.", "Requests are measured.", "Joined in traces.", "Sends telemetry of its own."];

    public static string Rung(int rung) => Rungs[Math.Clamp(rung, 0, 4)].Name;

    public static string Meaning(int rung) => Rungs[Math.Clamp(rung, 0, 4)].Meaning;

    public static string State(ServiceRow row) => row.IsUnseen ? "unseen" : State(row.Rung, row.Dark, row.Stale);

    /// <summary>As service.criticality spells it; "" where nobody said.</summary>
    public static string Criticality(string word) => word switch { "mission_critical" => "Mission critical", "high" => "High", "medium" => "Medium", "low" => "Low", _ => word };

    public static string NameSource(string source) => source switch
    {
        "telemetry" => "its telemetry",
        "obi" => "eBPF",
        "process" => "its process",
        "environment" => "its environment",
        "given" => "Gantry",
        "declared" => "a Service document",
        _ => source,
    };

    public static string State(HostRow row) => State(row.Rung, dark: row.Rung == 0, row.Stale);

    /// <summary>Stale before dark: "it was seen and stopped" is the more useful news.</summary>
    public static string State(int rung, bool dark, bool stale) => stale ? "stale" : dark || rung == 0 ? "dark" : "fresh";

    public static string Language(string language) => language switch
    {
        "" => "unknown",
        "dotnet" => ".NET",
        "java" => "Java",
        "go" => "Go",
        "python" => "Python",
        "nodejs" => "Node.js",
        "webjs" => "Browser",
        "php" => "PHP",
        "ruby" => "Ruby",
        "rust" => "Rust",
        "cpp" => "C++",
        "erlang" => "Erlang",
        "swift" => "Swift",
        _ => language,
    };

    /// <summary>The OpAMP capabilities as sentences; a name that a newer agent invented keeps its own.</summary>
    public static string Capability(string name) => name switch
    {
        "ReportsStatus" => "Reports its status",
        "AcceptsRemoteConfig" => "Takes configuration from the hub",
        "ReportsEffectiveConfig" => "Shows the configuration that it runs",
        "AcceptsPackages" => "Takes packages from the hub",
        "ReportsPackageStatuses" => "Reports which packages are installed",
        "ReportsOwnTraces" => "Sends traces about itself",
        "ReportsOwnMetrics" => "Sends metrics about itself",
        "ReportsOwnLogs" => "Sends logs about itself",
        "AcceptsOpAmpConnectionSettings" or "AcceptsOpAMPConnectionSettings" => "Lets the hub move it to another hub or credential",
        "AcceptsOtherConnectionSettings" => "Lets the hub set where it sends telemetry",
        "AcceptsRestartCommand" => "Restarts when the hub asks",
        "ReportsHealth" => "Reports the health of its components",
        "ReportsRemoteConfig" => "Reports whether the offered configuration was applied",
        "ReportsHeartbeat" => "Sends heartbeats",
        "ReportsAvailableComponents" => "Lists the components that it was built with",
        "ReportsConnectionSettingsStatus" => "Reports whether connection settings were applied",
        _ => name,
    };

    /// <summary>Which configurations an agent takes.</summary>
    public static string AgentKind(string kind) => kind switch
    {
        "collector" => "Collector",
        "alloy" => "Alloy",
        "sdk" => "SDK",
        "gantry" => "Gantry agent",
        _ => "Unknown",
    };

    /// <summary>How an agent speaks with the hub.</summary>
    public static string Transport(string transport) => transport switch
    {
        "websocket" => "OpAMP, WebSocket",
        "http" => "OpAMP, HTTP",
        "fleet-management" => "Fleet Management",
        _ => transport,
    };

    public static string FallbackShort(string fallback) => fallback switch
    {
        "last" => "on fallback: its last one",
        "own" => "on fallback: its own",
        _ => "",
    };

    public static string Fallback(string fallback) => fallback switch
    {
        "last" => "It runs an earlier configuration from here, the last that it could apply, and not the one assigned to it.",
        "own" => "It runs a configuration of its own, a local, bootstrap or startup file, and has never applied one from here.",
        _ => "",
    };

    /// <summary>Of a hash as much as tells two apart; the whole is in a title.</summary>
    public static string Hash(string hash) => hash.Length > 10 ? hash[..10] : hash;

    public static string StepName(string step) => step switch
    {
        "desired" => "Desired",
        "offered" => "Offered",
        "received" => "Received",
        "applied" => "Applied",
        _ => "In effect",
    };

    public static string StepMeaning(string step) => step switch
    {
        "desired" => "The hub wants it.",
        "offered" => "It went to the agent.",
        "received" => "The agent says it has it.",
        "applied" => "The agent says it runs it.",
        _ => "What it shows to run is that.",
    };

    /// <summary>The state of a step as a badge knows it.</summary>
    public static string Step(string state) => state switch
    {
        "done" => "in-effect",
        "failed" => "failed",
        "waiting" => "pending",
        _ => "unknown",
    };

    public static string Plural(long count, string one, string many) => $"{Figures.Count(count)} {(count == 1 ? one : many)}";

    public static string Plural(long count, string one) => Plural(count, one, one + "s");
}
