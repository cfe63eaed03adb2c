using System.Text;
using Gantry.Estate.Sampling;
using Gantry.Gateway.Observe;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Otlp.Traces;
using Google.Protobuf;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Gateway.Tests.Observe;

/// <summary>Numbers of series are given out again; whoever still holds one, or what was said of one, must not meet its next owner.</summary>
public class UnderWayTests
{
    private const ulong Long = 2_000_000_000_000_000_000;

    private readonly Observer _observer = new(new FakeTimeProvider(), shards: 1);

    private ObserveShard Shard => _observer.Shards[0];

    [Fact]
    public void A_request_that_is_under_way_over_several_sweeps_counts_in_its_own_series()
    {
        var slow = _observer.ScanTraces(Spans.Request("shop", Spans.Span("GET /users/1")).ToByteArray())!;
        for (var i = 0; i < 5; i++)
        {
            Shard.Expire_NeedsLock(Long);
            _observer.Commit(_observer.ScanTraces(Spans.Request("other", Spans.Span($"GET /{(char)('a' + i)}")).ToByteArray())!);
            Shard.Spans.Red.Drain(_ => { });
        }

        _observer.Commit(slow);

        var counted = new List<string>();
        Shard.Spans.Red.Drain(drained => counted.Add($"{_observer.Services[SpanLabels.KeyIn(drained.Key).Service].Name} {Encoding.UTF8.GetString(SpanKey.NameIn(drained.Key))}"));
        Assert.Equal(["shop GET /users/{id}"], counted);
    }

    [Fact]
    public void Once_it_is_through_idle_series_go()
    {
        _observer.Commit(_observer.ScanTraces(Spans.Request("shop", Spans.Span("GET /users/1")).ToByteArray())!);
        Shard.Spans.Red.Drain(_ => { });

        for (var i = 0; i < 3; i++)
        {
            Shard.Expire_NeedsLock(Long);
        }

        Assert.Equal(0, Shard.Spans.Red.Count);
    }

    [Fact]
    public void What_was_decided_for_a_malformed_request_is_not_said_of_the_next()
    {
        var model = new SamplingModel { Default = 1, Rules = [new() { Operation = "noise", Probability = 0 }] };
        byte[] malformed = [.. Spans.Request("shop", Spans.Span("noise")).ToByteArray(), 0x0A, 0x7F];

        Assert.Null(_observer.ScanTraces(malformed, model));
        var ticket = _observer.ScanTraces(Spans.Request("shop", Spans.Span("signal")).ToByteArray(), model)!;

        Assert.Equal(1, ticket.Kept);
    }

    [Fact]
    public void A_service_past_its_limit_is_sampled_by_what_RED_would_show()
    {
        var model = new SamplingModel { Default = 1, Rules = [new() { Operation = "GET /users/{id}", Probability = 0 }] };
        var names = Enumerable.Range(0, CountTable.MaxPerService).Select(i => Spans.Span($"op {(char)('a' + (i % 26))}{(char)('a' + (i / 26 % 26))}{(char)('a' + (i / 676))}"));
        _observer.Commit(_observer.ScanTraces(Spans.Request("shop", [.. names]).ToByteArray())!);

        var ticket = _observer.ScanTraces(Spans.Request("shop", Spans.Span("GET /users/7"), Spans.Span("GET /other")).ToByteArray(), model)!;

        Assert.Equal(1, ticket.Kept);
    }

    [Fact]
    public void A_folded_value_is_text_whatever_was_cut_off()
    {
        var route = string.Concat(Enumerable.Repeat("/7", 39)) + "/" + new string('é', 85);
        var span = Spans.Span("GET");
        span.Attributes.Add(new Gantry.Testing.Otlp.KeyValue { Key = "http.route", Value = new() { StringValue = route } });

        _observer.Commit(_observer.ScanTraces(Spans.Request("shop", span).ToByteArray())!);

        var values = new List<string>();
        Shard.Spans.Red.Drain(drained => values.AddRange(SpanLabels.Read(drained.Key).Where(pair => pair.Attribute == SpanAttribute.HttpRoute).Select(pair => pair.Value)));
        Assert.StartsWith("/{id}/{id}", Assert.Single(values), StringComparison.Ordinal);
        Assert.DoesNotContain('�', values[0]);
    }

    [Fact]
    public void Exemplars_of_what_nobody_stored_are_none()
    {
        _observer.Commit(_observer.ScanTraces(Spans.Request("shop", Spans.Span()).ToByteArray())!, stored: false);

        var exemplars = new List<ulong>();
        Shard.Spans.Red.Drain(drained => exemplars.Add(drained.Exemplar.UnixNano));
        Assert.Equal([0UL], exemplars);
    }

    [Fact]
    public void Many_empty_blocks_cost_little()
    {
        var request = Spans.Request("shop");
        for (var i = 0; i < 50_000; i++)
        {
            request.ResourceSpans[0].ScopeSpans.Add(new Gantry.Testing.Otlp.ScopeSpans { Scope = new() { Name = i % 2 == 0 ? "a" : "b" } });
        }

        var ticket = _observer.ScanTraces(request.ToByteArray())!;

        Assert.InRange(ticket.Batch.Scopes.Count, 1, 10_000);
    }
}
