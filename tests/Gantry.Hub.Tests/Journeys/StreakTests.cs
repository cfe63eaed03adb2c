using Gantry.Hub.Journeys.Completeness;
using Gantry.Hub.Journeys.Links;

namespace Gantry.Hub.Tests.Journeys;

public class StreakTests
{
    [Theory]
    // The share that is lost, and how many in a row must go well: the smallest n of at least three with (1 - least share)^n below 1/10,000.
    [InlineData(1, 3)]
    [InlineData(2, 15)]
    [InlineData(5, 47)]
    [InlineData(20, 227)]
    public void A_loss_is_over_when_it_would_hardly_be_chance(int everyNth, int enough)
    {
        var streak = new Streak();
        for (var i = 1; i <= 1000; i++)
        {
            streak.Add(lost: i % everyNth == 0);
        }

        for (var i = 1; i < enough; i++)
        {
            streak.Add(lost: false);
            Assert.True(streak.IsLosing, $"{i} in a row");
        }

        streak.Add(lost: false);
        Assert.False(streak.IsLosing);
        streak.Add(lost: true);
        Assert.True(streak.IsLosing);
    }

    [Fact]
    public void A_link_that_loses_some_is_hardly_ever_taken_for_mended_after_a_few_calls()
    {
        var random = new Random(5);
        var mended = 0;
        for (var link = 0; link < 20_000; link++)
        {
            var streak = new Streak();
            streak.Add(lost: true);
            for (var call = 0; call < 40; call++)
            {
                streak.Add(lost: random.NextDouble() < 0.34);
            }

            mended += streak.IsLosing ? 0 : 1;
        }

        Assert.InRange(mended, 0, 10);
    }

    [Fact]
    public void A_loss_of_which_no_evidence_is_kept_is_over_and_the_next_one_is_another()
    {
        var at = new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
        var link = new LossHistory();
        for (var minute = 0; minute < 10; minute++)
        {
            link.Count(lost: minute % 5 == 0, at.AddMinutes(minute));
        }

        Assert.True(link.IsLosing(at.AddMinutes(5 + 59)));
        Assert.False(link.IsLosing(at.AddMinutes(5 + 61)));
        link.Count(lost: true, at.AddHours(3));
        Assert.Equal((true, at.AddHours(3)), (link.IsLosing(at.AddHours(3)), link.FirstLost));
    }

    [Fact]
    public void Rare_losses_are_not_over_for_the_many_good_ones_between_them()
    {
        var streak = new Streak();
        for (var i = 1; i <= 30_000; i++)
        {
            streak.Add(lost: i % 3000 == 0);
            Assert.True(i < 3000 || streak.IsLosing, $"{i}");
        }
    }

    [Fact]
    public void What_was_only_late_was_not_lost()
    {
        var streak = new Streak();
        streak.Add(lost: true);
        Assert.True(streak.IsLosing);

        streak.WasLate();

        Assert.False(streak.IsLosing);
    }

    [Theory]
    [InlineData(0.02)]
    [InlineData(0.3)]
    [InlineData(0.9)]
    public void The_interval_holds_the_truth_about_as_often_as_it_says(double truth)
    {
        const int All = 3000, Chosen = 300, Rounds = 400;
        var random = new Random(3);
        var held = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var population = Enumerable.Range(0, All).Select(_ => random.NextDouble() < truth).ToArray();
            var chosen = Enumerable.Range(0, All).OrderBy(_ => random.Next()).Take(Chosen).Count(i => population[i]);
            var (low, high) = Wilson.Interval(chosen, Chosen, All);
            var share = population.Count(good => good) / (double)All;
            held += share >= low && share <= high ? 1 : 0;
        }

        Assert.InRange((double)held / Rounds, 0.975, 1);
    }

    [Fact]
    public void Who_looked_at_all_knows()
    {
        Assert.Equal((0.5, 0.5), Wilson.Interval(50, 100, 100));
        Assert.Equal((1.0, 1.0), Wilson.Interval(7, 7, 3));
    }

    [Fact]
    public void Some_of_nobody_knows_how_many_say_little()
    {
        var (low, high) = Wilson.Interval(3, 10, double.MaxValue);

        Assert.Equal((0.0796, 0.68), (Math.Round(low, 4), Math.Round(high, 4)));
    }

    [Fact]
    public void An_hour_is_kept_and_older_minutes_go()
    {
        var window = new OutcomeWindow();
        var start = new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
        for (var minute = 0; minute < 90; minute++)
        {
            window.Add(start.AddMinutes(minute), 2, 1);
        }

        Assert.Equal((122, 61), window.Since(start));
        Assert.Equal((10, 5), window.Since(start.AddMinutes(85)));
        window.Add(start.AddMinutes(88), 1, -1);
        Assert.Equal((11, 4), window.Since(start.AddMinutes(85)));
    }
}
