using Gantry.Hub.Observations;
using Gantry.Hub.Observations.Traces;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Tests.Observations;

/// <summary>Which traces the hub believes that it has whole, and when it says so.</summary>
public class ChosenTracesTests
{
    private const ulong Second = 1_000_000_000;

    private static readonly DateTimeOffset Start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly ChosenTraces _traces = new(Start);
    private readonly ServiceState _service = new(new ServiceKey("shop", "", ""));
    private readonly Dictionary<string, ulong> _until = [];
    private ulong _now;

    [Fact]
    public void A_trace_settles_after_eight_idle_seconds_and_closes_after_a_minute()
    {
        Run(10);
        Report("a", trace: 1);
        for (var i = 0; i < 3; i++)
        {
            Run(2);
            Assert.Empty(Collect().Settled);
        }

        Run(2);
        Assert.Single(Collect().Settled);
        Assert.Empty(Collect().Settled);
        Run(50);
        Report("a", trace: 1, span: 2);
        Assert.Empty(Collect().Closed);
        Run(10);
        Assert.Equal(2, Assert.Single(Collect().Closed).Spans.Count);
        Report("a", trace: 1, span: 3);
        Assert.Equal((1L, 1L, 0), (_traces.Judged, _traces.Late, _traces.Spans));
    }

    [Fact]
    public void While_a_gateway_is_silent_nothing_settles_and_after_a_hole_those_traces_never_do()
    {
        Run(10, "a", "b");
        Report("a", trace: 1);
        // B says nothing more: it may have spans of the trace.
        Run(20, "a");
        Assert.Empty(Collect().Settled);
        // It was only cut off; what it had is lost.
        _until["b"] += 10 * Second;
        Report("b");
        Run(20);
        Assert.Empty(Collect().Settled);
        Report("a", trace: 2);
        Run(10);
        Assert.Single(Collect().Settled);
        Run(60);
        _ = Collect();
        Assert.Equal(1, _traces.Unjudged);
    }

    [Fact]
    public void A_gateway_that_took_its_leave_is_not_waited_for()
    {
        Run(10, "a", "b");
        Report("b", isLast: true);
        Report("a", trace: 1);
        Run(10, "a");
        Assert.Single(Collect().Settled);
    }

    [Fact]
    public void A_gateway_that_takes_its_leave_in_the_last_part_of_a_report_is_not_waited_for()
    {
        Run(10, "a", "b");
        Report("b");
        Take(new ObservationBatch { GatewayId = "b", SentUnixNano = _until["b"], IsLast = true });
        Report("a", trace: 1);
        Run(10, "a");
        Assert.Single(Collect().Settled);
    }

    [Fact]
    public void A_gateway_whose_place_another_took_is_not_waited_for_and_what_it_had_not_told_is_lost()
    {
        Run(10, "a", "b");
        // B is killed; what it took in its last seconds it told nobody, and a trace of that time may lack it.
        Report("a", trace: 1);
        Run(4, "a");
        Report("c", replaces: "b");
        Run(10, "a", "c");
        Assert.Empty(Collect().Settled);
        Report("a", trace: 2);
        Run(10, "a", "c");
        Assert.Equal(2UL, Assert.Single(Collect().Settled).Low);
    }

    [Fact]
    public void A_gateway_that_goes_on_reporting_was_not_replaced()
    {
        Run(10, "a", "b");
        // Two that were given one folder: the second takes the first for dead.
        Report("c", replaces: "b");
        Run(10, "a", "b", "c");
        Report("a", trace: 1);
        Run(10, "a", "c");
        Assert.Empty(Collect().Settled);
    }

    [Fact]
    public void A_gateway_that_reported_before_the_hub_began_is_waited_for_until_it_is_taken_for_gone()
    {
        _traces.Remember("b", Start.AddSeconds(-20));
        _traces.Remember("c", Start.AddMinutes(-4));
        Assert.Empty(_traces.Silent(Now));
        Run(10, "a");
        Assert.Equal(["b", "c"], _traces.Silent(Now).Select(item => item.Gateway).Order());
        Report("a", trace: 1);
        Run(60, "a");
        Assert.Empty(Collect().Settled);
        // B was only slow to come back; what it took meanwhile it told nobody. C never comes.
        Report("b");
        Run(6, "a", "b");
        Report("a", trace: 2);
        Run(10, "a", "b");
        Assert.Equal(2UL, Assert.Single(Collect().Settled).Low);
        Assert.Empty(_traces.Silent(Now));
    }

