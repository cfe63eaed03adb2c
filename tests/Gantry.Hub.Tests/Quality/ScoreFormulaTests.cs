using Gantry.Estate.Quality;

namespace Gantry.Hub.Tests.Quality;

/// <summary>The sum, against the published formula written down another way.</summary>
public class ScoreFormulaTests
{
    // 1 critical, 12 important, 5 normal and 1 low rule.
    private const double AllWeights = 40 + (12 * 30) + (5 * 20) + 10;

    [Fact]
    public void The_example_of_the_specification()
    {
        IEnumerable<(ScoreImpact, RuleVerdict)> Of(ScoreImpact impact, int passed, int all) =>
            Enumerable.Range(0, all).Select(i => (impact, i < passed ? RuleVerdict.Passed : RuleVerdict.Failed));

        var score = ScoreFormula.Of([.. Of(ScoreImpact.Critical, 4, 8), .. Of(ScoreImpact.Important, 8, 10), .. Of(ScoreImpact.Normal, 6, 8), .. Of(ScoreImpact.Low, 1, 5)])!;

        Assert.Equal(100.0 * 530 / 830, score.Value, 9);
        Assert.Equal("Needs Improvement", score.Band);
    }

    [Fact]
    public void Random_verdicts_give_what_the_formula_gives()
    {
        var random = new Random(7);
        for (var i = 0; i < 2000; i++)
        {
            var verdicts = OfficialRules.All.Select(rule => (rule.Impact, Verdict: (RuleVerdict)random.Next(3))).ToList();

            // Σ over impacts of P·W through Σ of T·W, with the weights as the specification's text has them.
            double Sum(Func<RuleVerdict, bool> counts) => new[] { (ScoreImpact.Critical, 40), (ScoreImpact.Important, 30), (ScoreImpact.Normal, 20), (ScoreImpact.Low, 10) }
                .Sum(impact => verdicts.Count(item => item.Impact == impact.Item1 && counts(item.Verdict)) * impact.Item2);

            var judged = Sum(verdict => verdict != RuleVerdict.NotJudged);
            var score = ScoreFormula.Of(verdicts);
            if (judged == 0)
            {
                Assert.Null(score);
                continue;
            }

            Assert.Equal(Sum(verdict => verdict == RuleVerdict.Passed) / judged * 100, score!.Value, 9);
            Assert.Equal(Sum(verdict => verdict == RuleVerdict.Passed) / AllWeights * 100, score.Lowest, 9);
            Assert.Equal(Sum(verdict => verdict != RuleVerdict.Failed) / AllWeights * 100, score.Highest, 9);
            Assert.Equal(19, score.Rules);
        }
    }

    [Theory]
    [InlineData(100, "Excellent")]
    [InlineData(90, "Excellent")]
    [InlineData(89.99, "Good")]
    [InlineData(75, "Good")]
    [InlineData(74.99, "Needs Improvement")]
    [InlineData(50, "Needs Improvement")]
    [InlineData(49.99, "Poor")]
    [InlineData(0, "Poor")]
    public void Bands(double value, string band) => Assert.Equal(band, ScoreFormula.BandOf(value));

    [Theory]
    [InlineData("s", true)]
    [InlineData("ms", true)]
    [InlineData("By", true)]
    [InlineData("KiBy", true)]
    [InlineData("1", true)]
    [InlineData("%", true)]
    [InlineData("{request}", true)]
    [InlineData("By/s", true)]
    [InlineData("{request}/s", true)]
    [InlineData("m/s2", true)]
    [InlineData("10*6", true)]
    [InlineData("mm[Hg]", false)]
    [InlineData("(m.s)/h", true)]
    [InlineData("", false)]
    [InlineData("seconds", false)]
    [InlineData("bytes", false)]
    [InlineData("MB", true)]
    [InlineData("requests", false)]
    [InlineData("count", false)]
    [InlineData("s/", false)]
    [InlineData("{request", false)]
    [InlineData("m s", false)]
    [InlineData("0", false)]
    public void Units(string unit, bool isUnit) => Assert.Equal(isUnit, UcumUnits.IsUnit(unit));

    [Theory]
    [InlineData("http.server.request.duration", "s", "")]
    [InlineData("http.server.active_requests", "{request}", "")]
    [InlineData("system.memory.usage", "By", "")]
    [InlineData("collection.duration.seconds", "s", "seconds")]
    [InlineData("process_bytes_total", "By", "bytes")]
    [InlineData("queue.latency_ms", "", "ms")]
    [InlineData("queue.latency_ms", "ms", "ms")]
    [InlineData("jvm.memory.used", "By", "")]
    [InlineData("ms", "ms", "")]
    public void Units_in_names(string name, string unit, string found) => Assert.Equal(found, MetricNames.UnitIn(name, unit));

    [Fact]
    public void A_sketch_is_as_exact_as_it_says_and_adds_up()
    {
        foreach (var count in (ReadOnlySpan<int>)[65, 1000, 9000, 10_000, 100_000])
        {
            var parts = Enumerable.Range(0, 3).Select(_ => new byte[CardinalitySketch.Registers]).ToList();
            var whole = new byte[CardinalitySketch.Registers];
            for (var i = 0; i < count; i++)
            {
                var hash = CardinalitySketch.Hash(BitConverter.GetBytes(i));
                CardinalitySketch.Add(whole, hash);
                CardinalitySketch.Add(parts[i % 3], hash);
                CardinalitySketch.Add(parts[i % 2], hash);
            }

            var merged = new byte[CardinalitySketch.Registers];
            parts.ForEach(part => CardinalitySketch.Merge(merged, part));
            Assert.Equal(whole, merged);
            Assert.InRange(CardinalitySketch.Estimate(whole), count * 0.95, count * 1.05);
        }
    }

    [Fact]
    public void Names_that_are_keys_of_attributes() => Assert.True(MetricNames.IsAttributeKey("http.response.status_code") && !MetricNames.IsAttributeKey("http.server.request.duration"));
}
