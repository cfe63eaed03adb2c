using Gantry.Cli.Terminals;

namespace Gantry.Cli.Tests.Terminals;

public class WordsTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData(-5, "0s")]
    [InlineData(0, "0s")]
    [InlineData(12, "12s")]
    [InlineData(59.9, "59s")]
    [InlineData(60, "1m")]
    [InlineData(3599, "59m")]
    [InlineData(3600, "1h")]
    [InlineData(86399, "23h")]
    [InlineData(200_000, "2d")]
    public void Ages_have_one_unit(double seconds, string age) => Assert.Equal(age, Words.Age(Now.AddSeconds(-seconds), Now));

    [Fact]
    public void Never_seen_is_a_dash() => Assert.Equal("-", Words.Age(null, Now));

    [Theory]
    [InlineData(0, false, "0 dark")]
    [InlineData(1, false, "1 infrastructure")]
    [InlineData(2, true, "2 baseline (stale)")]
    [InlineData(3, false, "3 transactions")]
    [InlineData(4, false, "4 custom")]
    public void Rungs_have_number_and_name(int rung, bool stale, string text) => Assert.Equal(text, Words.RungOf(rung, stale));

    [Theory]
    [InlineData(null, "-")]
    [InlineData(0.0, "0%")]
    [InlineData(0.0254, "2.5%")]
    [InlineData(1.0, "100%")]
    public void Shares_are_percent(double? share, string text) => Assert.Equal(text, Words.Percent(share));

    [Theory]
    [InlineData(null, "-")]
    [InlineData(0.0002, "<=5ms")]
    [InlineData(0.005, "<=5ms")]
    [InlineData(0.0126, "13ms")]
    [InlineData(0.9, "900ms")]
    [InlineData(2.54, "2.5s")]
    [InlineData(10d, ">10s")]
    public void Percentiles_say_no_more_than_their_buckets_know(double? seconds, string text) => Assert.Equal(text, Words.Percentile(seconds));

    [Theory]
    [InlineData(null, "-")]
    [InlineData(0.18, "0.18/s")]
    [InlineData(1234.4, "1234/s")]
    public void Rates_are_per_second(double? rate, string text) => Assert.Equal(text, Words.PerSecond(rate));

    [Fact]
    public void Nothing_is_coloured_into_a_pipe()
    {
        var paint = Paint.For(redirected: true);

        Assert.Equal("plain", paint.Bold(paint.Red(paint.Dim(paint.Green("plain")))));
        Assert.Equal("\e[1mbold\e[0m", Paint.Ansi.Bold("bold"));
    }
}
