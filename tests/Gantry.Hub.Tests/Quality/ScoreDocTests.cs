using Gantry.Estate.Quality;

namespace Gantry.Hub.Tests.Quality;

/// <summary>docs/score.md says what the catalogue says.</summary>
public class ScoreDocTests
{
    public static TheoryData<string> Ids => [.. OfficialRules.All.Select(rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_rule_is_in_the_docs_in_the_same_words(string id)
    {
        var rule = OfficialRules.Find(id)!;

        var line = Assert.Single(Repository.Read("docs/score.md").Split('\n'), line => line.StartsWith($"| {id} |", StringComparison.Ordinal));

        Assert.Equal($"| {id} | {rule.Impact} | {rule.Title}. {rule.Criteria} | {rule.Evidence} |", line);
    }

    [Fact]
    public void The_docs_name_the_revision_and_have_no_other_rules()
    {
        var docs = Repository.Read("docs/score.md");

        Assert.Contains($"version {OfficialRules.SpecVersion} of the specification, revision `{OfficialRules.SpecCommit}`", docs, StringComparison.Ordinal);
        Assert.Equal(OfficialRules.All.Select(rule => rule.Id), docs.Split('\n').Where(line => line.Length > 9 && line[2..5] is "RES" or "SPA" or "MET" or "LOG" or "SDK").Select(line => line[2..9]));
    }
}
