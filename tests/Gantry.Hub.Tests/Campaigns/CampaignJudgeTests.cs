using Gantry.Estate.Campaigns;
using Gantry.Estate.Ladder;
using Gantry.Hub.Campaigns;
using Gantry.Hub.Coverage;
using Gantry.Hub.Coverage.Steps;
using Gantry.Hub.Journeys;
using static Gantry.Hub.Tests.Campaigns.FakeJourneys;

namespace Gantry.Hub.Tests.Campaigns;

public class CampaignJudgeTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private static readonly Campaign Purchase = new(
        "p", "Purchase", "", "", "purchase", null, Rung.Transactions, new DateOnly(2026, 11, 1), new DateOnly(2026, 12, 18), new CampaignChecks(true, 0.9, 75));

    private static readonly ShareEstimate Good = new(0.99, 0.95, 1, 500, 9000, Now, Now);

    [Theory]
    [InlineData("2026-11-01", null, false, "draft")]
    [InlineData("2026-11-23", "2026-12-18", false, "scheduled")]
    [InlineData("2026-11-22", "2026-11-22", false, "in progress")]
    [InlineData(null, "2026-12-18", false, "in progress")]
    [InlineData("2026-11-01", "2026-11-21", false, "late")]
    [InlineData("2026-11-01", "2026-11-21", true, "ended")]
    public void Before_it_is_done_the_dates_say_the_state(string? start, string? by, bool ended, string state)
    {
        var row = Judge(Purchase with { Start = Day(start), By = Day(by), IsEnded = ended }, []);

        Assert.Equal((state, 0, 0), (row.State, row.Reached, row.Services));
        Assert.NotEmpty(row.Verdict);
    }

    [Fact]
    public void It_is_done_when_every_check_holds_and_says_on_what()
    {
        var row = Judge(Purchase, [Service("a", 3, score: 80), Service("b", 4, score: 75)], "whole", Good, [Hop("a", "a"), Hop("b", "b"), Hop("orders", null, type: "queue")]);

        Assert.Equal(("done", 2, 2, Now), (row.State, row.Reached, row.Services, row.DoneSince));
        Assert.Equal(["rung", "no-breaks", "complete", "score"], row.Checks.Select(check => check.Id));
        Assert.All(row.Checks, check => Assert.True(check.Holds));
        Assert.Empty(row.Teams);
        Assert.StartsWith("Done since 2026-11-22 12:00 UTC: every service on Transactions or above (2 of 2 services are); no link loses the trace (none does)", row.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_check_alone_keeps_it_from_being_done()
    {
        ServiceRow[] services = [Service("a", 3, score: 80), Service("b", 3, score: 80)];
        HopRow[] hops = [Hop("a", "a"), Hop("b", "b")];

        Assert.Equal(["rung", "no-breaks"], Failing([services[0], Service("b", 2, score: 80)], "whole", Good, hops));
        Assert.Equal(["score"], Failing([services[0], Service("b", 3, score: 74.9)], "whole", Good, hops));
        Assert.Equal(["score"], Failing([services[0], Service("b", 3)], "whole", Good, hops));
        Assert.Equal(["complete"], Failing(services, "whole", Good with { Low = 0.89 }, hops));
        Assert.Equal(["no-breaks", "complete"], Failing(services, "whole", null, hops));
        Assert.Equal(["no-breaks"], Failing(services, "broken", Good, hops, [Break("a", "b")]));
        Assert.Equal(["no-breaks", "complete"], Failing(services, "stale", Good, hops));
        Assert.Equal(["no-breaks", "complete"], Failing(services, "unknown", Good, hops));
        // No link loses any more, and the share is high enough with what was lost before.
        Assert.Equal("done", Judge(Purchase, services, "mending", Good, hops).State);
        Assert.Equal(["complete"], Failing(services, "mending", Good with { Low = 0.89 }, hops));
        Assert.Equal(["rung", "no-breaks", "score"], Failing(services, "whole", Good, [.. hops, Hop("c", null)]));
    }

    [Fact]
    public void No_link_loses_a_trace_is_not_said_of_who_sends_none()
    {
        var campaign = Purchase with { Journey = "", Services = new CampaignServices("", "", ""), Target = Rung.Baseline, Checks = new CampaignChecks(true, null, null) };

        var silent = Judge(campaign, [Service("a", 3), Service("b", 2)]);
        var seen = Judge(campaign, [Service("a", 3), Service("b", 3)]);

        Assert.Equal(("in progress", "done"), (silent.State, seen.State));
        Assert.Equal((false, "1 of 2 has no traces that are joined yet"), (silent.Checks[1].Holds, silent.Checks[1].Found));
    }

    [Fact]
    public void An_optional_hop_that_was_never_met_is_no_member()
    {
        ServiceRow[] services = [Service("a", 3, score: 80), Service("gift", 0)];

        Assert.Equal(("done", 1), Standing(Hop("gift", "gift") with { Optional = true }));
        Assert.Equal(("in progress", 2), Standing(Hop("gift", "gift")));
        Assert.Equal(("in progress", 2), Standing(Hop("gift", "gift") with { Optional = true, LastSeen = Now }));

        (string, int) Standing(HopRow hop)
        {
            var row = Judge(Purchase, services, "whole", Good, [Hop("a", "a"), hop]);
            return (row.State, row.Services);
        }
    }

    [Fact]
    public void Nothing_is_claimed_of_services_that_nobody_knows()
    {
        var none = new CampaignJudge(Snapshot(), journeys: null).Judge(Purchase with { Checks = new CampaignChecks(true, null, 1) }, CampaignPast.None, Now);
        var selected = new CampaignJudge(Snapshot(), journeys: null).Judge(Purchase with { Journey = "", Services = new CampaignServices("x", "", ""), Checks = new CampaignChecks(true, null, 1) }, CampaignPast.None, Now);

        Assert.All(none.Checks.Concat(selected.Checks), check => Assert.False(check.Holds));
        Assert.Contains("There is no journey purchase", none.Verdict, StringComparison.Ordinal);
        Assert.Contains("No service of it is known yet", selected.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void Laggards_stand_by_team_the_one_with_most_first_each_with_its_next_step()
    {
        var campaign = Purchase with { Journey = "", Services = new CampaignServices("", "shop", ""), Checks = new CampaignChecks(false, null, null), Target = Rung.Baseline };
        var row = Judge(campaign, [
            Service("a", 1, "x", @namespace: "shop"), Service("b", 0, "y", @namespace: "shop"), Service("c", 1, "y", stale: true, @namespace: "shop"), Service("d", 2, "y", @namespace: "shop"), Service("e", 0, "y", @namespace: "other")]);

        Assert.Equal(["y: b dark, c stale", "x: a fresh"], row.Teams.Select(team => $"{team.Team}: {string.Join(", ", team.Services.Select(service => $"{service.Name} {service.State}"))}"));
        Assert.Equal("Instrument b", row.Teams[0].Services[0].Next?.Title);
        Assert.Equal((1, 4), (row.Reached, row.Services));
        Assert.Equal("1 of 4 services are on Baseline, with 26 days left.", row.Verdict);
    }

    [Fact]
    public void Who_is_held_back_by_a_break_has_the_step_that_closes_it_as_the_next_one()
    {
        var campaign = Purchase with { Journey = "", Services = new CampaignServices("", "", ""), Checks = new CampaignChecks(false, null, null) };
        BreakRow[] breaks = [Break("a", "b") with { Fix = "Set a variable.", Also = ["c"] }];
        ServiceRow[] services = [Service("a", 3), Service("b", 2) with { Next = null }, Service("c", 2) with { Next = null }, Service("d", 2) with { Next = null }];
        var journeys = new FakeJourneys();
        journeys.AllBreaks.AddRange(breaks);
        var snapshot = Snapshot(services) with { Steps = new StepRanking(new StepScope([], services, [], [], breaks, [])) };

        var laggards = new CampaignJudge(snapshot, journeys).Judge(campaign, CampaignPast.None, Now).Teams.Single().Services;

        Assert.Equal(["Make a send the trace context on", "Make a send the trace context on", null], laggards.Select(row => row.Next?.Title));
    }

    [Fact]
    public void What_fell_back_after_it_was_done_is_said()
    {
        var past = new CampaignPast(null, Now.AddHours(-3), "every service on Transactions or above no longer holds: 1 of 2 services are");
        var fallen = new CampaignJudge(Snapshot(Service("a", 2)), null).Judge(Purchase with { Journey = "", Services = new CampaignServices("", "", ""), Checks = new CampaignChecks(false, null, null) }, past, Now);

        Assert.Contains("It was done until 2026-11-22 09:00 UTC, then fell back: every service", fallen.Verdict, StringComparison.Ordinal);
        Assert.Equal(past.RegressedAt, fallen.RegressedAt);
    }

    private static string[] Failing(ServiceRow[] services, string state, ShareEstimate? complete, HopRow[] hops, params BreakRow[] breaks)
    {
        var row = Judge(Purchase, services, state, complete, hops, breaks);
        Assert.Equal(("in progress", null), (row.State, row.DoneSince));
        return [.. row.Checks.Where(check => !check.Holds).Select(check => check.Id)];
    }

    private static CampaignRow Judge(Campaign campaign, ServiceRow[] services, string state = "unknown", ShareEstimate? complete = null, HopRow[]? hops = null, params BreakRow[] breaks)
    {
        var journeys = new FakeJourneys();
        if (hops is not null)
        {
            journeys.Rows.Add(Journey("purchase", state, complete, hops) with { Breaks = breaks });
        }

        return new CampaignJudge(Snapshot(services), journeys).Judge(campaign, CampaignPast.None, Now);
    }

    private static DateOnly? Day(string? text) => text is null ? null : DateOnly.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
