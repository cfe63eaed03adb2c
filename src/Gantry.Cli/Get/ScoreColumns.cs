using Gantry.Cli.Terminals;
using Gantry.Hub.Quality;

namespace Gantry.Cli.Get;

internal static class ScoreColumns
{
    public const string Empty =
        "No scores yet. A score needs telemetry of a service: see `gantry get services`.";

    public static IReadOnlyList<Column<ScoreRow>> All(DateTimeOffset now) =>
    [
        new("SERVICE", row => row.Service),
        new("SCORE", row => Number(row.Value), Right: true),
        new("BAND", row => row.Band),
        new("JUDGED", row => $"{row.Judged} of {row.Rules}", Right: true),
        new("LAST DAY", row => Number(row.LastDay), Right: true),
        new("FAILED", row => string.Join(',', row.Failed)),
        new("COMPANY", row => row.Company is { } company ? $"{Number(company.Value)} ({company.Judged} of {company.Rules})" : "-", Right: true),
        new("LOWEST", row => Number(row.Lowest), Right: true, Wide: true),
        new("HIGHEST", row => Number(row.Highest), Right: true, Wide: true),
        new("SEEN", row => Words.Age(row.LastSeen, now), Right: true, Wide: true),
        new("SINCE", row => Words.Age(row.Since, now), Right: true, Wide: true),
        new("NAMESPACE", row => row.Namespace, Wide: true),
        new("ENVIRONMENT", row => row.Environment, Wide: true),
        new("SPECIFICATION", row => row.Specification, Wide: true),
        new("ID", row => row.ServiceId, Wide: true),
    ];

    public static string Number(double? score) => score is { } value ? value.ToString("0.#", System.Globalization.CultureInfo.InvariantCulture) : "-";
}
