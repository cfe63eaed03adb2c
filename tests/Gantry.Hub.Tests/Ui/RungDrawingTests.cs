using Gantry.Hub.Coverage.Changes;
using Gantry.Hub.Ui.Charts;

namespace Gantry.Hub.Tests.Ui;

/// <summary>The line of a rung over seven days.</summary>
public class RungDrawingTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_settled_rung_is_drawn_until_now()
    {
        var drawing = RungDrawing.Of([Step(-48, "", "3"), Step(-24, "3", "2")], rung: 2, highest: 4, Now)!;

        Assert.Equal("Rung over seven days: 3 from Fri 12:00, 2 from Sat 12:00", drawing.Title);
    }

    /// <summary>The last minute must not paint the day before it.</summary>
    [Fact]
    public void A_rung_that_has_not_settled_is_drawn_for_its_minute_only()
    {
        var drawing = RungDrawing.Of([Step(-48, "", "3")], rung: 0, highest: 4, Now)!;

        Assert.Equal("Rung over seven days: 3 from Fri 12:00, 0 from Sun 11:59", drawing.Title);
        Assert.StartsWith("M561.1 34.5H747.3", drawing.Line, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_settled_within_the_minute_is_not_drawn_backwards()
    {
        var drawing = RungDrawing.Of([Step(-48, "", "3"), new ChangeRow(2, Now.AddSeconds(-20), "rung", "service", "c", "cart", "3", "2", "")], rung: 1, highest: 4, Now)!;

        Assert.Equal("Rung over seven days: 3 from Fri 12:00, 1 from Sun 11:59", drawing.Title);
    }

    [Fact]
    public void What_was_forgotten_has_a_gap() =>
        Assert.Equal("Rung over seven days: 3 from Fri 12:00", RungDrawing.Of([Step(-48, "", "3"), Step(-24, "3", "")], rung: 0, highest: 4, Now)!.Title);

    [Fact]
    public void Without_history_there_is_no_drawing() => Assert.Null(RungDrawing.Of([], rung: 2, highest: 4, Now));

    private static ChangeRow Step(int hours, string from, string to) => new(1, Now.AddHours(hours), "rung", "service", "c", "cart", from, to, "");
}
