using Gantry.Protocol.Observations;
using Gantry.Testing.Otlp;
using Google.Protobuf;

namespace Gantry.Gateway.Tests.Observe;

/// <summary>How requests come to a service, and what is shown of chosen traces: through the real doors, as the hub is told.</summary>
public class ArrivalTests
{
    private static readonly byte[] Parent = [1, 2, 3, 4, 5, 6, 7, 8];

    [Fact]
    public async Task Inbound_spans_continue_link_or_begin()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        var request = Spans.Request(
            "shop",
            Spans.Span(kind: 2, parent: Parent), Spans.Span(kind: 2), Spans.Span(kind: 2, parent: new byte[8]), Linking(kind: 2), Linking(kind: 2, parent: Parent),
            // What is no inbound span begins nothing here, though it may be a root.
            Spans.Span(kind: 3), Spans.Span(kind: 1));

        await gateway.PostAsync("/v1/traces", request.ToByteArray());

        await gateway.CountedAsync(7);
        var red = gateway.Sink.Red();
        var server = red.Single(series => series.Key.Item3 == 2).Value;
        Assert.Equal((5UL, 2UL, 1UL), (server.Calls, server.Begun, server.Linked));
        Assert.All(red.Where(series => series.Key.Item3 != 2), series => Assert.Equal((0UL, 0UL), (series.Value.Begun, series.Value.Linked)));
    }

    [Fact]
    public async Task A_consumer_is_shown_in_its_own_trace_and_in_each_that_it_links_to()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        var span = Linking(kind: 5, links: 3);

        await gateway.PostAsync("/v1/traces", Spans.Request("mailer", span).ToByteArray());

        await gateway.CountedAsync(1);
        var shown = gateway.Sink.Reports.SelectMany(report => report.Spans).ToList();
        Assert.Equal(SkeletonFlags.HasLink, Assert.Single(shown, item => item.Parent == 0).Flags);
        var links = shown.Where(item => item.Parent != 0).ToList();
        Assert.Equal(span.Links.Select(link => (High(link.TraceId), High(link.SpanId))), links.Select(item => (item.TraceHigh, item.Parent)));
        Assert.All(links, item => Assert.Equal(SkeletonFlags.HasLink | SkeletonFlags.IsLink, item.Flags));
        Assert.Single(shown.Select(item => item.Span).Distinct());
    }

    [Fact]
    public async Task A_message_to_the_exchange_without_a_name_goes_to_the_queue_that_its_routing_key_names()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        var span = Spans.Span(kind: 4);
        foreach (var (key, value) in new[] { ("messaging.system", "rabbitmq"), ("messaging.destination", ""), ("messaging.rabbitmq.routing_key", "orders") })
        {
            span.Attributes.Add(new KeyValue { Key = key, Value = new AnyValue { StringValue = value } });
        }

        await gateway.PostAsync("/v1/traces", Spans.Request("storefront", span).ToByteArray());

        await gateway.CountedAsync(1);
        var report = gateway.Sink.Reports.First(item => item.Edges.Count > 0);
        Assert.Equal((PeerType.Messaging, "orders", "rabbitmq"), (report.Edges[0].Type, report.Edges[0].Name, report.Edges[0].System));
        Assert.Equal((PeerType.Messaging, "orders"), (report.Groups[0].PeerType, report.Groups[0].PeerName));
    }

    [Fact]
    public async Task Reports_cover_time_without_a_gap()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        await gateway.PostAsync("/v1/traces", Spans.Request("shop", Spans.Span(kind: 2)).ToByteArray());
        await gateway.CountedAsync(1);
        await gateway.PostAsync("/v1/traces", Spans.Request("shop", Spans.Span(kind: 2)).ToByteArray());
        await gateway.CountedAsync(2);

        var told = gateway.Sink.Reports.Where(report => report.ChosenSinceUnixNano > 0).ToList();

        Assert.True(told.Count >= 2);
        Assert.All(told.Zip(told.Skip(1)), pair => Assert.Equal(pair.First.SentUnixNano, pair.Second.ChosenSinceUnixNano));
    }

    private static Gantry.Testing.Otlp.Span Linking(int kind, byte[]? parent = null, int links = 1)
    {
        var span = parent is null ? Spans.Span(kind: kind) : Spans.Span(kind: kind, parent: parent);
        for (var i = 1; i <= links; i++)
        {
            span.Links.Add(new Gantry.Testing.Otlp.Span.Types.Link { TraceId = ByteString.CopyFrom([.. Enumerable.Repeat((byte)i, 16)]), SpanId = ByteString.CopyFrom([.. Enumerable.Repeat((byte)(i + 100), 8)]) });
        }

        return span;
    }

    private static ulong High(ByteString id) => System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(id.Span);
}
