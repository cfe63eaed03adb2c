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
            new("language", "Language", Text: row => row.Language, Css: "wide"),
            new("instrumentation", "Instrumentation", Text: row => row.Instrumentation, Css: "wider"),
            new("rate", "Rate", Number: row => row.Red?.Rate, DescendingFirst: true, Css: "num", Definition: RedDefinitions.Rate),
            new("errors", "Errors", Number: row => row.Red?.ErrorShare, DescendingFirst: true, Css: "num", Definition: RedDefinitions.Errors),
            new("p95", "p95", Number: row => row.Red?.P95, DescendingFirst: true, Css: "num", Definition: RedDefinitions.Duration),
            new("seen", "Last seen", Number: row => row.LastSeen?.UtcTicks, DescendingFirst: true, Css: "num"),
        ],
        [
            new("dark", "Dark", row => row.Rung == 0),
            new("1", "1 Infrastructure", row => row.Rung == 1),
            new("2", "2 Baseline", row => row.Rung == 2),
            new("3", "3 Transactions", row => row.Rung == 3),
            new("4", "4 Custom", row => row.Rung == 4),
            new("stale", "Stale", row => row.Stale),
        ],
        Matches,
        row => row.Name);

    private static bool Matches(ServiceRow row, string word) =>
        row.Name.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Namespace.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Environment.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Language.Contains(word, StringComparison.OrdinalIgnoreCase)
        || Words.Language(row.Language).Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Instrumentation.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Processes.Any(process => process.HostName.Contains(word, StringComparison.OrdinalIgnoreCase));
}
