using Gantry.Estate.Findings;
using Gantry.Estate.Ladder;
using Gantry.Estate.Quality;
using Gantry.Estate.Resources;
using Gantry.Hub.Tests.Pipelines;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Tests.Quality.Company;

public class QualityRuleReaderTests
{
    private const string Rest = "impact: low\n  fix: Do it.";

    [Fact]
    public void Everything_that_can_be_said_is_read()
    {
        var rule = Read(
            "title: Traced\n  impact: critical\n  fix: Attach it.\n  require: {rung: transactions}\n"
            + "  match: {criticality: [mission_critical, high], owner: team-checkout, environment: prod, namespace: shop, language: nodejs, service: ['pay*', cart]}");

        Assert.Equal(("p", "Traced", ScoreImpact.Critical, 40, "Attach it."), (rule.Name, rule.Title, rule.Impact, rule.Weight, rule.Fix));
        Assert.Equal(new RungRequirement(Rung.Transactions), rule.Require);
        Assert.Equal(["pay*", "cart"], rule.Match.Service);
        Assert.Equal(["shop"], rule.Match.Namespace);
        Assert.Equal(["prod"], rule.Match.Environment);
        Assert.Equal(["team-checkout"], rule.Match.Owner);
        Assert.Equal(["mission_critical", "high"], rule.Match.Criticality);
        Assert.Equal(["nodejs"], rule.Match.Language);
        Assert.Equal(
            "critical: rung Transactions or above; service pay* or cart, namespace shop, environment prod, owner team-checkout, criticality mission_critical or high, language nodejs",
            QualityRuleReader.Kind.Summarise(rule));
    }

    [Fact]
    public void Without_a_match_it_is_for_every_service_and_without_a_title_it_has_its_name()
    {
        var rule = Read($"{Rest}\n  require: {{owner: true}}");

        Assert.Equal("p", rule.Title);
        Assert.True(rule.Match.IsOf(["anything"], "", "", "", "", ""));
        Assert.Equal("low: a declared owner; every service", QualityRuleReader.Kind.Summarise(rule));
    }

    [Fact]
    public void Each_requirement_is_read()
    {
        (string Text, QualityRequirement Require)[] others =
            [("rung: baseline", new RungRequirement(Rung.Baseline)), ("rung: custom", new RungRequirement(Rung.Custom)), ("owner: true", new OwnerRequirement()), ("score: 75", new ScoreRequirement(75))];
        Assert.All(others, item => Assert.Equal(item.Require, Read($"{Rest}\n  require: {{{item.Text}}}").Require));
        Assert.All(SourceAttributes.All, key => Assert.Equal(new AttributeRequirement(key), Read($"{Rest}\n  require: {{attribute: {key}}}").Require));
        Assert.All(FindingCatalogue.All, kind => Assert.Equal(new NoFindingRequirement(kind.Code), Read($"{Rest}\n  require: {{noFinding: {kind.Code}}}").Require));
    }

