using Gantry.Hub.Coverage.Steps;

namespace Gantry.Hub.Ui.Lists;

internal static class StepList
{
    public static ListShape<StepRow> Shape { get; } = new(
        [new("rank", "Rank", Number: row => row.Rank)],
        [
            new("1", "1 Infrastructure", row => row is { Rung: 1, IsTakeable: true }),
            new("2", "2 Baseline", row => row is { Rung: 2, IsTakeable: true }),
            new("3", "3 Transactions", row => row is { Rung: 3, IsTakeable: true }),
            new("4", "4 Custom", row => row is { Rung: 4, IsTakeable: true }),
            new("journeys", "On a journey", row => row.Journeys.Count > 0),
            new("running", "Without a restart", row => row is { IsTakeable: true, Cost.Restart: "none" }),
            new("none", "No method", row => !row.IsTakeable),
        ],
        Matches,
        row => row.Id);

    private static bool Matches(StepRow row, string word) =>
        row.Title.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.SubjectName.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Owner.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Method.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Journeys.Any(journey => journey.Name.Contains(word, StringComparison.OrdinalIgnoreCase));
}
