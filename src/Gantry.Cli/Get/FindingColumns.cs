using Gantry.Cli.Terminals;
using Gantry.Hub.Coverage;

namespace Gantry.Cli.Get;

internal static class FindingColumns
{
    public const string Empty =
        "No findings yet. Gateways look at every span and resource for what is missing or wrong; nothing was, or nothing has come: see `gantry get services`.";

    public static IReadOnlyList<Column<FindingRow>> All(DateTimeOffset now) =>
    [
        new("SEVERITY", row => row.Severity),
        new("SERVICE", row => row.Service),
        new("FINDING", row => row.Title),
        new("COUNT", row => $"{row.Count}", Right: true),
        new("SEEN", row => Words.Age(row.LastSeen, now), Right: true),
        new("SETTING", row => row.Setting),
        new("CODE", row => row.Code, Wide: true),
        new("SINCE", row => Words.Age(row.FirstSeen, now), Right: true, Wide: true),
        new("EXAMPLE", row => row.Example, Wide: true),
        new("NAMESPACE", row => row.Namespace, Wide: true),
        new("ENVIRONMENT", row => row.Environment, Wide: true),
        new("ID", row => row.Id, Wide: true),
        new("FIX", row => row.Fix, Wide: true),
    ];
}
