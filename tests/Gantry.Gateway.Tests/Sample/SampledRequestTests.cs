using System.Buffers.Binary;
using System.Text;
using Gantry.Estate.Sampling;
using Gantry.Gateway.Observe;
using Gantry.Testing.Otlp;
using Google.Protobuf;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Gateway.Tests.Sample;

/// <summary>What goes on after sampling, read with the official library: the kept spans, and each as it came but for its tracestate.</summary>
public class SampledRequestTests
{
    private static readonly SamplingModel Half = new() { Default = 0.5 };

    private readonly Observer _observer = new(new FakeTimeProvider(), shards: 1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Random_requests_are_what_brute_force_keeps_of_them(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var request = RandomRequest.Make(random);
            var model = new SamplingModel { Default = Math.Pow(2, -random.Next(0, 6)), Rules = [new() { Status = 2, Probability = random.Next(2) }] };

            var output = Sampled(request.ToByteArray(), model);

            var expected = Expected(request, model);
            Assert.Equal(Normal(expected), Normal(output));
        }
    }

    [Fact]
    public void A_second_gateway_with_the_same_policy_drops_nothing_more()
    {
        var random = new Random(7);
        var once = Sampled(Many(random).ToByteArray(), Half);

        var twice = Sampled(once.ToByteArray(), Half);

        Assert.NotEmpty(Ids(once));
        Assert.Equal(Ids(once), Ids(twice));
    }

    [Fact]
    public void All_kept_or_none_is_no_rewriting_and_no_empty_block()
    {
        var request = RandomRequest.Make(new Random(1)).ToByteArray();

        var all = _observer.ScanTraces(request, new SamplingModel { Default = 1 })!;
        Assert.False(all.IsRewritten);
        _observer.Discard(all);
        Assert.Empty(Sampled(request, new SamplingModel { Default = 0 }).ResourceSpans);
    }

    [Fact]
    public void The_first_rule_that_matches_decides_and_slow_spans_may_have_their_own()
    {
        var model = new SamplingModel
        {
            Default = 0,
            Rules =
            [
                new() { Operation = "GET /slow*", SlowerThan = TimeSpan.FromMilliseconds(100), Probability = 1 },
                new() { Operation = "GET /slow*", Kind = 2, Probability = 0 },
                new() { Status = 2, Probability = 1 },
                new() { Service = "shop", Operation = "GET /kept/{id}", Probability = 1 },
            ],
        };
        var request = Spans.Request(
            "shop",
            Spans.Span("GET /slow/a", milliseconds: 150),
            Spans.Span("GET /slow/b", milliseconds: 50, status: 2),
            Spans.Span("GET /other", status: 2),
            Spans.Span("GET /kept/77"),
            Spans.Span("GET /dropped"));

        var names = Sampled(request.ToByteArray(), model).ResourceSpans.SelectMany(block => block.ScopeSpans).SelectMany(scope => scope.Spans).Select(span => span.Name);

        Assert.Equal(["GET /slow/a", "GET /other", "GET /kept/77"], names);
    }

    [Fact]
    public void A_new_policy_is_in_force_for_the_next_request()
    {
        var request = Many(new Random(3)).ToByteArray();

        Assert.Empty(Sampled(request, new SamplingModel { Default = 0 }).ResourceSpans);
        Assert.NotEmpty(Sampled(request, Half).ResourceSpans);
        Assert.Empty(Sampled(request, new SamplingModel { Default = 0 }).ResourceSpans);
    }

    [Fact]
    public void Spans_sampled_at_the_source_count_for_those_that_were_not_sent()
    {
        // 1 in 4 kept, so each stands for exactly four; 1 in 10 has an adjusted count of 9.99939, rounded span by span.
        var spans = Enumerable.Range(0, 4000).Select(i => Spans.Span(i % 2 == 0 ? "quarter" : "tenth", trace: Id(ulong.MaxValue))).ToArray();
        for (var i = 0; i < spans.Length; i++)
        {
            spans[i].TraceState = i % 2 == 0 ? "ot=th:c" : "x=y,ot=th:e666";
        }

        var ticket = _observer.ScanTraces(Spans.Request("shop", spans).ToByteArray())!;
        _observer.Commit(ticket);

        var calls = new Dictionary<string, ulong>();
        _observer.Shards[0].Spans.Red.Drain(drained => calls.Add(Encoding.UTF8.GetString(SpanKey.NameIn(drained.Key)), drained.Counts.Calls));
        Assert.Equal(8000UL, calls["quarter"]);
        Assert.InRange(calls["tenth"], 19_990UL, 20_000UL);
    }

