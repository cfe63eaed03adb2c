using Gantry.Estate.Journeys;
using Gantry.Hub.Objectives;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Tests.Objectives;

public class BurnRateTests
{
    // 2026-11-22 12:00, to the minute.
    private static readonly long Now = new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero).UtcTicks / TimeSpan.TicksPerMinute;

    [Fact]
    public void Thirty_days_have_the_workbook_s_thresholds_and_other_windows_stand_for_the_same_shares_of_the_budget()
    {
        double[] For(double days) => [.. BurnRule.For(TimeSpan.FromDays(days)).Select(rule => rule.ThresholdFor(TimeSpan.FromDays(days)))];

        Assert.Equal([14.4, 6, 3, 1], For(30));
        Assert.Equal([13.44, 5.6, 2.8, 1], For(28));
        Assert.Equal([43.2, 18, 9, 3], For(90));
        Assert.Equal([3.36, 1.4, 1, 1], For(7));
        Assert.Equal([1.0, 1, 1], For(1));
        Assert.Equal([1.0], For(1 / 24.0));
        Assert.All(BurnRule.All, rule => Assert.True(rule.Long == rule.Short * 12));
    }

    [Fact]
    public void Without_requests_nothing_is_met()
    {
        var row = ObjectiveView.Judge(Objective(0.99, TimeSpan.FromDays(28)), series: null, Now);

        Assert.Equal(("unknown", null, null, 0UL), (row.State, row.Good, row.Budget, row.Requests));
        Assert.All(row.Burns, burn => Assert.Equal((null, null, false), (burn.Long, burn.Short, burn.Holds)));
        // Requests that fell out of the window are none.
        Assert.Equal("unknown", ObjectiveView.Judge(Objective(0.99, TimeSpan.FromHours(1)), Series([(Now - 61, 5, 0)]), Now).State);
    }

    [Theory]
    [InlineData(1000UL, 0UL, "stale")]
    [InlineData(1000UL, 10UL, "stale")]
    [InlineData(1000UL, 11UL, "missed")]
    public void The_budget_is_what_may_fail(ulong requests, ulong bad, string state)
    {
        // Long ago, so that no alert looks at it.
        var row = ObjectiveView.Judge(Objective(0.99, TimeSpan.FromDays(28)), Series([(Now - (10 * 1440), requests, bad)]), Now);

        Assert.Equal(state, row.State);
        Assert.Equal(1 - (bad / 10.0), row.Budget!.Value, 1e-9);
        Assert.Equal((requests - bad) / 1000.0, row.Good!.Value, 1e-12);
    }

    [Theory]
    [InlineData(7, 0UL, 0UL, "met")]
    [InlineData(8, 0UL, 0UL, "stale")]
    [InlineData(7, 0UL, 60UL, "burning")]
    [InlineData(8, 0UL, 60UL, "stale")]
    [InlineData(7, 5000UL, 0UL, "missed")]
    [InlineData(8, 5000UL, 0UL, "missed")]
    public void What_is_kept_now_needs_requests_of_now(int minutes, ulong before, ulong bad, string state)
    {
        var row = ObjectiveView.Judge(Objective(0.9, TimeSpan.FromDays(3)), Series([(Now - 2000, 10_000UL, before), (Now - minutes, 100UL, bad)]), Now);

        Assert.Equal(state, row.State);
        Assert.Equal((Now - minutes) * TimeSpan.TicksPerMinute, row.LastAt!.Value.UtcTicks);
    }

    [Fact]
    public void The_newest_request_is_known_to_the_hour_when_its_minute_is_gone()
    {
        var series = Series([]);
        series.RestoreHour((Now / 60) - 100, new SlotCount(5, 0));
        Assert.Equal(((Now / 60) - 100) * 60, series.Last(Now));
        series.Restore(new ServiceSlot("s", Now, RedSource.Spans, new SlotCount(1, 0)), Now - 60);
        Assert.Equal(((Now / 60) - 100) * 60, series.Last(Now));
        Assert.Equal(Now, series.Last(Now + 1));
    }

    [Fact]
    public void An_alert_holds_while_both_its_windows_burn_too_fast()
    {
        var objective = Objective(0.99, TimeSpan.FromDays(30));
        // A quiet month, and twenty of a hundred bad for four minutes of the last hour.
        (long, ulong, ulong)[] month = [.. Enumerable.Range(0, 29).Select(day => (Now - 1500 - (day * 1440), 100_000UL, 0UL))];
        var burning = ObjectiveView.Judge(objective, Series([.. month, .. Minutes(Now - 4, 4, 100, 20)]), Now);
        var over = ObjectiveView.Judge(objective, Series([.. month, .. Minutes(Now - 14, 4, 100, 20), .. Minutes(Now - 5, 5, 100, 0)]), Now);

        Assert.Equal("burning", burning.State);
        Assert.Equal(20.0, burning.Burns[0].Long!.Value, 1e-9);
        Assert.True(burning.Burns[0].Holds);
        // The long window is above, the short one is not: it no longer burns.
        Assert.Equal((0.0, false), (over.Burns[0].Short!.Value, over.Burns[0].Holds));
    }

    [Fact]
    public void Random_series_are_judged_as_by_counting_every_request()
    {
        var random = new Random(6);
        for (var round = 0; round < 60; round++)
        {
            var window = TimeSpan.FromMinutes(random.Next(4) switch { 0 => random.Next(60, 4321), 1 => 1440 * random.Next(1, 91), 2 => 4320, _ => random.Next(60, 129_601) });
            var objective = Objective(random.Next(2) == 0 ? 0.999 : 0.9, window);
            var now = Now + random.Next(0, 200);
            var requests = new List<(long Minute, bool Bad)>();
            for (var i = random.Next(0, 4000); i > 0; i--)
            {
                // Most of it lately, some as old as is kept.
                var age = random.Next(3) switch { 0 => random.Next(1, 400), 1 => random.Next(1, 6000), _ => random.Next(1, 90 * 1440) };
                requests.Add((now - age, random.NextDouble() < (age < 200 ? 0.3 : 0.02)));
            }

            var row = ObjectiveView.Judge(objective, Series(requests.GroupBy(request => request.Minute).OrderBy(_ => random.Next()).Select(group => (group.Key, (ulong)group.Count(), (ulong)group.Count(request => request.Bad)))), now);

            var (all, bad) = Count(requests, now, window);
            Assert.Equal((all, bad), (row.Requests, row.Bad));
            Assert.Equal(all == 0 ? null : (double)(all - bad) / all, row.Good);
            foreach (var burn in row.Burns)
            {
                var (longer, shorter) = (Burn(requests, now, TimeSpan.FromSeconds(burn.LongSeconds)), Burn(requests, now, TimeSpan.FromSeconds(burn.ShortSeconds)));
                Assert.Equal(longer, burn.Long);
                Assert.Equal(shorter, burn.Short);
                Assert.Equal(longer > burn.Threshold && shorter > burn.Threshold, burn.Holds);
            }

            double? Burn(List<(long, bool)> among, long at, TimeSpan span) => Count(among, at, span) is { Item1: > 0 } sum ? (double)sum.Item2 / sum.Item1 / (1 - objective.Target) : null;
        }
    }

    /// <summary>Up to three days by the minute; what is older by whole hours that begin within the window.</summary>
    private static (ulong All, ulong Bad) Count(List<(long Minute, bool Bad)> requests, long now, TimeSpan window)
    {
        var from = now - (long)window.TotalMinutes;
        var border = (now - 4320 + 59) / 60 * 60;
        var within = requests.Where(request => request.Minute >= border || window.TotalMinutes <= 4320 ? request.Minute >= from : request.Minute / 60 * 60 >= from).ToList();
        return ((ulong)within.Count, (ulong)within.Count(request => request.Bad));
    }

    private static IEnumerable<(long, ulong, ulong)> Minutes(long from, int count, ulong requests, ulong bad) => Enumerable.Range(0, count).Select(i => (from + i, requests, bad));

    private static Objective Objective(double target, TimeSpan window) => new("o", "", ObjectiveIndicator.Errors, target, window, TimeSpan.Zero);

    private static ObjectiveSeries Series(IEnumerable<(long Minute, ulong Requests, ulong Bad)> minutes)
    {
        var series = new ObjectiveSeries();
        foreach (var (minute, requests, bad) in minutes)
        {
            series.Restore(new ServiceSlot("s", minute, RedSource.Spans, new SlotCount(requests, bad)), long.MaxValue);
        }

        return series;
    }
}
