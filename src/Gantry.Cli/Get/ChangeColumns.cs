using Gantry.Cli.Terminals;
using Gantry.Hub.Coverage.Changes;

namespace Gantry.Cli.Get;

internal static class ChangeColumns
{
    public const string Empty =
        "Nothing changed within seven days. The hub looks every ten seconds, and records what stays for a minute: versions, rungs, instances, configurations, documents.";

    /// <summary>Where the hub has the changes of a name: a kind, or else a service, a host or "estate".</summary>
    public static string Path(string name) => $"changes?{(ChangeKinds.All.Contains(name) ? "kind" : "subject")}={Uri.EscapeDataString(name)}";

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
