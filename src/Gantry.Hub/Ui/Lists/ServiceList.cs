using Gantry.Estate.Red;
using Gantry.Hub.Coverage;

namespace Gantry.Hub.Ui.Lists;

internal static class ServiceList
{
    public static ListShape<ServiceRow> Shape { get; } = new(
        [
            new("name", "Service", Text: row => row.Name),
            new("rung", "Rung", Number: row => row.Rung, DescendingFirst: true),
            new("state", "State", Text: Words.State),
            new("owner", "Owner", Text: row => row.Owner, Css: "wide"),
            new("criticality", "Criticality", Number: row => Rank(row.Criticality), DescendingFirst: true, Css: "wider"),
            new("language", "Language", Text: row => row.Language, Css: "wider"),
            new("instrumentation", "Instrumentation", Text: row => row.Instrumentation, Css: "widest"),
            new("score", "Score", Number: row => row.Score?.Value, Css: "num wider"),
            new("rate", "Rate", Number: row => row.Red?.Rate, DescendingFirst: true, Css: "num", Definition: RedDefinitions.Rate),
            new("errors", "Errors", Number: row => row.Red?.ErrorShare, DescendingFirst: true, Css: "num", Definition: RedDefinitions.Errors),
            new("p95", "p95", Number: row => row.Red?.P95, DescendingFirst: true, Css: "num", Definition: RedDefinitions.Duration),
            new("seen", "Last seen", Number: row => row.LastSeen?.UtcTicks, DescendingFirst: true, Css: "num"),
        ],
        [
            new("dark", "Dark", row => row is { Rung: 0, IsUnseen: false }),
            new("1", "1 Infrastructure", row => row.Rung == 1),
            new("2", "2 Baseline", row => row.Rung == 2),
            new("3", "3 Transactions", row => row.Rung == 3),
            new("4", "4 Custom", row => row.Rung == 4),
            new("stale", "Stale", row => row.Stale),
            new("unseen", "Never seen", row => row.IsUnseen) { Meaning = "Declared, and nothing of it was seen within a day." },
            new("critical", "Critical", row => row.Criticality is "mission_critical" or "high") { Meaning = "Mission critical, or of high criticality." },
            new("unowned", "No owner", row => row.Owner.Length == 0) { Meaning = "Nobody declared whose it is." },
        ],
        Matches,
        row => row.Name);

    private static double? Rank(string criticality) => criticality switch { "mission_critical" => 4, "high" => 3, "medium" => 2, "low" => 1, _ => null };

    private static bool Matches(ServiceRow row, string word) =>
        row.Name.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Namespace.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Environment.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Language.Contains(word, StringComparison.OrdinalIgnoreCase)
        || Words.Language(row.Language).Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Instrumentation.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Owner.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Criticality.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Names.Any(name => name.Name.Contains(word, StringComparison.OrdinalIgnoreCase))
        || row.Processes.Any(process => process.HostName.Contains(word, StringComparison.OrdinalIgnoreCase));
}
