using System.Globalization;
using Gantry.Estate.Ladder;
using Gantry.Estate.Quality;
using Gantry.Hub.Coverage;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Quality.Company;

/// <summary>Judges rules of the company's own for one service. Pure: the same evidence gives the same verdicts. What was not seen does not pass.</summary>
internal sealed class CompanyJudge(CompanyEvidence seen, DateTimeOffset now)
{
    /// <summary>A finding that was not made again for so long may have been put right.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromHours(1);

    public Judgement Of(QualityRequirement require) => require switch
    {
        RungRequirement rung => Rung((int)rung.Rung),
        AttributeRequirement attribute => Attribute(attribute.Key),
        NoFindingRequirement finding => NoFinding(finding.Code),
        OwnerRequirement => Owner(),
        ScoreRequirement score => Score(score.Least),
        _ => Judgement.None("this version of Gantry does not know what it requires"),
    };

    /// <param name="rules">All that are declared.</param>
    /// <returns>Null where none of them is for this service.</returns>
    public static CompanyDetail? Judge(IEnumerable<QualityRule> rules, CompanyEvidence seen, DateTimeOffset now)
    {
        var judge = new CompanyJudge(seen, now);
        var judged = rules.Where(rule => IsFor(rule, seen.Row)).Select(rule => (Rule: rule, Judgement: judge.Of(rule.Require)))
            .OrderBy(item => item.Judgement.Verdict switch { RuleVerdict.Failed => 0, RuleVerdict.NotJudged => 1, _ => 2 })
            .ThenByDescending(item => item.Rule.Weight).ThenBy(item => item.Rule.Name, StringComparer.Ordinal).ToList();
        if (judged.Count == 0)
        {
            return null;
        }

        var score = ScoreFormula.Of(judged.Select(item => (item.Rule.Impact, item.Judgement.Verdict)));
        return new CompanyDetail(
            new CompanyScore(
                score?.Value, score?.Band ?? "", score?.Lowest, score?.Highest, score?.Judged ?? 0, judged.Count,
                [.. judged.Where(item => item.Judgement.Verdict == RuleVerdict.Failed).Select(item => item.Rule.Name)]),
            [.. judged.Select(item => RowOf(item.Rule, item.Judgement))]);
    }

    public static bool IsFor(QualityRule rule, ServiceRow row) => rule.Match.IsOf(
        row.Names.Where(name => name.Source is "telemetry" or "obi" or "declared").Select(name => name.Name).Prepend(row.Name),
        row.Namespace, row.Environment, row.Owner, row.Criticality, row.Language);

    private static CompanyRuleRow RowOf(QualityRule rule, Judgement judgement) => new(
        rule.Name,
        rule.Title,
        rule.Impact.ToString(),
        rule.Weight,
        rule.Require.Words,
        judgement.Verdict switch { RuleVerdict.Failed => "failed", RuleVerdict.Passed => "passed", _ => "not-judged" },
        judgement.Finding,
        judgement.LastSeen,
        rule.Fix);

    private Judgement Rung(int least)
    {
        var row = seen.Row;
        if (row.IsUnseen)
        {
            return Judgement.None("it is declared, and neither telemetry nor a process of it was seen within a day");
        }

        var stands = $"it stands on {(Rung)row.Rung}";
        if (row.Rung >= least)
        {
            return new Judgement(RuleVerdict.Passed, stands, row.LastSeen);
        }

        if (row.Dark)
        {
            return new Judgement(RuleVerdict.Failed, "a process of it runs, and nothing that it sends is seen", row.LastSeen);
        }

        var lacking = row.Evidence.Where(evidence => evidence.Rung <= least && evidence.State != "fresh")
            .Select(evidence => $"{evidence.Title}: {(evidence.LastSeen is { } at ? $"last seen {Age(at)} ago" : "never seen")}");
        var silent = row.LastSeen is { } last && !IsFresh(last) ? $", nothing came from it for {Age(last)}" : "";
        return new Judgement(RuleVerdict.Failed, $"{stands}{silent}; {string.Join(", ", lacking)}", row.LastSeen);
    }

