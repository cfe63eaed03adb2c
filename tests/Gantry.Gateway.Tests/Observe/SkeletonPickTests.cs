using Gantry.Gateway.Observe;
using Gantry.Protocol.Observations;

namespace Gantry.Gateway.Tests.Observe;

public class SkeletonPickTests
{
    [Fact]
    public void A_few_spans_are_all_chosen()
    {
        var pick = new SkeletonPick();
        for (ulong i = 1; i <= 100; i++)
        {
            pick.Add(new Picked(1, i, i, 0, default, 0, SkeletonFlags.None));
        }

        Assert.Equal(100, Drain(pick).Count);
    }

    [Fact]
    public void Under_load_whole_traces_go_and_the_room_is_never_exceeded()
    {
        var pick = new SkeletonPick();
        var random = new Random(3);
        var traces = Enumerable.Range(0, 20_000).Select(_ => ((ulong)random.NextInt64(), (ulong)random.NextInt64())).ToList();
        ulong span = 0;
        foreach (var part in Enumerable.Range(0, 4))
        {
            foreach (var (high, low) in traces)
            {
                pick.Add(new Picked(high, low, ++span, 0, default, 0, SkeletonFlags.None));
            }
        }

        var chosen = Drain(pick);

        Assert.InRange(chosen.Count, SkeletonPick.Capacity / 4, SkeletonPick.Capacity);
        // A trace chosen at the end was chosen all along: its four spans are there.
        Assert.All(chosen.GroupBy(item => (item.TraceHigh, item.TraceLow)), group => Assert.Equal(4, group.Count()));
    }

    [Fact]
    public void After_one_trace_that_filled_all_others_are_chosen_again()
    {
        var pick = new SkeletonPick();
        for (ulong span = 1; span <= 3 * SkeletonPick.Capacity; span++)
        {
            pick.Add(new Picked(1, ulong.MaxValue, span, 0, default, 0, SkeletonFlags.None));
        }

        for (var i = 0; i < 100; i++)
        {
            Drain(pick);
        }

        pick.Add(new Picked(1, 1, 1, 0, default, 0, SkeletonFlags.None));
        Assert.Single(Drain(pick));
    }

    private static List<Picked> Drain(SkeletonPick pick)
    {
        var spans = new List<Picked>();
        pick.Drain(spans.Add);
        return spans;
    }
}
