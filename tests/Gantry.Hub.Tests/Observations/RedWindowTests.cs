using Gantry.Hub.Observations;

namespace Gantry.Hub.Tests.Observations;

public class RedWindowTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_newest_intervals_are_found_from_the_end_and_told_in_order()
    {
        var random = new Random(7);
        var window = new RedWindow(TimeSpan.FromSeconds(10));
        Assert.Null(window.Last);
        Assert.Empty(window.Since(0));
        for (var i = 0; i < 100; i++)
        {
            // Late ones too, and gaps.
            window.At(Now.AddSeconds((i * 25) - random.Next(300)), Now.AddSeconds(i * 25));
        }

        var all = window.Slots.Select(slot => slot.Slot).ToList();
        Assert.Equal(all[^1], window.Last!.Slot);
        foreach (var first in new[] { 0, all[0], all[3] + 1, all[^2], all[^1], all[^1] + 1 })
        {
            Assert.Equal(all.Where(slot => slot >= first), window.Since(first).Select(slot => slot.Slot));
        }
    }
}
