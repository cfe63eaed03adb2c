using Gantry.Hub.Coverage;
using Gantry.Hub.Coverage.Findings;

namespace Gantry.Hub.Ui.Lists;

internal static class FindingList
{
    public static ListShape<FindingRow> Shape { get; } = new(
        [
            // Worst first is this list's own order, so its rank goes down.
            new("severity", "Severity", Number: row => -FindingRows.Rank(row.Severity)),
            new("service", "Service", Text: row => row.Service),
            new("finding", "Finding", Text: row => row.Title),
            new("count", "Count", Number: row => row.Count, DescendingFirst: true, Css: "num"),
            new("seen", "Last seen", Number: row => row.LastSeen.UtcTicks, DescendingFirst: true, Css: "num"),
            new("example", "Example", Text: row => row.Example, Css: "wider"),
        ],
        [
            new("high", "High", row => row.Severity == "high"),
            new("medium", "Medium", row => row.Severity == "medium"),
            new("low", "Low", row => row.Severity == "low"),
            new("clocks", "Clocks", row => row.Code.StartsWith("clock_", StringComparison.Ordinal)),
            new("attributes", "Missing attributes", row => row.Code == Gantry.Protocol.Observations.FindingCodes.MissingResourceAttribute),
        ],
        Matches,
        row => row.Code + row.Service + row.Id);

    private static bool Matches(FindingRow row, string word) =>
        row.Service.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Title.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Code.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Example.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Namespace.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Environment.Contains(word, StringComparison.OrdinalIgnoreCase);
}
