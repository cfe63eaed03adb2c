using Gantry.Estate.Quality;
using Gantry.Hub.Quality;

namespace Gantry.Hub.Tests.Quality;

/// <summary>Every official rule, from the bytes that a gateway receives to the verdict.</summary>
public class OfficialRuleTests
{
    public static TheoryData<string> Decidable => [.. OfficialRules.All.Where(rule => rule.Undecidable.Length == 0).Select(rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Decidable))]
    public void What_passes_and_what_fails(string rule)
    {
        var cases = RuleCases.All.Where(item => item.Rule == rule).ToList();
        Assert.NotEmpty(cases);
        Assert.All(cases, item =>
        {
            var (good, bad) = (new QualityPipe(), new QualityPipe());
            item.Pass(good);
            item.Fail(bad);

            var (passed, failed) = (good.Rule(rule, item.Service), bad.Rule(rule, item.Service));
            Assert.Equal("passed", passed.State);
            Assert.Equal("failed", failed.State);
            Assert.Contains(item.Finding, failed.Finding, StringComparison.Ordinal);
            Assert.NotNull(failed.LastFailed);
        });
    }

    [Fact]
    public void Only_a_rule_without_criteria_cannot_be_judged() => Assert.Equal(["SPA-003"], OfficialRules.All.Where(rule => rule.Undecidable.Length > 0).Select(rule => rule.Id));

    [Fact]
    public void What_was_never_seen_is_not_judged_and_the_score_says_how_far_it_may_be_off()
    {
        var pipe = new QualityPipe();
        RuleCases.All[0].Pass(pipe);

        var score = pipe.Score();
        Assert.Equal((19, 100.0), (score.Rules, score.Value));
        Assert.True(score.Judged < 10 && score.Lowest < 50 && score.Highest > 99.99, $"{score}");
        Assert.Equal(("not-judged", "it sends no logs"), (pipe.Rule("LOG-002").State, pipe.Rule("LOG-002").Finding));
        Assert.Equal(("not-judged", "the specification has not written its criteria"), (pipe.Rule("SPA-003").State, pipe.Rule("SPA-003").Finding));
    }

    [Fact]
    public void A_failure_leaves_the_score_with_the_window_and_the_last_day_shows_before_that_it_was_put_right()
    {
        var pipe = new QualityPipe();
        var log = RuleCases.All.Single(item => item.Rule == "LOG-002");
        log.Fail(pipe);
        Assert.Equal("failed", pipe.Rule("LOG-002").State);

        for (var day = 0; day < 29; day++)
        {
            pipe.Wait(TimeSpan.FromDays(1));
            log.Pass(pipe);
        }

        Assert.Equal("failed", pipe.Rule("LOG-002").State);
        Assert.True(pipe.Score().LastDay > pipe.Score().Value);
        pipe.Wait(TimeSpan.FromDays(1.5));
        log.Pass(pipe);
        Assert.Equal("passed", pipe.Rule("LOG-002").State);
    }

    [Fact]
    public void Spans_that_were_sampled_at_their_source_are_no_orphans()
    {
        var service = new Hub.Observations.ServiceState(new Hub.Observations.ServiceKey("shop", "", "")) { SampledAt = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero) };
        var pipe = new QualityPipe().Trace(QualityPipe.Span(1, 7, service, 2));

        var rule = pipe.Rule("SPA-002");

        Assert.Equal("not-judged", rule.State);
        Assert.Contains("sampled", rule.Finding, StringComparison.Ordinal);
    }
}