    [Theory]
    [InlineData("fix: Do it.\n  require: {owner: true}", "spec.impact", "write impact: important")]
    [InlineData("impact: high\n  fix: Do it.\n  require: {owner: true}", "spec.impact", "expected critical, important, normal or low")]
    [InlineData("impact: low\n  require: {owner: true}", "spec.fix", "is missing")]
    [InlineData(Rest, "spec.require", "is missing")]
    [InlineData(Rest + "\n  require: {}", "spec.require.rung", "one of rung, attribute, noFinding, owner, score")]
    [InlineData(Rest + "\n  require: {rung: baseline, owner: true}", "spec.require.owner", "stands beside rung; a rule requires one thing")]
    [InlineData(Rest + "\n  require: {rung: infrastructure}", "spec.require.rung", "expected baseline, transactions or custom")]
    [InlineData(Rest + "\n  require: {attribute: service.versions}", "spec.require.attribute", "service.instance.id, service.version, host.id")]
    [InlineData(Rest + "\n  require: {attribute: service.versions}", "spec.require.attribute", "did you mean service.version?")]
    [InlineData(Rest + "\n  require: {attribute: enduser.id}", "spec.require.attribute", "does not travel to the hub")]
    [InlineData(Rest + "\n  require: {noFinding: sampled}", "spec.require.noFinding", "there are invalid_ids, sampled_at_source")]
    [InlineData(Rest + "\n  require: {owner: team-checkout}", "spec.require.owner", "expected true")]
    [InlineData(Rest + "\n  require: {owner: false}", "spec.require.owner", "expected true")]
    [InlineData(Rest + "\n  require: {score: 101}", "spec.require.score", "1 to 100")]
    [InlineData(Rest + "\n  require: {complete: 0.95}", "spec.require.complete", "a Campaign's checks")]
    [InlineData(Rest + "\n  require: {owner: true}\n  match: {owner: []}", "spec.match.owner", "leave it out for any")]
    [InlineData(Rest + "\n  require: {owner: true}\n  match: {owner: true}", "spec.match.owner", "expected a word")]
    [InlineData(Rest + "\n  require: {owner: true}\n  match: {owner: [a, '']}", "spec.match.owner[1]", "expected a word")]
    [InlineData(Rest + "\n  require: {owner: true}\n  match: {criticality: [high, urgent]}", "spec.match.criticality", "'urgent' is none; there are mission_critical, high, medium, low")]
    [InlineData(Rest + "\n  require: {owner: true}\n  match: {team: a}", "spec.match.team", "is not known")]
    [InlineData(Rest + "\n  require: {owner: true}\n  weight: 40", "spec.weight", "write impact")]
    public void What_is_wrong_is_said_with_its_field_and_the_way_out(string spec, string field, string words)
    {
        var problems = Documents.Problems(Documents.Head("QualityRule", "p") + $"  {spec}\n").All;

        Assert.Contains(problems, problem => problem.Field == field && problem.Message.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public void Lists_are_bounded()
    {
        var words = string.Join(", ", Enumerable.Range(0, 51).Select(i => $"s{i}"));

        Assert.Contains("a list of 1 to 50", Assert.Single(Documents.Problems(Documents.Head("QualityRule", "p") + $"  {Rest}\n  require: {{owner: true}}\n  match: {{service: [{words}]}}\n").All).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_a_kind_like_the_others_and_a_hub_takes_a_hundred() => Assert.Equal((QualityRuleReader.Kind, 100), (ResourceKinds.Find("qualityrules")!, QualityRuleReader.Kind.Most));

    [Fact]
    public void The_page_has_an_example_that_is_one_and_every_requirement()
    {
        var page = Repository.Read("docs/score.md");
        var rule = Documents.Read<QualityRule>(page.Split("```yaml\n")[1].Split("```")[0]);

        Assert.Equal(("critical-services-are-traced", ScoreImpact.Critical, new RungRequirement(Rung.Transactions)), (rule.Name, rule.Impact, rule.Require));
        Assert.True(rule.Match.IsOf(["pay"], "", "prod", "", "high", ""));
        var demands = page.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1]).ToList();
        var read = demands.Select(demand => Read($"{Rest}\n  require: {{{demand}}}").Require.GetType());
        Assert.Equal(Requirements.All.Order(Requirements.ByName), read.Order(Requirements.ByName));
    }

    private static QualityRule Read(string spec) => Documents.Read<QualityRule>(Documents.Head("QualityRule", "p") + $"  {spec}\n");
}

/// <summary>Everything that a rule can require, as the code has it.</summary>
internal static class Requirements
{
    public static IReadOnlyList<Type> All { get; } = [.. typeof(QualityRequirement).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(QualityRequirement)))];

    public static Comparer<Type> ByName { get; } = Comparer<Type>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name));
}
