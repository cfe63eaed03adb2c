using System.Text;
using Gantry.Gateway.Observe;
using Gantry.Protocol.Observations;

namespace Gantry.Gateway.Tests.Observe;

public class RedTableTests
{
    private static readonly RedKey Key = new(1, 2, 0, RedSource.Spans);

    [Fact]
    public void Find_gives_the_same_series_for_the_same_key_and_another_for_any_other()
    {
        var table = new RedTable();

        var series = table.Find(Key, "GET /"u8);

        Assert.Equal(series, table.Find(Key, "GET /"u8));
        Assert.NotEqual(series, table.Find(Key, "GET /x"u8));
        Assert.NotEqual(series, table.Find(Key with { Service = 2 }, "GET /"u8));
        Assert.NotEqual(series, table.Find(Key with { Kind = 3 }, "GET /"u8));
        Assert.NotEqual(series, table.Find(Key with { Status = 2 }, "GET /"u8));
        Assert.NotEqual(series, table.Find(Key with { Source = RedSource.Metrics }, "GET /"u8));
    }

    [Fact]
    public void Series_survive_growth()
    {
        var table = new RedTable();
        var series = Enumerable.Range(0, 1900).ToDictionary(i => i, i => table.Find(Key, Encoding.UTF8.GetBytes($"operation {i}")));
        for (var i = 0; i < 1900; i++)
        {
            table.Add(series[i], (ulong)i, 1);
        }

        var drained = new Dictionary<string, ulong>();
        table.Drain((key, name, calls, nano, buckets, last) => drained.Add(Encoding.UTF8.GetString(name), nano));

        Assert.Equal(1900, drained.Count);
        Assert.All(Enumerable.Range(0, 1900), i => Assert.Equal((ulong)i, drained[$"operation {i}"]));
    }

    [Fact]
    public void A_service_that_invents_names_is_counted_exactly_in_one_overflow_series()
    {
        var table = new RedTable();
        for (var i = 0; i < 5000; i++)
        {
            table.Add(table.Find(Key, Encoding.UTF8.GetBytes($"GET /user/{i}")), 1, 1);
        }

        ulong total = 0;
        ulong overflow = 0;
        table.Drain((key, name, calls, nano, buckets, last) =>
        {
            total += calls;
            overflow += name.SequenceEqual(RedTable.OverflowName) ? calls : 0;
        });

        Assert.Equal(5000UL, total);
        Assert.Equal(3000UL, overflow);
        Assert.Equal(RedTable.MaxSeriesPerService + 1, table.Count);
    }

    [Fact]
    public void Long_names_are_cut_between_characters()
    {
        var table = new RedTable();
        var name = Encoding.UTF8.GetBytes(new string('é', 200));
        table.Add(table.Find(Key, name), 1, 1);

        table.Drain((key, kept, calls, nano, buckets, last) => Assert.Equal(new string('é', 128), Encoding.UTF8.GetString(kept)));
    }

    [Fact]
    public void Counting_a_known_series_allocates_nothing()
    {
        var table = new RedTable();
        table.Add(table.Find(Key, "GET /"u8), 1, 1);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1000; i++)
        {
            table.Add(table.Find(Key, "GET /"u8), (ulong)i, 1);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
