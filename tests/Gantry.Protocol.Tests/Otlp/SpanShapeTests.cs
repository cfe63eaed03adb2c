using Gantry.Protocol.Otlp.Traces;
using Google.Protobuf;

namespace Gantry.Protocol.Tests.Otlp;

/// <summary>A span that fits a shape must be what the scanner would have read, and say the same in all that is looked at.</summary>
public sealed class SpanShapeTests
{
    private const uint Route = 1u << (int)SpanAttribute.HttpRoute;

    [Fact]
    public void A_span_with_other_ids_times_and_values_fits()
    {
        var shape = Learn(Span(1, path: "/cart"));

        Assert.True(shape.Matches(Span(2, path: "/user"), out var view));
        Assert.Equal(2UL, view.StartUnixNano);
        Assert.Equal("GET /", System.Text.Encoding.UTF8.GetString(view.Name));
        Assert.Equal(SpanKinds.Server, view.Kind);
    }

    [Fact]
    public void A_span_that_says_something_else_does_not_fit()
    {
        var shape = Learn(Span(1));

        Assert.True(shape.Matches(Span(9), out _));
        Assert.False(shape.Matches(Span(1, name: "PUT /"), out _), "name");
        Assert.False(shape.Matches(Span(1, kind: 3), out _), "kind");
        Assert.False(shape.Matches(Span(1, status: 2), out _), "status");
        Assert.False(shape.Matches(Span(1, route: "/b"), out _), "a value that is looked at");
        Assert.False(shape.Matches(Span(1, key: "url.part"), out _), "a key");
        Assert.False(shape.Matches(Span(1, path: "/cärt"[..4]), out _), "text that is not ASCII, of the same length");
        Assert.False(shape.Matches(Span(1, number: 300), out _), "a number of another length");
        Assert.False(shape.Matches(Span(1).AsSpan()[..^1], out _), "cut");
        Assert.False(shape.Matches([.. Span(1), 0], out _), "longer");
    }

    [Fact]
    public void Values_of_other_lengths_fit_once_one_was_seen()
    {
        var shape = Learn(Span(1, path: "/cart"));
        Assert.False(shape.Matches(Span(2, path: "/checkout"), out _));

        shape = SpanForm.Of(Span(2, path: "/checkout"), Route)!.ToShape(shape)!;

        foreach (var path in new[] { "", "/", "/cart", "/checkout", new string('x', 90) })
        {
            Assert.True(shape.Matches(Span(3, path: path), out _), path);
        }

        Assert.False(shape.Matches(Span(3, path: new string('x', 120)), out _), "lengths of two bytes");
        Assert.False(shape.Matches(Span(3, path: "/checkoüt"), out _), "not ASCII");
        Assert.False(shape.Matches(Span(3, path: "/checkout", route: "/b"), out _), "what stands behind it");
        Assert.Null(SpanForm.Of(Span(4, path: "/x"), Route)!.ToShape(shape));

        shape = SpanForm.Of(Span(2, path: "/checkout", number: 70_000), Route)!.ToShape(shape)!;
        Assert.True(shape.Matches(Span(3, path: "/a", number: 300), out _));
        Assert.True(shape.Matches(Span(3, path: "/abcdefgh", number: 1L << 50), out _));
    }

    [Fact]
    public void A_length_that_lies_fits_nothing()
    {
        var shape = SpanForm.Of(Span(2, path: "/checkout"), Route)!.ToShape(Learn(Span(1, path: "/cart")))!;
        var span = Span(3, path: "/cart");
        for (var at = 0; at < span.Length; at++)
        {
            for (var value = 0; value < 256; value++)
            {
                AssertTrue(shape, [.. span[..at], (byte)value, .. span[(at + 1)..]], span);
            }
        }
    }

    [Fact]
    public void Whatever_fits_is_what_the_scanner_reads()
    {
        var (tried, fitted) = (0, 0);
        for (var seed = 0; seed < 3_000; seed++)
        {
            var random = new Random(seed);
            var first = RandomSpan(random);
            if (SpanForm.Of(first, Route) is not { } form)
            {
                continue;
            }

            var shape = form.ToShape()!;
            Assert.True(shape.Matches(first, out _), $"seed {seed}: the span it was learned from");
            for (var i = 0; i < 20; i++)
            {
                var span = i % 3 == 0 ? RandomSpan(new Random(seed)) : (byte[])first.Clone();
                for (var flips = random.Next(3); flips > 0; flips--)
                {
                    span[random.Next(span.Length)] = (byte)random.Next(256);
                }

                tried++;
                fitted += AssertTrue(shape, span, first) ? 1 : 0;
                if (SpanScanner.TryRead(span, out var view) && view.HasValidIds && SpanForm.Of(span, Route) is { } other && other.Identity == form.Identity)
                {
                    shape = other.ToShape(shape) ?? shape;
                }
            }
        }

        Assert.True(fitted > 5_000 && fitted < tried - 5_000, $"{fitted} of {tried} fitted: the case proves little");
    }

    [Fact]
    public void What_is_read_by_its_place_must_stand_before_all_that_moves()
    {
        var span = Theirs.Span.Parser.ParseFrom(Span(1));
        var (start, end) = (span.StartTimeUnixNano, span.EndTimeUnixNano);
        span.StartTimeUnixNano = span.EndTimeUnixNano = 0;
        span.Attributes.Clear();
        span.Status = new() { Message = "of any length" };
        byte[] late = [.. span.ToByteArray(), .. new Theirs.Span { StartTimeUnixNano = start, EndTimeUnixNano = end }.ToByteArray()];

        Assert.True(SpanScanner.TryRead(late, out var view));
        Assert.Equal(end, view.EndUnixNano);
        Assert.Null(SpanForm.Of(late, Route));
    }

