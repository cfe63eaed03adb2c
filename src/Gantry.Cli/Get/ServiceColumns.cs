using Gantry.Cli.Terminals;
using Gantry.Hub.Coverage;

namespace Gantry.Cli.Get;

internal static class ServiceColumns
{
    public const string Empty =
        "No services yet. A service appears when it sends telemetry to the gateway, or (dark) when an agent finds a process that listens; `gantry demo` starts four.";

    /// <summary>What telemetry or a document calls it. Names of processes are no names of one service: many are called java.</summary>
    public static IEnumerable<string> OtherNames(ServiceRow row) => row.Names.Where(known => known.Source is "telemetry" or "obi" or "declared").Select(known => known.Name);

    public static IReadOnlyList<Column<ServiceRow>> All(DateTimeOffset now) =>
    [
        new("NAME", row => row.Name),
        new("RUNG", row => Words.RungOf(row.Rung, row.Stale)),
        new("LANGUAGE", row => row.Language),
        new("RATE", row => Words.PerSecond(row.Red?.Rate), Right: true),
        new("ERRORS", row => Words.Percent(row.Red?.ErrorShare), Right: true),
        new("P95", row => Words.Percentile(row.Red?.P95), Right: true),
        new("REQUESTS", row => $"{row.Requests}", Right: true),
        new("SEEN", row => Words.Age(row.LastSeen, now), Right: true),
        new("LISTENING", Listening, Wide: true),
        new("PIDS", row => string.Join(',', row.Processes.Select(process => process.Pid)), Wide: true),
        new("VERSION", row => row.RuntimeVersion, Wide: true),
        new("LANGUAGE RULE", row => row.LanguageRule, Wide: true),
        new("INSTRUMENTATION", row => row.Instrumentation, Wide: true),
        new("MATCHED BY", row => row.MatchedBy, Wide: true),
        new("EVIDENCE", row => EvidenceText.Of(row.Evidence), Wide: true),
        new("NAMESPACE", row => row.Namespace, Wide: true),
        new("ENVIRONMENT", row => row.Environment, Wide: true),
        new("OWNER", row => row.Owner, Wide: true),
        new("CRITICALITY", row => row.Criticality, Wide: true),
        new("ALSO CALLED", row => string.Join(',', row.Names.Select(known => known.Name).Where(name => name != row.Name).Distinct()), Wide: true),
        new("ID", row => row.Id, Wide: true),
        new("NEXT", row => row.Next?.Title ?? "", Wide: true),
    ];

    private static string Listening(ServiceRow row) => string.Join(',', row.Processes.SelectMany(process => process.Listening).Distinct());
}
