using Gantry.Hub.Ui;
using Gantry.Hub.Ui.Controls;

namespace Gantry.Hub.Tests.Ui;

public class FiguresTests
{
    [Theory]
    [InlineData(null, "–")]
    [InlineData(double.NaN, "–")]
    [InlineData(0d, "0 %")]
    [InlineData(0.0004, "<0.1 %")]
    [InlineData(0.0712, "7.1 %")]
    [InlineData(0.555, "56 %")]
    [InlineData(0.9999, ">99.9 %")]
    [InlineData(1d, "100 %")]
    public void Shares(double? value, string expected) => Assert.Equal(expected, Figures.Share(value));

    [Theory]
    [InlineData(0d, "0 ms")]
    [InlineData(0.000071, "71 µs")]
    [InlineData(0.0041, "4.1 ms")]
    [InlineData(0.142, "142 ms")]
    [InlineData(1.05, "1.05 s")]
    [InlineData(300d, "5 min")]
    public void Durations(double? value, string expected) => Assert.Equal(expected, Figures.Seconds(value));

    [Theory]
    [InlineData(0d, "0 req/s")]
    [InlineData(0.42, "0.42 req/s")]
    [InlineData(18.44, "18.4 req/s")]
    [InlineData(12_345.6, "12,346 req/s")]
    [InlineData(1e18, "1e+18 req/s")]
    public void Rates(double? value, string expected) => Assert.Equal(expected, Figures.Rate(value));

    [Theory]
    [InlineData(999d, "999 B/s")]
    [InlineData(15_000_000d, "15 MB/s")]
    [InlineData(2.5e9, "2.5 GB/s")]
    public void Bytes(double? value, string expected) => Assert.Equal(expected, Figures.BytesPerSecond(value));

    [Theory]
    [InlineData(-5, "just now")]
    [InlineData(0.4, "just now")]
    [InlineData(12, "12 s ago")]
    [InlineData(60, "1 min ago")]
    [InlineData(3_600, "1 h ago")]
    [InlineData(111_600, "31 h ago")]
    [InlineData(200_000, "2 d ago")]
    public void Ages(double seconds, string expected) => Assert.Equal(expected, Figures.Age(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(35, 1)]
    [InlineData(36, 2)]
    [InlineData(100_000, 5_000)]
    [InlineData(int.MaxValue, 100_000_000)]
    public void A_box_of_the_ladder_stands_for_a_round_number_of_services(int most, int expected) =>
        Assert.Equal(expected, LadderPicture.UnitFor(most));

    [Theory]
    [InlineData("/services/x", "/services/x")]
    [InlineData("//elsewhere", null)]
    [InlineData("/\\elsewhere", null)]
    [InlineData("javascript:alert(1)", null)]
    [InlineData("https://elsewhere", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Links_from_data_stay_here(string? href, string? expected) => Assert.Equal(expected, Links.Local(href));
}