    [Theory]
    [InlineData("events")]
    [InlineData("links")]
    [InlineData("array")]
    [InlineData("unknown")]
    public void Spans_of_other_kinds_have_no_form(string what)
    {
        var span = Theirs.Span.Parser.ParseFrom(Span(1));
        switch (what)
        {
            case "events":
                span.Events.Add(new Theirs.Span.Types.Event { Name = "e" });
                break;
            case "links":
                span.Links.Add(new Theirs.Span.Types.Link());
                break;
            case "array":
                span.Attributes.Add(new Theirs.KeyValue { Key = "a", Value = new() { ArrayValue = new() } });
                break;
        }

        byte[] bytes = what == "unknown" ? [.. span.ToByteArray(), 0x98, 0x06, 0x01] : span.ToByteArray();
        Assert.True(SpanScanner.TryRead(bytes, out _));
        Assert.Null(SpanForm.Of(bytes, Route));
    }

    /// <returns>Whether it fits; if so, it is checked.</returns>
    private static bool AssertTrue(SpanShape shape, byte[] span, byte[] learned)
    {
        if (!shape.Matches(span, out var view))
        {
            return false;
        }

        Assert.True(SpanScanner.TryRead(span, out var read), "it fits and is malformed");
        Assert.True(SpanScanner.TryRead(learned, out var first));
        Assert.True(view.TraceId.SequenceEqual(read.TraceId) && view.SpanId.SequenceEqual(read.SpanId) && view.ParentSpanId.SequenceEqual(read.ParentSpanId), "ids");
        Assert.True(view.TraceState.SequenceEqual(read.TraceState), "trace state");
        Assert.True(view.Name.SequenceEqual(read.Name) && view.Name.SequenceEqual(first.Name), "name");
        Assert.Equal((read.Kind, read.StatusCode, read.StartUnixNano, read.EndUnixNano), (view.Kind, view.StatusCode, view.StartUnixNano, view.EndUnixNano));
        Assert.Equal(first.Attributes.Has(SpanAttribute.HttpRoute), read.Attributes.Has(SpanAttribute.HttpRoute));
        if (first.Attributes.Has(SpanAttribute.HttpRoute))
        {
            var (was, isNow) = (first.Attributes[SpanAttribute.HttpRoute], read.Attributes[SpanAttribute.HttpRoute]);
            Assert.True(learned.AsSpan(was.Start, was.Length).SequenceEqual(span.AsSpan(isNow.Start, isNow.Length)), "a value that is looked at");
        }

        return true;
    }

    private static SpanShape Learn(byte[] span) => SpanForm.Of(span, Route)!.ToShape()!;

    private static byte[] Span(
        ulong start, string name = "GET /", int kind = 2, int status = 0,
        string route = "/a", string key = "url.path", string path = "/cart", long number = 8)
    {
        var span = new Theirs.Span
        {
            TraceId = Id(16, start), SpanId = Id(8, start), ParentSpanId = Id(8, start + 1), Name = name, Kind = kind, StartTimeUnixNano = start, EndTimeUnixNano = start + 5, Flags = 0x101,
        };
        Add(span, key, path);
        Add(span, "http.route", route);
        span.Attributes.Add(new Theirs.KeyValue { Key = "thread.id", Value = new() { IntValue = number } });
        Add(span, "network.transport", "tcp");
        if (status != 0)
        {
            span.Status = new() { Code = status };
        }

        return span.ToByteArray();
    }

    /// <summary>One of a few kinds, so that seeds repeat forms.</summary>
    private static byte[] RandomSpan(Random random)
    {
        var span = new Theirs.Span { TraceId = Id(16, (ulong)random.NextInt64()), SpanId = Id(8, (ulong)random.NextInt64()), Name = $"op{random.Next(3)}", Kind = random.Next(6) };
        span.ParentSpanId = random.Next(3) == 0 ? ByteString.Empty : Id(8, (ulong)random.NextInt64());
        span.TraceState = random.Next(4) == 0 ? "ot=th:8" : "";
        span.StartTimeUnixNano = (ulong)random.NextInt64();
        span.EndTimeUnixNano = (ulong)random.NextInt64();
        for (var i = random.Next(1, 9); i > 0; i--)
        {
            var key = random.Next(5) == 0 ? "http.route" : $"key.{random.Next(4)}";
            switch (random.Next(6))
            {
                case 0:
                    span.Attributes.Add(new Theirs.KeyValue { Key = key, Value = new() { IntValue = random.NextInt64() >> random.Next(64) } });
                    break;
                case 1:
                    span.Attributes.Add(new Theirs.KeyValue { Key = key, Value = new() { BoolValue = true } });
                    break;
                case 2:
                    span.Attributes.Add(new Theirs.KeyValue { Key = key, Value = new() { DoubleValue = random.NextDouble() } });
                    break;
                default:
                    Add(span, key, new string('a', random.Next(60)));
                    break;
            }
        }

        span.Flags = (uint)random.Next(2) * 0x301;
        if (random.Next(4) == 0)
        {
            span.Status = new() { Code = random.Next(3), Message = random.Next(2) == 0 ? "" : new string('m', random.Next(20)) };
        }

        return span.ToByteArray();
    }

    private static void Add(Theirs.Span span, string key, string value) => span.Attributes.Add(new Theirs.KeyValue { Key = key, Value = new() { StringValue = value } });

    private static ByteString Id(int length, ulong seed)
    {
        var bytes = new byte[length];
        BitConverter.TryWriteBytes(bytes.AsSpan(length - 8), seed | 1);
        return ByteString.CopyFrom(bytes);
    }
}
