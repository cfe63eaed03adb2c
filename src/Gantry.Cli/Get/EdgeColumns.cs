using Gantry.Cli.Terminals;
using Gantry.Hub.Coverage;

namespace Gantry.Cli.Get;

internal static class EdgeColumns
{
    public const string Empty =
        "No edges yet. An edge appears when a service's CLIENT or PRODUCER spans name what it calls, or when a trace joins two services; `gantry demo` has three.";

    public static IReadOnlyList<Column<EdgeRow>> All(DateTimeOffset now) =>
    [
        new("CALLER", row => row.Caller.Name),
        new("CALLEE", row => row.Callee.Name),
        new("TYPE", row => row.Callee.Type),
        new("RATE", row => Words.PerSecond(row.Red?.Rate), Right: true),
        new("ERRORS", row => Words.Percent(row.Red?.ErrorShare), Right: true),
        new("P95", row => Words.Percentile(row.Red?.P95), Right: true),
        new("SEEN", row => Words.Age(row.LastSeen, now), Right: true),
        new("JOINED BY", row => row.JoinedBy.Length > 0 ? row.JoinedBy : $"(open) {row.Open}"),
        new("TRACED", row => Words.Age(row.Traced, now), Right: true, Wide: true),
        new("CALLS", row => $"{row.Calls}", Right: true, Wide: true),
        new("FAILED", row => $"{row.Failed}", Right: true, Wide: true),
        new("P50", row => Words.Percentile(row.Red?.P50), Right: true, Wide: true),
        new("TOLD", row => string.Join(',', row.Told), Wide: true),
        new("CANDIDATES", row => string.Join(',', row.Candidates), Wide: true),
        new("ID", row => row.Id, Wide: true),
    ];
}
