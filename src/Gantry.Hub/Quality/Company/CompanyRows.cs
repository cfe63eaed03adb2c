namespace Gantry.Hub.Quality.Company;

/// <summary>The company score of one service: the formula of the Instrumentation Score over rules of the company's own, and over nothing else.</summary>
/// <param name="Value">0 to 100, over the rules that were judged; null when none was.</param>
/// <param name="Band">"Excellent", "Good", "Needs Improvement" or "Poor"; "" without a value.</param>
/// <param name="Lowest">What it is if every rule that was not judged fails.</param>
/// <param name="Highest">What it is if every one of them passes.</param>
/// <param name="Judged">Rules that passed or failed.</param>
/// <param name="Rules">Rules that are for this service.</param>
/// <param name="Failed">Their names, heaviest first.</param>
public sealed record CompanyScore(double? Value, string Band, double? Lowest, double? Highest, int Judged, int Rules, IReadOnlyList<string> Failed);

/// <summary>A company score with each of its rules, worst first.</summary>
public sealed record CompanyDetail(CompanyScore Score, IReadOnlyList<CompanyRuleRow> Rules);

/// <summary>What came of one rule of the company's own.</summary>
/// <param name="Name">Of the declared QualityRule.</param>
/// <param name="Impact">"Critical", "Important", "Normal" or "Low".</param>
/// <param name="Requires">What it asks for, in words.</param>
/// <param name="State">"failed", "passed" or "not-judged".</param>
/// <param name="Finding">What was found, or why it was not judged, in words.</param>
/// <param name="LastSeen">When what it looks at was last seen; null where that has no time, such as what is declared.</param>
/// <param name="Fix">As the rule has it.</param>
public sealed record CompanyRuleRow(
    string Name, string Title, string Impact, int Weight, string Requires, string State, string Finding, DateTimeOffset? LastSeen, string Fix);