    [Fact]
    public void A_trace_below_the_threshold_of_any_gateway_is_not_believed()
    {
        Run(10, "a", "b");
        Report("a", trace: 100);
        Report("a", trace: 300);
        Report("b", threshold: 200);
        Run(10);
        Assert.Equal([300UL], Collect().Settled.Select(trace => trace.Low));
        // Long enough after it, lower ones are believed again.
        Run(10);
        Report("a", trace: 101);
        Run(10);
        Assert.Equal([101UL], Collect().Settled.Select(trace => trace.Low));
    }

    [Fact]
    public void Too_many_spans_let_the_lowest_traces_go_whole()
    {
        Run(10);
        var random = new Random(4);
        var ids = Enumerable.Range(0, 40_000).Select(_ => (ulong)random.NextInt64(1L << 56)).ToList();
        foreach (var part in ids.Chunk(4000))
        {
            Report("a", part, spans: 4);
        }

        Assert.InRange(_traces.Spans, ChosenTraces.MaxSpans / 4, ChosenTraces.MaxSpans);
        Run(10);
        var settled = Collect().Settled;
        Assert.All(settled, trace => Assert.Equal(4, trace.Spans.Count));
        var lowest = settled.Min(trace => trace.Low);
        // Of those above the lowest that was kept, none is missing.
        Assert.Equal(ids.Count(id => id >= lowest), settled.Count);
    }

    [Fact]
    public void One_trace_that_never_ends_pushes_nobody_out()
    {
        Run(10);
        for (ulong i = 0; i < 30; i++)
        {
            Report("a", [ulong.MaxValue], 4000, first: i * 4000);
            Report("a", trace: i + 1);
            Run(2);
            _ = Collect();
        }

        Assert.InRange(_traces.Spans, 0, ChosenTraces.MaxTraceSpans);
        Run(10);
        Assert.NotEmpty(Collect().Settled);
        Run(60);
        Report("a", [ulong.MaxValue], 4000, first: 1_000_000);
        Run(20);
        Assert.Empty(Collect().Settled);
    }

    [Fact]
    public void A_gateway_that_is_cut_off_for_minutes_is_waited_for()
    {
        Run(10, "a", "b");
        for (var minute = 0; minute < 4; minute++)
        {
            Report("a", trace: (ulong)minute + 1);
            Run(60, "a");
            Assert.Empty(Collect().Settled);
        }

        Assert.Equal("b", Assert.Single(_traces.Silent(Now)).Gateway);
        Run(120, "a");
        Assert.Empty(_traces.Silent(Now));
        Report("a", trace: 100);
        Run(10, "a");
        Assert.Single(Collect().Settled);
    }

    [Fact]
    public void Who_just_began_believes_nothing_of_before()
    {
        Report("a", trace: 1);
        Run(70);
        Assert.Empty(Collect().Settled);
        Assert.Equal(1, _traces.Unjudged);
    }

    private SettledTraces Collect() => _traces.Collect(Now);

    private DateTimeOffset Now => Start.AddTicks((long)(_now / 100));

    /// <summary>Reports without anything in them.</summary>
    private void Run(int seconds, params string[] gateways)
    {
        for (var i = 0; i < seconds; i += 2)
        {
            _now += 2 * Second;
            foreach (var gateway in gateways.Length > 0 ? gateways : [.. _until.Keys.DefaultIfEmpty("a")])
            {
                Report(gateway);
            }
        }
    }

    private void Report(string gateway, ulong trace = 0, ulong span = 1, ulong threshold = 0, bool isLast = false, string replaces = "") =>
        Report(gateway, trace == 0 ? [] : [trace], 1, span, threshold, isLast, replaces);

    private void Report(string gateway, IReadOnlyList<ulong> traces, int spans, ulong first = 1, ulong threshold = 0, bool isLast = false, string replaces = "")
    {
        var start = 1_700_000_000 * Second;
        var batch = new ObservationBatch
        {
            GatewayId = gateway, ChosenThreshold = threshold, IsLast = isLast, Replaces = replaces, GatewayStartUnixNano = start + _now - Second,
            SentUnixNano = start + _now, ChosenSinceUnixNano = _until.TryGetValue(gateway, out var until) ? until : start + _now - (2 * Second),
        };
        _until[gateway] = batch.SentUnixNano;
        batch.Groups.Add(new SpanGroup { Id = 1, Service = 1, Kind = 2 });
        foreach (var trace in traces)
        {
            for (var i = 0; i < spans; i++)
            {
                batch.Spans.Add(new SpanSkeleton { TraceLow = trace, Span = first + (ulong)i, Group = 1 });
            }
        }

        Take(batch);
    }

    private void Take(ObservationBatch batch) =>
        _traces.Take(batch, new Dictionary<uint, ServiceState> { [1] = _service }, new BatchTimes(Now, batch.SentUnixNano), (_, _) => { });
}
