using Gantry.Hub.Fleet.Views;

namespace Gantry.Hub.Tests.Fleet;

public class SortedWindowTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(10, 3, 4)]
    [InlineData(5_000, 0, 50)]
    [InlineData(5_000, 2_475, 50)]
    [InlineData(5_000, 4_990, 10)]
    [InlineData(5_000, 0, 5_000)]
    public void A_window_is_what_sorting_all_would_put_there(int length, int first, int count)
    {
        foreach (var seed in Enumerable.Range(0, 20))
        {
            var random = new Random(seed);
            int[] items = [.. Enumerable.Range(0, length)];
            random.Shuffle(items);

            SortedWindow.Sort(items.AsSpan(), first, count, static (a, b) => a.CompareTo(b));

            Assert.Equal(Enumerable.Range(first, count), items.Skip(first).Take(count));
            Assert.Equal(Enumerable.Range(0, length), items.Order());
        }
    }
}
