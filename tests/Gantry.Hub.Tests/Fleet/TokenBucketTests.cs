using Gantry.Hub.Fleet;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Hub.Tests.Fleet;

public class TokenBucketTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void So_many_at_once_and_then_so_many_a_second()
    {
        var bucket = new TokenBucket(_time, perSecond: 10, atOnce: 3);

        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => bucket.TryTake()));
        _time.Advance(TimeSpan.FromMilliseconds(250));
        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(_ => bucket.TryTake()));
    }

    [Fact]
    public void Who_waits_comes_in_turn_and_beyond_their_patience_is_turned_away()
    {
        var bucket = new TokenBucket(_time, perSecond: 10, atOnce: 1);
        var waits = new List<double>();
        while (bucket.TryReserve(TimeSpan.FromSeconds(1), out var wait))
        {
            waits.Add(wait.TotalMilliseconds);
        }

        // The first at once, and then one each tenth of a second for a second.
        Assert.Equal([0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000], waits.Select(wait => Math.Round(wait)));
        Assert.False(bucket.TryTake());
        _time.Advance(TimeSpan.FromMilliseconds(1000));
        Assert.False(bucket.TryTake());
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.True(bucket.TryTake());
    }
}
