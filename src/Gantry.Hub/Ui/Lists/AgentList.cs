using Gantry.Hub.Coverage;

namespace Gantry.Hub.Ui.Lists;

internal static class AgentList
{
    public static ListShape<AgentRow> Shape { get; } = new(
        [
            new("kind", "Agent", Text: row => row.Kind),
            new("connection", "Connection", Text: row => row.Connected ? "connected" : "gone"),
            new("health", "Health", Text: row => row.Health),
            new("version", "Version", Text: row => row.Version),
            new("capabilities", "Capabilities", Number: row => row.Capabilities.Count, DescendingFirst: true, Css: "wide"),
            new("host", "Host", Text: row => row.HostName),
            new("seen", "Last seen", Number: row => row.LastSeen?.UtcTicks, DescendingFirst: true, Css: "num"),
        ],
        [
            new("connected", "Connected", row => row.Connected),
            new("gone", "Gone", row => !row.Connected),
            new("unhealthy", "Unhealthy", row => row.Health == "unhealthy"),
        ],
        Matches,
        row => row.HostName + row.Id);

    private static bool Matches(AgentRow row, string word) =>
        row.Kind.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.HostName.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Version.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Id.Contains(word, StringComparison.OrdinalIgnoreCase);
}