    [Fact]
    public void Exemplars_are_of_kept_spans_only()
    {
        var spans = Enumerable.Range(0, 200).Select(i => Spans.Span($"op {(char)('a' + (i % 20))}", trace: Id((ulong)Random.Shared.NextInt64()))).ToArray();
        var ticket = _observer.ScanTraces(Spans.Request("shop", spans).ToByteArray(), Half)!;
        var kept = ExportTraceServiceRequest.Parser.ParseFrom(ticket.Output.Span).ResourceSpans.SelectMany(block => block.ScopeSpans).SelectMany(scope => scope.Spans)
            .Select(span => BinaryPrimitives.ReadUInt64BigEndian(span.SpanId.Span)).ToHashSet();
        _observer.Commit(ticket);

        var exemplars = new List<Gantry.Gateway.Observe.Exemplar>();
        _observer.Shards[0].Spans.Red.Drain(drained => exemplars.Add(drained.Exemplar));

        Assert.Equal(20, exemplars.Count);
        Assert.All(exemplars.Where(exemplar => exemplar.UnixNano != 0), exemplar => Assert.Contains(exemplar.Span, kept));
        Assert.InRange(exemplars.Count(exemplar => exemplar.UnixNano != 0), 10, 20);
    }

    private ExportTraceServiceRequest Sampled(byte[] request, SamplingModel model)
    {
        var ticket = _observer.ScanTraces(request, model)!;
        var output = ticket.IsRewritten ? ticket.Output.ToArray() : request;
        _observer.Commit(ticket);
        return ExportTraceServiceRequest.Parser.ParseFrom(output);
    }

    private static ExportTraceServiceRequest Expected(ExportTraceServiceRequest request, SamplingModel model)
    {
        var expected = request.Clone();
        if (!model.CanDrop)
        {
            return expected;
        }

        foreach (var scope in expected.ResourceSpans.SelectMany(block => block.ScopeSpans))
        {
            var spans = scope.Spans.ToList();
            scope.Spans.Clear();
            scope.Spans.AddRange(spans.Where(span => BruteForce.Keep(span, model)));
        }

        foreach (var block in expected.ResourceSpans)
        {
            foreach (var empty in block.ScopeSpans.Where(scope => scope.Spans.Count == 0).ToList())
            {
                block.ScopeSpans.Remove(empty);
            }
        }

        foreach (var empty in expected.ResourceSpans.Where(block => block.ScopeSpans.Count == 0).ToList())
        {
            expected.ResourceSpans.Remove(empty);
        }

        return expected;
    }

    private static ExportTraceServiceRequest Many(Random random) =>
        Spans.Request("shop", [.. Enumerable.Range(0, 30).Select(_ => RandomRequest.Make(random, spans: 50)).SelectMany(request => request.ResourceSpans).SelectMany(block => block.ScopeSpans).SelectMany(scope => scope.Spans)]);

    private static IEnumerable<string> Ids(ExportTraceServiceRequest request) =>
        request.ResourceSpans.SelectMany(block => block.ScopeSpans).SelectMany(scope => scope.Spans).Select(span => Convert.ToHexString(span.SpanId.Span));

    /// <summary>Messages compare field by field, unknown fields included.</summary>
    private static string Normal(ExportTraceServiceRequest request) => Convert.ToHexString(request.ToByteArray());

    private static byte[] Id(ulong low)
    {
        var id = new byte[16];
        id[0] = 1;
        BinaryPrimitives.WriteUInt64BigEndian(id.AsSpan(8), low);
        return id;
    }
}
