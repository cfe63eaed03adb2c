using System.Globalization;
using Gantry.Hub.Ui;
using Gantry.Hub.Ui.Charts;

namespace Gantry.Hub.Tests.Ui;

public class ChartTests
{
    private static readonly DateTimeOffset From = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(7.3, 0, 9)]
    [InlineData(95, 0, 100)]
    [InlineData(100, 0, 100)]
    [InlineData(0.0042, 0, 0.006)]
    [InlineData(1e12, 0, 1e12)]
    public void The_axis_ends_at_a_round_number_at_or_above_the_highest_value(double max, double least, double atLeast)
    {
        var scale = ValueScale.For(max, least);

        Assert.True(scale.Top >= max && scale.Top >= least);
        Assert.True(scale.Top <= atLeast * 1.4, $"{scale.Top}");
        Assert.Equal(0, scale.Ticks[0]);
        Assert.Equal(scale.Top, scale.Ticks[^1]);
        Assert.InRange(scale.Ticks.Count, 3, 5);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.MaxValue)]
    [InlineData(double.Epsilon)]
    [InlineData(-5)]
    [InlineData(0)]
    public void The_axis_survives_any_number(double max)
    {
        var scale = ValueScale.For(max, 0);

        Assert.True(double.IsFinite(scale.Top) && scale.Top > 0);
        Assert.All(scale.Ticks, tick => Assert.True(double.IsFinite(tick)));
    }

    [Fact]
    public void Shares_end_at_100_percent_unless_a_value_is_above()
    {
        Assert.Equal(1, ValueScale.For(0.2, 0, 1).Top);
        Assert.True(ValueScale.For(1.7, 0, 1).Top >= 1.7);
    }

    [Fact]
    public void A_null_breaks_the_line()
    {
        var line = Draw([1, 2, null, 3, 4]).Lines[0];

        Assert.Equal(2, Count(line.Path, 'M'));
        Assert.Equal(2, Count(line.Area, 'Z'));
        Assert.Empty(line.Dots);
    }

    [Fact]
    public void Missing_times_break_the_line_too()
    {
        var times = new[] { 0, 10, 20, 80, 90 }.Select(second => From.AddSeconds(second)).ToArray();

        var line = Draw([1, 2, 3, 4, 5], times).Lines[0];

        Assert.Equal(2, Count(line.Path, 'M'));
    }

    [Fact]
    public void NaN_and_infinity_are_gaps_and_never_reach_the_drawing()
    {
        var drawing = Draw([1, double.NaN, 2, double.PositiveInfinity, 3]);

        Assert.Equal(3, drawing.Lines[0].Dots.Count);
        Assert.DoesNotContain("NaN", drawing.Lines[0].Path, StringComparison.Ordinal);
        Assert.Equal(3, drawing.Lines[0].Max);
    }

    [Fact]
    public void A_single_point_is_a_dot()
    {
        var drawing = Draw([42]);

        Assert.Equal("", drawing.Lines[0].Path);
        Assert.Single(drawing.Lines[0].Dots);
        Assert.False(drawing.Empty);
    }

    [Fact]
    public void No_point_at_all_is_empty_and_says_so()
    {
        var drawing = Draw([null, null]);

        Assert.True(drawing.Empty);
        Assert.Contains("no data", drawing.Description, StringComparison.Ordinal);
        Assert.True(Draw([]).Empty);
    }

    [Theory]
    [InlineData(1e300)]
    [InlineData(double.MaxValue)]
    public void Huge_values_stay_inside_the_drawing(double huge)
    {
        var drawing = Draw([0, huge, 1]);

        foreach (var number in drawing.Lines[0].Path.Split(['M', 'L', ' '], StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.InRange(double.Parse(number, CultureInfo.InvariantCulture), 0, ChartDrawing.Width);
        }

        Assert.All(drawing.ValueTicks, tick => Assert.InRange(tick.Label.Length, 1, 24));
    }

    [Fact]
    public void The_description_tells_lowest_highest_and_last()
    {
        Assert.Contains("requests: lowest 1 req/s, highest 9 req/s, last 4 req/s.", Draw([1, 9, 4]).Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Time_ticks_fall_on_whole_quarters_and_away_from_the_edges()
    {
        var ticks = Draw([1, 2]).TimeTicks;

        Assert.Equal(["12:15", "12:30", "12:45"], ticks.Select(tick => tick.Label));
        Assert.Equal("25%", ticks[0].Percent);
    }

    [Fact]
    public void Points_outside_of_the_window_are_not_drawn()
    {
        var times = new[] { -30, 0, 10, 20, 7_200 }.Select(second => From.AddSeconds(second)).ToArray();

        var line = Draw([99, 1, 2, 3, 99], times).Lines[0];

        Assert.Equal(3, line.Max);
        Assert.DoesNotContain("-", line.Path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.25, 0.5, "250 ms")]
    [InlineData(0.5, 1.5, "0.5 s")]
    [InlineData(0, 0.0002, "0 µs")]
    public void Ticks_of_one_axis_share_one_unit(double value, double top, string expected) =>
        Assert.Equal(expected, ChartUnit.Seconds.Tick(value, top));

    [Fact]
    public void Thinning_keeps_the_spike_of_a_duration_and_the_mean_of_a_rate()
    {
        var points = Enumerable.Range(0, 360).Select(i => (At: From.AddSeconds(i * 10), Value: i == 100 ? 60d : 1d)).ToArray();

        var grid = SeriesGrid.Of(points, point => point.At, From, From.AddHours(1), TimeSpan.FromMinutes(1),
            (point => point.Value, Thinning.Highest), (point => point.Value, Thinning.Mean));

        Assert.Equal(60, grid.Times.Count);
        Assert.Equal(60, grid.Values[0].Max());
        Assert.Equal((60 + 5) / 6d, grid.Values[1].Max()!.Value, 6);
    }

    [Fact]
    public void Thinning_keeps_gaps()
    {
        var points = Enumerable.Range(0, 360).Where(i => i is < 100 or > 200).Select(i => (At: From.AddSeconds(i * 10), Value: 1d)).ToArray();
        var grid = SeriesGrid.Of(points, point => point.At, From, From.AddHours(1), TimeSpan.FromMinutes(1), (point => point.Value, Thinning.Mean));

        var drawing = ChartDrawing.Of(Spec(grid.Values[0], grid.Times, grid.Step));

        Assert.Equal(2, Count(drawing.Lines[0].Path, 'M'));
    }

    [Fact]
    public void Points_rarer_than_the_step_are_drawn_as_they_are()
    {
        var points = Enumerable.Range(0, 15).Select(i => (At: From.AddMinutes(i), Value: (double)i)).ToArray();

        var grid = SeriesGrid.Of(points, point => point.At, From, From.AddMinutes(15), TimeSpan.FromSeconds(10), (point => point.Value, Thinning.Mean));

        Assert.Equal(15, grid.Times.Count);
        Assert.Equal(TimeSpan.FromMinutes(1), grid.Step);
        Assert.Equal(1, Count(ChartDrawing.Of(Spec(grid.Values[0], grid.Times, grid.Step)).Lines[0].Path, 'M'));
    }

    [Fact]
    public void The_right_edge_moves_by_whole_steps()
    {
        var range = ChartRange.From("6h");

        Assert.Equal(range.EndAt(From.AddSeconds(1)), range.EndAt(From.AddSeconds(170)));
        Assert.True(range.EndAt(From) > From);
    }

    private static ChartDrawing Draw(double?[] values, DateTimeOffset[]? times = null) =>
        ChartDrawing.Of(Spec(values, times ?? [.. values.Select((_, i) => From.AddSeconds(i * 10))], TimeSpan.FromSeconds(10)));

    private static ChartSpec Spec(IReadOnlyList<double?> values, IReadOnlyList<DateTimeOffset> times, TimeSpan step) => new(
        "test", "Test", null, ChartUnit.RequestsPerSecond, From, From.AddHours(1), TimeSpan.FromMinutes(15), step, times, [new ChartSeries("requests", LineStyle.Main, values)]);

    private static int Count(string text, char letter) => text.Count(c => c == letter);
}
