using Gantry.Estate.Use;
using Gantry.Hub.Coverage;

namespace Gantry.Hub.Ui.Lists;

internal static class HostList
{
    public static ListShape<HostRow> Shape { get; } = new(
        [
            new("name", "Host", Text: row => row.Name),
            new("rung", "Rung", Number: row => row.Rung, DescendingFirst: true),
            new("state", "State", Text: Words.State),
            new("cpu", "CPU", Number: row => row.Use?.CpuUtilization, DescendingFirst: true, Css: "num", Definition: UseDefinitions.CpuUtilization),
            new("memory", "Memory", Number: row => row.Use?.MemoryUtilization, DescendingFirst: true, Css: "num", Definition: UseDefinitions.MemoryUtilization),
            new("disk", "File system", Number: row => row.Use?.FilesystemUtilization, DescendingFirst: true, Css: "num", Definition: UseDefinitions.FilesystemUtilization),
            new("wait", "CPU wait", Number: row => row.Use?.CpuSaturation, DescendingFirst: true, Css: "num wide", Definition: UseDefinitions.CpuSaturation),
            new("services", "Services", Number: row => row.Services, DescendingFirst: true, Css: "num"),
            new("dark", "Dark", Number: row => row.Dark, DescendingFirst: true, Css: "num"),
            new("seen", "Last seen", Number: row => row.LastSeen?.UtcTicks, DescendingFirst: true, Css: "num"),
        ],
        [
            new("dark", "Dark", row => row.Rung == 0),
            new("1", "1 Infrastructure", row => row.Rung > 0),
            new("stale", "Stale", row => row.Stale),
            new("noagent", "Without a Gantry agent", row => row.AgentId is null),
        ],
        Matches,
        row => row.Name);

    private static bool Matches(HostRow row, string word) =>
        row.Name.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Os.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Arch.Contains(word, StringComparison.OrdinalIgnoreCase);
}
