using Gantry.Estate.Ladder;
using Gantry.Estate.Quality;
using Gantry.Hub.Coverage;
using Gantry.Hub.Quality.Company;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Tests.Quality.Company;

/// <summary>Each kind of requirement with evidence for it, against it, and without any.</summary>
public class CompanyJudgeTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private static readonly QualityMatch Everything = new([], [], [], [], [], []);

    private static readonly AttributeRequirement Version = new("service.version");

    private static readonly NoFindingRequirement Sampled = new(FindingCodes.SampledAtSource);

    /// <summary>What is required, of what, what comes of it, and what the evidence says.</summary>
    private static readonly Case[] Cases =
    [
        new("on the rung", new RungRequirement(Rung.Baseline), Seen(Row(2)), RuleVerdict.Passed, "it stands on Baseline"),
        new("above the rung", new RungRequirement(Rung.Baseline), Seen(Row(4)), RuleVerdict.Passed, "it stands on Custom"),
        new("below the rung", new RungRequirement(Rung.Transactions), Seen(Row(2)), RuleVerdict.Failed, "it stands on Baseline; Joined in a trace: never seen"),
        new("was on the rung", new RungRequirement(Rung.Transactions), Seen(Row(2, joined: Ago(30))), RuleVerdict.Failed, "Joined in a trace: last seen 30 min ago"),
        new("stale", new RungRequirement(Rung.Baseline), Seen(Row(0, baseline: Ago(200)) with { Stale = true, LastSeen = Ago(200) }), RuleVerdict.Failed, "nothing came from it for 3 h; Request rate: last seen 3 h ago"),
        new("dark", new RungRequirement(Rung.Baseline), Seen(Row(0) with { Dark = true }), RuleVerdict.Failed, "a process of it runs, and nothing that it sends is seen"),
        new("unseen", new RungRequirement(Rung.Baseline), Seen(Row(0) with { Declared = "pay", LastSeen = null }), RuleVerdict.NotJudged, "neither telemetry nor a process of it was seen within a day"),

        new("all have it", Version, Seen(Row(3), [Emitter(0, ("service.version", "1")), Emitter(4, ("service.version", "2"))]), RuleVerdict.Passed, "2 that send for it have it"),
        new("it has it", Version, Seen(Row(3), [Emitter(0, ("service.version", "1"))]), RuleVerdict.Passed, "what sends for it has it"),
        new("who lacks it is gone", Version, Seen(Row(3), [Emitter(0, ("service.version", "1")), Emitter(6, ("host.name", "old"))]), RuleVerdict.Passed, "what sends for it has it"),
        new("one lacks it", Version, Seen(Row(3), [Emitter(0, ("service.version", "1")), Emitter(1, ("host.name", "web-2"), ("telemetry.sdk.name", "otel"))]), RuleVerdict.Failed, "1 of 2 that send for it lacks service.version: otel, host.name web-2"),
        new("it has it without a value", Version, Seen(Row(3), [Emitter(0, ("service.version", ""))]), RuleVerdict.Failed, "one that names nothing"),
        new("all are silent", Version, Seen(Row(0), [Emitter(6, ("service.version", "1"))]), RuleVerdict.NotJudged, "nothing came from it within 5 minutes, the last 6 min ago"),
        new("nothing sends", Version, Seen(Row(0)), RuleVerdict.NotJudged, "nothing came from it within 5 minutes"),
        new("not all are kept", Version, Seen(Row(3), [Emitter(0, ("service.version", "1"))]) with { HasMore = true }, RuleVerdict.NotJudged, "more send for it than the hub keeps"),
        new("not all are kept, and one lacks it", Version, Seen(Row(3), [Emitter(0)]) with { HasMore = true }, RuleVerdict.Failed, "1 of 1 that send for it lacks"),

        new("spans and no finding", Sampled, Seen(Row(3), spans: Ago(1)), RuleVerdict.Passed, "not made within an hour of spans"),
        new("another finding", Sampled, Seen(Row(3), spans: Ago(1), finding: (FindingCodes.ClockAhead, Ago(1))), RuleVerdict.Passed, "not made within an hour of spans"),
        new("put right", Sampled, Seen(Row(3), spans: Ago(1), finding: (FindingCodes.SampledAtSource, Ago(61))), RuleVerdict.Passed, "it was last made 61 min ago"),
        new("made", Sampled, Seen(Row(3), spans: Ago(1), finding: (FindingCodes.SampledAtSource, Ago(59))), RuleVerdict.Failed, "Spans are sampled before they come here: 7 times, last 59 min ago, such as ratio"),
        new("made, and silent since", Sampled, Seen(Row(0), finding: (FindingCodes.SampledAtSource, Ago(30))), RuleVerdict.Failed, "last 30 min ago"),
        new("no spans", Sampled, Seen(Row(3), [Emitter(0)]), RuleVerdict.NotJudged, "no span came from it within 5 minutes"),
        new("old spans", Sampled, Seen(Row(3), spans: Ago(6)), RuleVerdict.NotJudged, "the last 6 min ago"),
        new("telemetry and no attribute missing", new NoFindingRequirement(FindingCodes.MissingResourceAttribute), Seen(Row(3), [Emitter(0)]), RuleVerdict.Passed, "not made within an hour of telemetry"),
        new("no telemetry", new NoFindingRequirement(FindingCodes.MissingResourceAttribute), Seen(Row(0) with { Dark = true }), RuleVerdict.NotJudged, "nothing came from it"),

        new("owned", new OwnerRequirement(), Seen(Row(0) with { Owner = "team-checkout" }), RuleVerdict.Passed, "owner team-checkout"),
        new("nobody's", new OwnerRequirement(), Seen(Row(4)), RuleVerdict.Failed, "no owner is declared for it"),

        new("score", new ScoreRequirement(75), Seen(Row(3) with { Score = new ScoreNow(75, "Good", 8, 19) }), RuleVerdict.Passed, "it is 75, by 8 of 19 official rules"),
        new("a little less", new ScoreRequirement(75), Seen(Row(3) with { Score = new ScoreNow(74.99, "Needs Improvement", 8, 19) }), RuleVerdict.Failed, "it is 74.99, by 8 of 19 official rules"),
        new("no score", new ScoreRequirement(75), Seen(Row(3)), RuleVerdict.NotJudged, "it has no Instrumentation Score"),
    ];

    public static TheoryData<string> Names => [.. Cases.Select(item => item.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_requirement_is_judged_by_evidence(string name)
    {
        var item = Cases.Single(item => item.Name == name);

        var judgement = new CompanyJudge(item.Seen, Now).Of(item.Require);

        Assert.Equal(item.Verdict, judgement.Verdict);
        Assert.Contains(item.Words, judgement.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_requirement_has_a_case_that_passes_one_that_fails_and_one_without_evidence()
    {
        // Nobody owns it is not a lack of evidence: what is declared is known.
        var wanted = Requirements.All.SelectMany(type => Enum.GetValues<RuleVerdict>().Select(verdict => (type.Name, verdict)))
            .Where(item => item is not (nameof(OwnerRequirement), RuleVerdict.NotJudged));

        Assert.NotEmpty(Requirements.All);
        Assert.Empty(wanted.Except(Cases.Select(item => (item.Require.GetType().Name, item.Verdict))));
    }

    [Fact]
    public void The_score_is_the_formula_over_mixed_impacts_and_the_worst_stands_first()
    {
        QualityRule[] rules =
        [
            Rule("owned", ScoreImpact.Critical, new OwnerRequirement()),
            Rule("traced", ScoreImpact.Important, new RungRequirement(Rung.Transactions)),
            Rule("baseline", ScoreImpact.Normal, new RungRequirement(Rung.Baseline)),
            Rule("scored", ScoreImpact.Low, new ScoreRequirement(75)),
            Rule("custom", ScoreImpact.Critical, new RungRequirement(Rung.Custom)),
            Rule("others", ScoreImpact.Critical, new OwnerRequirement()) with { Match = Everything with { Owner = ["another"] } },
        ];

        var detail = CompanyJudge.Judge(rules, Seen(Row(2) with { Owner = "me" }), Now)!;

        // Passed: 40 and 20. Failed: 30 and 40. Open: 10. The last one is not for this service.
        Assert.Equal(100.0 * 60 / 130, detail.Score.Value!.Value, 9);
        Assert.Equal(100.0 * 60 / 140, detail.Score.Lowest!.Value, 9);
        Assert.Equal(100.0 * 70 / 140, detail.Score.Highest!.Value, 9);
        Assert.Equal(("Poor", 4, 5), (detail.Score.Band, detail.Score.Judged, detail.Score.Rules));
        Assert.Equal(["custom", "traced"], detail.Score.Failed);
        Assert.Equal([("custom", "failed"), ("traced", "failed"), ("scored", "not-judged"), ("owned", "passed"), ("baseline", "passed")], detail.Rules.Select(rule => (rule.Name, rule.State)));
        Assert.Equal(("Important", 30, "rung Transactions or above", "Do it."), (detail.Rules[1].Impact, detail.Rules[1].Weight, detail.Rules[1].Requires, detail.Rules[1].Fix));
    }

    [Fact]
    public void What_could_not_be_judged_at_all_is_no_score_and_what_no_rule_is_for_has_none()
    {
        var open = CompanyJudge.Judge([Rule("scored", ScoreImpact.Low, new ScoreRequirement(75))], Seen(Row(3)), Now)!;

        Assert.Equal((null, "", 0, 1), (open.Score.Value, open.Score.Band, open.Score.Judged, open.Score.Rules));
        Assert.Null(CompanyJudge.Judge([Rule("owned", ScoreImpact.Low, new OwnerRequirement()) with { Match = Everything with { Service = ["other"] } }], Seen(Row(3)), Now));
    }

    [Fact]
    public void Each_field_of_a_match_keeps_others_out()
    {
        var row = Row(3) with { Owner = "team-checkout", Criticality = "high", Names = [new KnownName("payment", "declared", ""), new KnownName("node", "process", "")] };
        (QualityMatch Fits, QualityMatch Not)[] fields =
        [
            (Everything with { Service = ["cart", "pa*"] }, Everything with { Service = ["cart", "a*"] }),
            (Everything with { Service = ["payment"] }, Everything with { Service = ["node"] }),
            (Everything with { Namespace = ["shop"] }, Everything with { Namespace = ["shop2"] }),
            (Everything with { Environment = ["*prod"] }, Everything with { Environment = ["prod?"] }),
            (Everything with { Owner = ["team-*"] }, Everything with { Owner = ["checkout"] }),
            (Everything with { Criticality = ["mission_critical", "high"] }, Everything with { Criticality = ["mission_critical"] }),
            (Everything with { Language = ["nodejs"] }, Everything with { Language = ["java"] }),
        ];

        Assert.All(fields, field => Assert.True(IsFor(field.Fits, row)));
        Assert.All(fields, field => Assert.False(IsFor(field.Not, row)));
        Assert.False(IsFor(Everything with { Owner = ["team-*"], Language = ["java"] }, row));
        Assert.False(IsFor(Everything with { Owner = ["*"] }, row with { Owner = "" }));
    }

    private static bool IsFor(QualityMatch match, ServiceRow row) => CompanyJudge.IsFor(Rule("r", ScoreImpact.Low, new OwnerRequirement()) with { Match = match }, row);

    private static QualityRule Rule(string name, ScoreImpact impact, QualityRequirement require) => new(name, name, impact, Everything, require, "Do it.");

    private static DateTimeOffset Ago(int minutes) => Now.AddMinutes(-minutes);

    private static ServiceRow Row(int rung, DateTimeOffset? baseline = null, DateTimeOffset? joined = null)
    {
        var fresh = new Dictionary<string, Sighting>();
        foreach (var requirement in Ladder.Service)
        {
            var at = (int)requirement.Rung <= rung ? Now : requirement.Rung switch { Rung.Baseline => baseline, Rung.Transactions => joined, _ => null };
            if (at is { } time)
            {
                fresh[requirement.Id] = new Sighting(time, "test");
            }
        }

        return new ServiceRow(
            "pay-1", "pay", "shop", "prod", rung, Dark: false, Stale: false, "nodejs", "", "", "", "", Now, null, 0,
            [.. Ladder.Evaluate(Ladder.Service, fresh, Now).Evidence.Select(EvidenceRow.From)], [], null);
    }

    private static CompanyEvidence Seen(ServiceRow row, Emitter[]? emitters = null, DateTimeOffset? spans = null, (string Code, DateTimeOffset At)? finding = null) => new(
        row, emitters ?? [], HasMore: false, spans,
        finding is { } made ? [new FindingRow("f", "medium", row.Id, row.Name, "", "", made.Code, "Spans are sampled before they come here", "", "", "", 7, "ratio", made.At, made.At)] : []);

    private static Emitter Emitter(int minutes, params (string Key, string Value)[] attributes) => new(attributes.ToDictionary(pair => pair.Key, pair => pair.Value), Ago(minutes));

    private sealed record Case(string Name, QualityRequirement Require, CompanyEvidence Seen, RuleVerdict Verdict, string Words);
}