    private Judgement Attribute(string key)
    {
        var fresh = seen.Emitters.Where(emitter => IsFresh(emitter.LastSeen)).ToList();
        var last = seen.Emitters.Count > 0 ? seen.Emitters.Max(emitter => emitter.LastSeen) : (DateTimeOffset?)null;
        var lacking = fresh.Where(emitter => emitter.Find(key) is null).ToList();
        var all = fresh.Count == 1 ? "what sends for it" : $"{fresh.Count} that send for it";
        return lacking.Count > 0 ? new Judgement(RuleVerdict.Failed, $"{lacking.Count} of {fresh.Count} that send for it {(lacking.Count == 1 ? "lacks" : "lack")} {key}: {lacking.MaxBy(emitter => emitter.LastSeen)!.Name}", last)
            : fresh.Count == 0 ? NothingCame("nothing", last)
            : seen.HasMore ? Judgement.None("more send for it than the hub keeps, so it cannot say that of all of them")
            : new Judgement(RuleVerdict.Passed, $"{all} {(fresh.Count == 1 ? "has" : "have")} it", last);
    }

    private Judgement NoFinding(string code)
    {
        var made = seen.Findings.Where(finding => finding.Code == code).ToList();
        var recent = made.Where(finding => now - finding.LastSeen < Recent).MaxBy(finding => finding.LastSeen);
        if (recent is not null)
        {
            var example = recent.Example.Length > 0 && !recent.Title.Contains(recent.Example, StringComparison.Ordinal) ? $", such as {recent.Example}" : "";
            return new Judgement(RuleVerdict.Failed, string.Create(CultureInfo.InvariantCulture, $"{recent.Title}: {recent.Count} times, last {Age(recent.LastSeen)} ago{example}"), recent.LastSeen);
        }

        // Only one of them is looked for in each resource; all others are about spans, and what sends none has not passed.
        var isOfResources = code == FindingCodes.MissingResourceAttribute;
        var looked = isOfResources ? seen.Emitters.Select(emitter => (DateTimeOffset?)emitter.LastSeen).Max() : seen.SpansSeen;
        var before = made.Count > 0 ? $"; it was last made {Age(made.Max(finding => finding.LastSeen))} ago" : "";
        return looked is { } at && IsFresh(at)
            ? new Judgement(RuleVerdict.Passed, $"not made within an hour of {(isOfResources ? "telemetry" : "spans")}{before}", looked)
            : NothingCame(isOfResources ? "nothing" : "no span", looked);
    }

    private Judgement Owner() => seen.Row.Owner.Length > 0
        ? new Judgement(RuleVerdict.Passed, $"owner {seen.Row.Owner}")
        : new Judgement(RuleVerdict.Failed, "no owner is declared for it");

    private Judgement Score(int least) => seen.Row.Score is { } score
        ? new Judgement(score.Value >= least ? RuleVerdict.Passed : RuleVerdict.Failed, string.Create(CultureInfo.InvariantCulture, $"it is {score.Value:0.##}, by {score.Checked} of {score.Rules} official rules"), seen.Row.LastSeen)
        : Judgement.None("it has no Instrumentation Score");

    private Judgement NothingCame(string what, DateTimeOffset? last) =>
        Judgement.None($"{what} came from it within {Ladder.FreshFor.TotalMinutes:0} minutes{(last is { } at ? $", the last {Age(at)} ago" : "")}") with { LastSeen = last };

    private bool IsFresh(DateTimeOffset at) => now - at <= Ladder.FreshFor;

    /// <summary>In minutes at the least: a page that says it need not change each second.</summary>
    private string Age(DateTimeOffset at) => (now - at) switch
    {
        { TotalMinutes: < 120 } age => $"{Math.Max(0, (int)age.TotalMinutes)} min",
        { TotalHours: < 48 } age => $"{(int)age.TotalHours} h",
        var age => $"{(int)age.TotalDays} d",
    };
}
