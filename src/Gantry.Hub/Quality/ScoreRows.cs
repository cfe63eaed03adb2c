using Gantry.Hub.Quality.Company;

namespace Gantry.Hub.Quality;

/// <summary>The Instrumentation Score of one service.</summary>
/// <param name="ServiceId">As the service's row has it.</param>
/// <param name="Value">0 to 100, over the rules that were judged; null when none was.</param>
/// <param name="Band">"Excellent", "Good", "Needs Improvement" or "Poor"; "" without a value.</param>
/// <param name="Lowest">What it is if every rule that was not judged fails.</param>
/// <param name="Highest">What it is if every one of them passes.</param>
/// <param name="LastDay">The same formula over what came within a day: what the score becomes when nothing worse comes.</param>
/// <param name="Judged">Rules that passed or failed.</param>
/// <param name="Rules">All rules of the specification's revision.</param>
/// <param name="Failed">Their ids, heaviest first.</param>
/// <param name="Since">The oldest evidence: where it is younger than the window, the score is of that time only.</param>
/// <param name="WindowDays">What came before is not looked at.</param>
/// <param name="Specification">"0.1 e6ee222": version and revision of the specification.</param>
public sealed record ScoreRow(
    string ServiceId,
    string Service,
    string Namespace,
    string Environment,
    double? Value,
    string Band,
    double? Lowest,
    double? Highest,
    double? LastDay,
    int Judged,
    int Rules,
    IReadOnlyList<string> Failed,
    DateTimeOffset? Since,
    DateTimeOffset? LastSeen,
    int WindowDays,
    string Specification)
{
    /// <summary>Apart from all of the above, which it never changes; null where no rule of the company's own is for this service.</summary>
    public CompanyScore? Company { get; init; }
}

/// <summary>A score with each of its rules, worst first.</summary>
public sealed record ScoreDetail(ScoreRow Score, IReadOnlyList<RuleRow> Rules)
{
    /// <summary>The company score with its rules; null where none is for this service.</summary>
    public CompanyDetail? Company { get; init; }
}

/// <summary>What came of one official rule.</summary>
/// <param name="Target">"resource", "span", "metric", "log" or "sdk".</param>
/// <param name="Impact">"Critical", "Important", "Normal" or "Low".</param>
/// <param name="State">"failed", "passed" or "not-judged".</param>
/// <param name="Finding">What was found, or why it was not judged, in words.</param>
/// <param name="LastSeen">When something that it looks at was last seen.</param>
/// <param name="FailedSince">Since when it fails without a pause of a day; null where that is not known.</param>
/// <param name="LastFailed">When something last failed it within the window.</param>
/// <param name="Setting">The setting, configuration or command; "" where there is none.</param>
/// <param name="Source">From what it is judged.</param>
public sealed record RuleRow(
    string Id,
    string Target,
    string Impact,
    int Weight,
    string Title,
    string Criteria,
    string State,
    string Finding,
    DateTimeOffset? LastSeen,
    DateTimeOffset? FailedSince,
    DateTimeOffset? LastFailed,
    string Why,
    string Fix,
    string Setting,
    string Source);
