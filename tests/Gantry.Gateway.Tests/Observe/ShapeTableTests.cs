using Gantry.Gateway.Observe;
using Gantry.Testing.Otlp;
using Google.Protobuf;

namespace Gantry.Gateway.Tests.Observe;

public sealed class ShapeTableTests
{
    private static readonly Resolved Place = new(7, -1);

    private readonly ShapeTable _shapes = new();

    [Fact]
    public void What_was_learned_is_found_for_its_service_only()
    {
        Learn(1, Span("a", 1));

        Assert.True(_shapes.TryFind(1, Span("a", 2), 5, out var view, out var place, out _));
        Assert.Equal(Place, place);
        Assert.Equal(2UL, view.StartUnixNano);
        Assert.False(_shapes.TryFind(2, Span("a", 2), 5, out _, out _, out _));
        Assert.False(_shapes.TryFind(1, Span("b", 2), 5, out _, out _, out _));
    }

    [Fact]
    public void Spans_of_one_name_and_several_forms_are_found_all()
    {
        string[] keys = ["one", "two", "three", "four"];
        foreach (var key in keys)
        {
            Learn(1, Span("a", 1, key));
        }

        Assert.Equal(4, _shapes.Count);
        Assert.All(keys, key => Assert.True(_shapes.TryFind(1, Span("a", 2, key), 5, out _, out _, out _)));
    }

    [Fact]
    public void What_a_refused_request_taught_is_forgotten()
    {
        Learn(1, Span("kept", 1));
        _shapes.Begin();
        Learn(1, Span("gone", 1));

        _shapes.Rollback();

        Assert.Equal(1, _shapes.Count);
        Assert.True(_shapes.TryFind(1, Span("kept", 2), 5, out _, out _, out _));
        Assert.False(_shapes.TryFind(1, Span("gone", 2), 5, out _, out _, out _));
    }

    [Fact]
    public void Shapes_that_nothing_fits_any_more_go_and_the_others_keep_their_keys_in_use()
    {
        Learn(1, Span("idle", 1), known: 3, tick: 10);
        Learn(1, Span("busy", 1), known: 4, tick: 10);
        Assert.True(_shapes.TryFind(1, Span("busy", 2), 60, out _, out _, out _));

        var inUse = new List<(int, uint)>();
        _shapes.Expire(50, (known, tick) => inUse.Add((known, tick)));

        Assert.Equal([(4, 60U)], inUse);
        Assert.Equal(1, _shapes.Count);
    }

    [Fact]
    public void Spans_that_never_fit_cost_ever_less()
    {
        var asked = 0;
        for (var i = 0; i < 100_000; i++)
        {
            // A form of its own each time: another key.
            asked += _shapes.TryFind(1, Span("a", 1, $"k{i:D6}"), 1, out _, out _, out var handle) || handle == 0 ? 0 : 1;
        }

        Assert.InRange(asked, 64, 100);
    }

    [Fact]
    public void Memory_is_bounded()
    {
        for (var i = 0; i < 40_000; i++)
        {
            Learn((uint)i, Span($"operation {i}", 1, new string('k', 100)));
        }

        Assert.InRange(_shapes.Count, 1000, 4096);
    }

    private void Learn(uint service, byte[] span, int known = 0, uint tick = 1)
    {
        Assert.False(_shapes.TryFind(service, span, tick, out _, out _, out var handle));
        _shapes.Learn(service, span, handle, looked: 0, Place, known, tick);
    }

    private static byte[] Span(string name, ulong start, string key = "some.key")
    {
        var id = ByteString.CopyFrom(1, 2, 3, 4, 5, 6, 7, 8);
        var span = new Span { TraceId = ByteString.CopyFrom([.. id, .. id]), SpanId = id, Name = name, Kind = 2, StartTimeUnixNano = start, EndTimeUnixNano = start + 1 };
        span.Attributes.Add(new KeyValue { Key = key, Value = new AnyValue { StringValue = "value" } });
        return span.ToByteArray();
    }
}
