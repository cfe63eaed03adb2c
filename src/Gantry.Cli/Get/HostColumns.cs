using Gantry.Cli.Terminals;
using Gantry.Hub.Coverage;

namespace Gantry.Cli.Get;

internal static class HostColumns
{
    public const string Empty =
        "No hosts yet. A host appears some seconds after an agent on it, or a collector's host metrics, reach Gantry; `gantry up` has an agent for this machine.";

    public static IReadOnlyList<Column<HostRow>> All(DateTimeOffset now) =>
    [
        new("NAME", row => row.Name),
        new("RUNG", row => Words.RungOf(row.Rung, row.Stale)),
        new("CPU", row => Words.Percent(row.Use?.CpuUtilization), Right: true),
        new("MEMORY", row => Words.Percent(row.Use?.MemoryUtilization), Right: true),
        new("FILESYSTEM", row => Words.Percent(row.Use?.FilesystemUtilization), Right: true),
        new("SERVICES", row => $"{row.Services}", Right: true),
        new("DARK", row => $"{row.Dark}", Right: true),
        new("SEEN", row => Words.Age(row.LastSeen, now), Right: true),
        new("EVIDENCE", row => EvidenceText.Of(row.Evidence), Wide: true),
        new("PROCESSES", row => $"{row.Processes}", Right: true, Wide: true),
        new("OS", row => row.Os, Wide: true),
        new("ARCH", row => row.Arch, Wide: true),
        new("AGENT", row => row.AgentId ?? "", Wide: true),
        new("ID", row => row.Id, Wide: true),
        new("LIMITS", row => row.Limits, Wide: true),
    ];
}
