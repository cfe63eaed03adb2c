using System.Text;
using Gantry.Estate.Sampling;

namespace Gantry.Gateway.Tests.Sample;

public class ThresholdTests
{
    /// <summary>The vectors of the specification, and more of the same arithmetic done by hand.</summary>
    [Theory]
    [InlineData(1.0, "0", 1)]
    [InlineData(1.0 / 2, "8", 2)]
    [InlineData(1.0 / 3, "aaab", 3.00004)]
    [InlineData(1.0 / 4, "c", 4)]
    [InlineData(1.0 / 5, "cccd", 5.00008)]
    [InlineData(1.0 / 8, "e", 8)]
    [InlineData(1.0 / 10, "e666", 9.99939)]
    [InlineData(1.0 / 16, "f", 16)]
    [InlineData(1.0 / 100, "fd70a", 99.9977)]
    [InlineData(1.0 / 1000, "ffbe77", 1000.0129)]
    [InlineData(1e-4, "fff9724", 9999.83)]
    [InlineData(1e-5, "ffff583a", 99999.9)]
    [InlineData(1e-6, "ffffef39", 999999.1)]
    public void A_probability_has_the_threshold_of_the_specification(double probability, string text, double adjusted)
    {
        var threshold = Threshold.FromProbability(probability);

        Assert.Equal(text, threshold.ToString());
        Assert.Equal(adjusted, threshold.AdjustedCount, adjusted * 1e-5);
        Assert.True(Threshold.TryParse(Encoding.ASCII.GetBytes(text), out var read));
        Assert.Equal(threshold, read);
    }

    [Fact]
    public void Precision_is_hex_digits_behind_leading_fs()
    {
        Assert.Equal("aaaaaaaaaaaaac", Threshold.FromProbability(1.0 / 3, 14).ToString()[..13] + "c");
        Assert.Equal("aab", Threshold.FromProbability(1.0 / 3, 3).ToString());
        Assert.Equal("b", Threshold.FromProbability(1.0 / 3, 1).ToString());
    }

    [Fact]
    public void Every_probability_is_within_the_precision_and_never_nothing()
    {
        for (var i = 0; i <= 56; i++)
        {
            foreach (var factor in new[] { 1.0, 0.9999, 0.75, 0.5001 })
            {
                var probability = Math.Pow(2, -i) * factor;
                if (probability < Threshold.LeastProbability)
                {
                    continue;
                }

                var threshold = Threshold.FromProbability(probability);
                Assert.InRange(threshold.Value, 0UL, (1UL << 56) - 1);
                // Below 2^-40 fourteen digits are fewer than the precision asks for.
                Assert.InRange(threshold.Probability / probability, i <= 40 ? 0.9995 : 0.5, i <= 40 ? 1.0005 : 2);
            }
        }
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.0001)]
    [InlineData(double.NaN)]
    [InlineData(1e-20)]
    public void What_is_no_probability_is_refused(double probability) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Threshold.FromProbability(probability));

    [Fact]
    public void Never_keeps_nothing()
    {
        var never = Threshold.FromProbability(0);

        Assert.True(never.IsNever);
        Assert.False(never.Keeps((1UL << 56) - 1));
        Assert.Equal((0, 0), (never.Probability, never.AdjustedCount));
    }

    [Theory]
    [InlineData("")]
    [InlineData("E666")]
    [InlineData("0x1")]
    [InlineData("123456789abcdef")]
    [InlineData("12 ")]
    public void What_is_no_threshold_is_not_read(string text) => Assert.False(Threshold.TryParse(Encoding.ASCII.GetBytes(text), out _));
}
