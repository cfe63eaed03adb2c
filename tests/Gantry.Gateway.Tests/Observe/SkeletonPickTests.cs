using Gantry.Gateway.Observe;
using Gantry.Protocol.Observations;
using Google.Protobuf;

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

    [Fact]
    public void One_request_of_more_spans_than_there_is_room_for_shows_whole_traces_or_says_that_it_does_not()
    {
        var observer = new Observer(TimeProvider.System, shards: 1);
        var random = new Random(9);
        var ids = Enumerable.Range(0, 3000).Select(_ => { var id = new byte[16]; random.NextBytes(id); return id; }).ToList();
        // Three spans of each trace, in one request.
        observer.Commit(observer.ScanTraces(Spans.Request("shop", [.. Enumerable.Range(0, 3).SelectMany(_ => ids).Select(id => Spans.Span(kind: 2, trace: id))]).ToByteArray())!);
        var shown = new List<Picked>();
        var threshold = observer.Shards[0].Skeletons.Drain(shown.Add);

        Assert.InRange(shown.Count, SkeletonPick.Capacity / 4, SkeletonPick.Capacity);
        Assert.All(shown.GroupBy(span => span.TraceLow), group => Assert.Equal(3, group.Count()));
        Assert.All(shown, span => Assert.True((span.TraceLow & ((1UL << 56) - 1)) >= threshold));

        // One trace of 5,000 spans does not fit, whatever its id: then nothing of this report is to be believed.
        observer.Commit(observer.ScanTraces(Spans.Request("shop", [.. Enumerable.Range(0, 5000).Select(_ => Spans.Span(kind: 2, trace: [.. Enumerable.Repeat((byte)0xFF, 16)]))]).ToByteArray())!);
        Assert.Equal(ulong.MaxValue, observer.Shards[0].Skeletons.Drain(_ => { }));
    }

    private static List<Picked> Drain(SkeletonPick pick)
    {
        var spans = new List<Picked>();
        pick.Drain(spans.Add);
        return spans;
    }
}
