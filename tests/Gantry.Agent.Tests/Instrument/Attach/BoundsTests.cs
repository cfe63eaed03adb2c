using System.Net;
using System.Net.Sockets;
using Gantry.Agent.Instrument.Attach.Forward;
using Gantry.Agent.Instrument.Attach.Meters;
using Gantry.Agent.Instrument.Attach.Nettrace;
using Gantry.Agent.Instrument.Attach.Spans;
using Gantry.Agent.Tests.Support;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gantry.Agent.Tests.Instrument.Attach;

/// <summary>What a process may make the agent keep, when it says what it wants.</summary>
public sealed class BoundsTests
{
    private const string Meter = "Microsoft.AspNetCore.Hosting";

    [Fact]
    public void A_stream_names_as_many_threads_as_it_likes_and_some_are_remembered()
    {
        var check = new SequenceCheck();
        for (var thread = 0UL; thread < 3 * SequenceCheck.MostThreads; thread++)
        {
            check.Saw(thread, 1);
        }

        Assert.Equal(SequenceCheck.MostThreads, check.Threads);
        check.Saw(5, 4);
        Assert.Equal(2UL, check.Dropped);

        check.Begin();
        for (var thread = 0UL; thread < 3 * SequenceCheck.MostThreads; thread++)
        {
            check.Point(thread, 4);
        }

        check.End();
        Assert.Equal(SequenceCheck.MostThreads, check.Threads);
    }

    [Fact]
    public void A_name_without_end_is_no_key()
    {
        var table = new MeterTable(1);
        var name = new string('x', 1_000_000);

        table.Define(Meter, "", name, "Counter`1", "", name);
        var refused = table.Find($"{Meter}\0\0{name}", Meter, name, "", InstrumentKind.Counter, 1, out _);

        Assert.Null(refused);
        Assert.True(table.IsLimited);
        Assert.All(table.Instruments, item => Assert.InRange(item.Name.Length + item.Description.Length, 0, 1024));
    }

    [Fact]
    public void An_export_stays_small_whatever_the_attributes_are()
    {
        var table = new MeterTable(1);
        for (var i = 0; i < 5000; i++)
        {
            // Three bytes each in UTF-8.
            var tags = $"a{i}={new string('\u8a9e', 900)},b={new string('\u8a9e', 900)}";
            table.Find($"{Meter}\0\0requests\0\0{tags}", Meter, "requests", tags, InstrumentKind.Counter, 1, out _);
        }

        using var writer = new ProtoWriter();
        var points = MeterEncoder.Write(writer, [new KeyValue("service.name", "shop")], table, 2);

        Assert.True(table.IsLimited);
        Assert.InRange(points, 200, 1000);
        Assert.InRange(writer.Written.Length, 1024 * 1024, 4 * 1024 * 1024);
    }

    [Fact]
    public void Methods_are_no_more_than_routes()
    {
        var routes = new RouteTable();
        for (var i = 0; i < 3 * RouteTable.Most; i++)
        {
            routes.Add($"M{i}", "/items/{id}");
        }

        Assert.Equal((RouteTable.Most, RouteTable.Most), (routes.Count, routes.Methods));
    }

    [Fact]
    public async Task What_waits_for_a_gateway_that_does_not_answer_is_bounded_in_bytes()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var forwarder = new OtlpForwarder(new Uri($"http://{silent.LocalEndpoint}"), TimeProvider.System, NullLogger.Instance);
        var lost = 0;
        for (var i = 0; i < 20; i++)
        {
            forwarder.Send(new ForwardItem("v1/metrics", new byte[OtlpForwarder.MostBytes / 8], 1, (_, isTaken) => Interlocked.Add(ref lost, isTaken ? 0 : 1)));
        }

        Assert.Equal(12, Volatile.Read(ref lost));
    }

    [Fact]
    public void A_wall_clock_that_is_set_after_the_beginning_moves_the_spans_with_it()
    {
        const long Second = 1_000_000_000;
        var start = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
        var offset = ((start.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100) - (7 * Second);

        var shared = StreamClock.Parse(HandMadeStream.Clock(start, 7 * Second), offset + 1_000_000);
        var other = StreamClock.Parse(HandMadeStream.Clock(start, 7 * Second), offset + Second);

        Assert.Equal((true, offset + (3600 * Second)), (shared.IsShared, shared.Offset(offset + (3600 * Second))));
        // Another clock is not taken for ours when ours comes near by chance.
        Assert.Equal((false, offset), (other.IsShared, other.Offset(offset + 2_000_000)));
    }

    [Fact]
    public void A_hand_made_stream_with_more_threads_than_any_process_has_is_read_to_its_end()
    {
        var stream = new HandMadeStream().Define(1, "none", 1);
        for (var block = 0UL; block < 6; block++)
        {
            stream.Events(1, Enumerable.Range(0, 25_000).Select(i => (block * 25_000) + (ulong)i)).SequencePoint(block * 200_000, 200_000);
        }

        var count = new Counting();
        var reader = new NettraceReader(count);
        var bytes = stream.Bytes.AsSpan();
        while (bytes.Length > 0)
        {
            var space = reader.Space().Span;
            var length = Math.Min(space.Length, bytes.Length);
            bytes[..length].CopyTo(space);
            reader.Advance(length);
            bytes = bytes[length..];
        }

        Assert.Equal(150_000, count.Events);
    }

    private sealed class Counting : IEventSink
    {
        public int Events { get; private set; }

        public void Take(EventType type, long ticks, ReadOnlySpan<byte> payload) => Events++;
    }
}
