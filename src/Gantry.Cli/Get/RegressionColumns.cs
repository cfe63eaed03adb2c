using Gantry.Cli.Terminals;
using Gantry.Hub.Coverage.Changes;

namespace Gantry.Cli.Get;

internal static class RegressionColumns
{
    public const string Empty =
        "Nothing stands lower than it did within seven days. What falls is told three minutes after; until then its evidence says how old it is: see `gantry get services -o wide`.";

    public static IReadOnlyList<Column<RegressionRow>> All(DateTimeOffset now) =>
    [
        new("SEVERITY", row => row.Severity),
        new("OF", row => row.SubjectName.Length > 0 ? row.SubjectName : row.SubjectId),
        new("RUNGS", row => $"{row.From} to {row.To}"),
        new("LOST", row => row.Lost),
        new("SINCE", row => Words.Age(row.Since, now), Right: true),
        new("CHANGED BEFORE", row => string.Join("; ", row.Changes.Select(change => change.Text))),
        new("TITLE", row => row.Title, Wide: true),
        new("WHY", row => row.Detail, Wide: true),
        new("SUBJECT", row => row.Subject, Wide: true),
        new("FELL", row => Words.Age(row.FellAt, now), Right: true, Wide: true),
        new("ID", row => row.Id, Wide: true),
    ];
}
