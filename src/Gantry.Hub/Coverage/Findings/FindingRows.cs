using Gantry.Estate.Findings;
using Gantry.Hub.Observations;

namespace Gantry.Hub.Coverage.Findings;

/// <summary>Forms the rows of findings, with what the catalogue says of each; worst first.</summary>
internal static class FindingRows
{
    public static List<FindingRow> Build_NeedsLock(ObservationStore observations, DateTimeOffset now)
    {
        var rows = new List<FindingRow>();
        foreach (var service in observations.Services_NeedsLock.Where(service => now - service.LastSeen < ObservationStore.Kept))
        {
            foreach (var finding in service.Findings.Values.Where(finding => now - finding.LastSeen < ObservationStore.Kept))
            {
                rows.Add(Row(service, finding));
            }
        }

        return [.. rows.OrderByDescending(row => Rank(row.Severity)).ThenBy(row => row.Code, StringComparer.Ordinal).ThenByDescending(row => row.Count).ThenBy(row => row.Id, StringComparer.Ordinal)];
    }

    /// <summary>"high" is 2, "low" is 0.</summary>
    public static int Rank(string severity) => severity switch { "high" => 2, "medium" => 1, _ => 0 };

    private static string WordOf(FindingSeverity severity) => severity switch { FindingSeverity.High => "high", FindingSeverity.Medium => "medium", _ => "low" };

    private static FindingRow Row(ServiceState service, FindingState finding)
    {
        var kind = finding.Kind;
        return new FindingRow(
            finding.IdIn(service),
            WordOf(kind.Severity),
            service.Id,
            service.Key.Name,
            service.Key.Namespace,
            service.Key.Environment,
            finding.Subject.Code,
            kind.Title,
            kind.Why,
            kind.Fix,
            kind.Setting,
            finding.Count,
            finding.Example,
            finding.FirstSeen,
            finding.LastSeen);
    }
}
