using Gantry.Estate.Journeys;
using Gantry.Hub.Journeys;

namespace Gantry.Hub.Ui.Lists;

internal static class JourneyList
{
    public static ListShape<JourneyRow> Shape { get; } = new(
        [
            // What needs most first is this list's own order.
            new("state", "State", Number: row => RankOf(row.State)),
            new("name", "Journey", Text: row => row.Title),
            new("owner", "Owner", Text: row => row.Owner, Css: "wide"),
            new("complete", "Complete", Number: row => row.Complete?.Share, Definition: JourneyDefinitions.Complete),
            new("breaks", "Breaks", Number: row => row.Breaks.Count, DescendingFirst: true, Css: "num"),
            new("rung", "Rung", Number: row => row.Reached, Css: "wide", Definition: JourneyDefinitions.Reached),
            new("rate", "Rate", Number: row => row.Red?.Rate, DescendingFirst: true, Css: "num", Definition: JourneyDefinitions.Rate),
            new("errors", "Errors", Number: row => row.Red?.ErrorShare, DescendingFirst: true, Css: "num wide", Definition: JourneyDefinitions.Errors),
            new("p95", "p95", Number: row => row.Red?.P95, DescendingFirst: true, Css: "num wide", Definition: JourneyDefinitions.Duration),
            new("objectives", "Objectives", Number: row => row.Objectives.Count == 0 ? null : ObjectivesRank(row), Css: "wider"),
            new("seen", "Last seen", Number: row => row.LastSeen?.UtcTicks, DescendingFirst: true, Css: "num"),
        ],
        [
            new("broken", "Broken", row => row.State == "broken") { Meaning = "A link on its way loses traces." },
            new("dark", "Never seen", row => row.State == "dark") { Meaning = "No request of its entry was ever counted." },
            new("stale", "Stale", row => row.State == "stale") { Meaning = "No request within five minutes." },
            new("unknown", "Too few traces", row => row.State == "unknown") { Meaning = "Too few of its traces were looked at to tell." },
            new("mending", "Mending", row => row.State == "mending") { Meaning = "No link is broken any more; the share still holds requests of before." },
            new("whole", "Whole", row => row.State == "whole") { Meaning = "Every trace that was looked at is complete." },
            new("burning", "Objectives at risk", row => row.Objectives.Any(item => item.State is "burning" or "missed")),
        ],
        Matches,
        row => row.Title + row.Name);

    /// <summary>What needs a person first.</summary>
    public static int RankOf(string state) => state switch { "broken" => 0, "dark" => 1, "stale" => 2, "unknown" => 3, "mending" => 4, _ => 5 };

    /// <summary>The worst of its objectives; "" without any.</summary>
    public static string Objectives(JourneyRow row) => new[] { "burning", "missed", "stale", "unknown", "met" }.FirstOrDefault(state => row.Objectives.Any(item => item.State == state)) ?? "";

    private static double ObjectivesRank(JourneyRow row) => Objectives(row) switch { "burning" => 0, "missed" => 1, "stale" => 2, "unknown" => 3, _ => 4 };

    private static bool Matches(JourneyRow row, string word) =>
        row.Name.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Title.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Owner.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Entry.Name.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Operation.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Hops.Any(hop => hop.End.Name.Contains(word, StringComparison.OrdinalIgnoreCase));
}
