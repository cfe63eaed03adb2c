using Gantry.Agent.Instrument.Attach;
using Gantry.Agent.Instrument.Attach.Meters;
using Gantry.Agent.Instrument.Attach.Nettrace;
using Gantry.Agent.Instrument.Attach.Spans;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;

namespace Gantry.Agent.Tests.Instrument.Attach;

/// <summary>Two streams that a .NET 10 wrote: seven requests, one of them failed, one of them calling another.</summary>
public sealed class NettraceTests
{
    [Fact]
    public void A_recorded_stream_of_metrics_tells_every_request()
    {
        var table = Meters(Recording("metrics"));

        var requests = table.Instruments.Single(item => item.Name == MeterEvents.RequestDuration);
        Assert.Equal(InstrumentKind.Histogram, requests.Kind);
        Assert.Equal((8UL, "s"), (requests.Series.Aggregate(0UL, (sum, series) => sum + series.Count), requests.Unit));
        Assert.Equal(8UL, requests.Series.Aggregate(0UL, (sum, series) => sum + series.Buckets!.Aggregate(0UL, (a, b) => a + b)));
    }

    [Fact]
    public void A_recorded_stream_of_spans_tells_every_request_and_call()
    {
        var (spans, reader) = Spans(Recording("spans"));

        Assert.Equal(9, spans.Count);
        Assert.Equal(8, spans.Count(span => span.Kind == 2));
        Assert.Single(spans, span => span.Kind == 3);
        Assert.True(reader.IsOver);
        Assert.Equal(0UL, reader.Dropped);
        Assert.InRange(reader.Clock.Frequency, 1_000_000, 1_000_000_000);
    }

    [Theory]
    [InlineData("metrics")]
    [InlineData("spans")]
    public void However_it_is_cut_into_pieces_it_says_the_same(string name)
    {
        var stream = Recording(name);
        var whole = Events(stream, stream.Length);
        Assert.NotEmpty(whole);

        for (var piece = 1; piece < 64; piece++)
        {
            Assert.Equal(whole, Events(stream, piece));
        }
    }

    [Theory]
    [InlineData("metrics")]
    [InlineData("spans")]
    public void A_stream_that_ends_at_any_byte_tells_what_came_before_and_no_more(string name)
    {
        var stream = Recording(name);
        var whole = Events(stream, stream.Length);

        for (var length = 0; length < stream.Length; length += 7)
        {
            var events = Events(stream.AsSpan(0, length), 4096);
            Assert.Equal(whole.Take(events.Count), events);
        }
    }

    [Theory]
    [InlineData("metrics")]
    [InlineData("spans")]
    public void Flipped_bytes_end_the_session_or_change_values_and_never_the_agent(string name)
    {
        var stream = Recording(name);
        var random = new Random(4711);
        var refused = 0;
        for (var i = 0; i < 3000; i++)
        {
            var broken = stream.ToArray();
            for (var flips = random.Next(1, 6); flips > 0; flips--)
            {
                broken[random.Next(broken.Length)] = (byte)random.Next(256);
            }

            try
            {
                _ = name == "metrics" ? Meters(broken).SeriesCount : Spans(broken).Spans.Count;
            }
            catch (AttachException)
            {
                refused++;
            }
            catch (SharedArgumentsException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1, 2999);
    }

    [Fact]
    public void An_object_without_end_is_refused_before_it_is_kept()
    {
        var reader = new NettraceReader(new Recorder());
        Feed(reader, Recording("spans").AsSpan(0, 32), 32);
        byte[] block = [5, 5, 1, 2, 0, 0, 0, 2, 0, 0, 0, 10, 0, 0, 0, .. "EventBlock"u8, 6, 0xFF, 0xFF, 0xFF, 0x7F];

        var error = Assert.Throws<AttachException>(() => Feed(reader, block, block.Length));

        Assert.Contains("a block is 2147483647 bytes long", error.Message, StringComparison.Ordinal);
        Assert.InRange(reader.Space().Length, 1, 1024 * 1024);
    }

    [Fact]
    public void Gaps_in_the_numbering_are_events_that_were_dropped()
    {
        var check = new SequenceCheck();
        check.Saw(7, 1);
        check.Saw(7, 2);
        check.Saw(7, 5);
        check.Saw(8, 3);
        Assert.Equal(4UL, check.Dropped);

        // The point says that thread 7 has come to 9, and that thread 8 has ended.
        check.Begin();
        check.Point(7, 9);
        check.End();
        Assert.Equal(8UL, check.Dropped);

        check.Saw(7, 10);
        check.Saw(8, 1);
        Assert.Equal(8UL, check.Dropped);
    }

    private static byte[] Recording(string name)
    {
        using var stream = typeof(NettraceTests).Assembly.GetManifestResourceStream($"Gantry.Agent.Tests.Instrument.Attach.{name}.nettrace")!;
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    private static void Feed(NettraceReader reader, ReadOnlySpan<byte> stream, int piece)
    {
        while (stream.Length > 0)
        {
            var space = reader.Space().Span;
            var count = Math.Min(Math.Min(piece, space.Length), stream.Length);
            stream[..count].CopyTo(space);
            reader.Advance(count);
            stream = stream[count..];
        }
    }

    private static List<string> Events(ReadOnlySpan<byte> stream, int piece)
    {
        var recorder = new Recorder();
        Feed(new NettraceReader(recorder), stream, piece);
        return recorder.Events;
    }

    private static MeterTable Meters(ReadOnlySpan<byte> stream)
    {
        var table = new MeterTable(1);
        Feed(new NettraceReader(new MeterEvents(new MeterArguments("recording"), table, static (_, _) => { })), stream, 4096);
        using var writer = new ProtoWriter();
        MeterEncoder.Write(writer, [], table, 2);
        return table;
    }

    private static (IReadOnlyList<Theirs.Span> Spans, NettraceReader Reader) Spans(ReadOnlySpan<byte> stream)
    {
        using var batch = new SpanBatch([new KeyValue("service.name", "recording")]);
        var events = new SpanEvents(batch, new RouteTable(), static ticks => (ulong)ticks);
        var reader = new NettraceReader(events);
        Feed(reader, stream, 4096);
        events.Settle(isLast: true);
        var request = Theirs.ExportTraceServiceRequest.Parser.ParseFrom(batch.Take());
        return ([.. request.ResourceSpans.SelectMany(item => item.ScopeSpans).SelectMany(scope => scope.Spans)], reader);
    }

    private sealed class Recorder : IEventSink
    {
        public List<string> Events { get; } = [];

        public void Take(EventType type, long ticks, ReadOnlySpan<byte> payload) => Events.Add($"{type} {ticks} {Convert.ToHexString(payload)}");
    }
}
