using Gantry.Estate.Quality;
using Gantry.Hub.Coverage;
using Gantry.Hub.Observations;

namespace Gantry.Hub.Quality.Company;

/// <summary>Own rules over the services of one snapshot. Evidence is copied of those services only that a rule is for.</summary>
internal sealed class CompanyRound(IReadOnlyList<QualityRule> rules, EstateSnapshot snapshot, ObservationStore observations)
{
    private readonly Lazy<ILookup<string, FindingRow>> _findings = new(() => snapshot.Findings.ToLookup(finding => finding.ServiceId));

    /// <returns>Null where no rule is for it.</returns>
    public CompanyDetail? Of(ServiceRow row) => rules.Any(rule => CompanyJudge.IsFor(rule, row))
        ? CompanyJudge.Judge(rules, CompanyEvidence.Of(row, snapshot, _findings.Value[row.Id], observations), snapshot.At)
        : null;
}
