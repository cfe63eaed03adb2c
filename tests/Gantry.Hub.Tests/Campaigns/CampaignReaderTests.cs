using Gantry.Estate.Campaigns;
using Gantry.Estate.Ladder;
using Gantry.Hub.Tests.Pipelines;

namespace Gantry.Hub.Tests.Campaigns;

public class CampaignReaderTests
{
    [Fact]
    public void Everything_that_can_be_said_is_read()
    {
        var campaign = Read("title: Whole\n  owner: team-platform\n  brief: Why.\n  journey: purchase\n  target: transactions\n  start: 2026-11-01\n  by: 2026-12-18\n  checks: {noBreaks: true, complete: 95%, score: 75}\n  ended: true");

        Assert.Equal(
            new Campaign("p", "Whole", "team-platform", "Why.", "purchase", null, Rung.Transactions, new DateOnly(2026, 11, 1), new DateOnly(2026, 12, 18), new CampaignChecks(true, 0.95, 75)) { IsEnded = true },
            campaign);
        Assert.Equal("journey purchase to transactions by 2026-12-18, ended", CampaignReader.Kind.Summarise(campaign));
    }

    [Fact]
    public void Services_stand_in_the_place_of_a_journey()
    {
        var campaign = Read("services: {owner: team-checkout, namespace: shop}\n  target: baseline");

        Assert.Equal(new Campaign("p", "p", "", "", "", new CampaignServices("team-checkout", "shop", ""), Rung.Baseline, null, null, new CampaignChecks(false, null, null)), campaign);
        Assert.True(campaign.Services!.IsOf("team-checkout", "shop", "prod"));
        Assert.False(campaign.Services.IsOf("team-stock", "shop", "prod"));
    }

    [Theory]
    [InlineData("target: baseline", "spec.journey", "is missing")]
    [InlineData("journey: a\n  services: {owner: b}\n  target: baseline", "spec.journey", "write one of them")]
    [InlineData("services: {}\n  target: baseline", "spec.services.owner", "write at least one")]
    [InlineData("journey: a", "spec.target", "is missing")]
    [InlineData("journey: a\n  target: infrastructure", "spec.target", "expected baseline, transactions or custom")]
    [InlineData("journey: a\n  target: custom\n  by: tomorrow", "spec.by", "such as 2026-12-18")]
    [InlineData("journey: a\n  target: custom\n  start: 2026-12-19\n  by: 2026-12-18", "spec.by", "lies before start (2026-12-19)")]
    [InlineData("journey: a\n  target: custom\n  checks: {complete: 0}", "spec.checks.complete", "95%")]
    [InlineData("journey: a\n  target: custom\n  checks: {score: 101}", "spec.checks.score", "1 to 100")]
    [InlineData("journey: a\n  target: custom\n  checks: {rung: 3}", "spec.checks.rung", "always checked")]
    [InlineData("services: {owner: b}\n  target: custom\n  checks: {complete: 95%}", "spec.checks", "share of a journey")]
    [InlineData("journey: a\n  target: custom\n  deadline: 2026-12-18", "spec.deadline", "is not known")]
    public void What_is_wrong_is_said_with_its_field_and_the_way_out(string spec, string field, string words)
    {
        var problems = Documents.Problems(Documents.Head("Campaign", "p") + $"  {spec}\n").All;

        Assert.Contains(problems, problem => problem.Field == field && problem.Message.Contains(words, StringComparison.Ordinal));
    }

    private static Campaign Read(string spec) => Documents.Read<Campaign>(Documents.Head("Campaign", "p") + $"  {spec}\n");
}
