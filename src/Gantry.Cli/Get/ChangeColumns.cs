using Gantry.Cli.Terminals;
using Gantry.Hub.Coverage.Changes;

namespace Gantry.Cli.Get;

internal static class ChangeColumns
{
    public const string Empty =
        "Nothing changed within seven days. The hub looks every ten seconds, and records what stays for a minute: versions, rungs, instances, configurations, documents.";

    /// <summary>What a person may call a change by: what it is of, or its kind.</summary>
    public static IReadOnlyList<string> Names { get; } = ["id", "subjectName", "subjectId", "subject", "kind"];

    public static IReadOnlyList<Column<ChangeRow>> All(DateTimeOffset now) =>
    [
        new("AGE", row => Words.Age(row.At, now), Right: true),
        new("OF", row => row.SubjectName.Length > 0 ? row.SubjectName : row.Subject),
        new("KIND", row => row.Kind),
        new("CHANGE", row => row.Text),
        new("AT", row => row.At.ToString("u", System.Globalization.CultureInfo.InvariantCulture), Wide: true),
        new("SUBJECT", row => row.Subject, Wide: true),
        new("FROM", row => row.From, Wide: true),
        new("TO", row => row.To, Wide: true),
        new("ID", row => $"{row.Id}", Right: true, Wide: true),
    ];
}
