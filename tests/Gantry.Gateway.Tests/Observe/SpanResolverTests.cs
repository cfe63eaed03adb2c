using System.Text;
using Gantry.Gateway.Observe;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Otlp.Traces;
using Gantry.Testing.Otlp;
using Google.Protobuf;

namespace Gantry.Gateway.Tests.Observe;

public class SpanResolverTests
{
    private static readonly RedKey Server = new(1, SpanKinds.Server, 0, RedSource.Spans);
    private static readonly RedKey Client = new(1, SpanKinds.Client, 0, RedSource.Spans);

    private readonly SpanResolver _spans = new(exponential: false);
    private readonly TraceBatch _notes = new();

    [Fact]
    public void Spans_that_say_the_same_are_one_series_and_what_differs_is_another()
    {
        var series = Resolve(Server, "GET /", ("http.route", "/"), ("http.response.status_code", 200L)).Series;

        Assert.Equal(series, Resolve(Server, "GET /", ("http.route", "/"), ("http.response.status_code", 200L)).Series);
        Assert.Equal(series, Resolve(Server, "GET /", ("thread.id", 77L), ("http.route", "/"), ("http.response.status_code", 200L)).Series);
        Assert.NotEqual(series, Resolve(Server, "GET /x", ("http.route", "/"), ("http.response.status_code", 200L)).Series);
        Assert.NotEqual(series, Resolve(Server, "GET /", ("http.route", "/"), ("http.response.status_code", 500L)).Series);
        Assert.NotEqual(series, Resolve(Server with { Service = 2 }, "GET /", ("http.route", "/"), ("http.response.status_code", 200L)).Series);
        Assert.NotEqual(series, Resolve(Server with { Kind = SpanKinds.Consumer }, "GET /", ("http.route", "/"), ("http.response.status_code", 200L)).Series);
        Assert.NotEqual(series, Resolve(Server with { Status = 2 }, "GET /", ("http.route", "/"), ("http.response.status_code", 200L)).Series);
    }

    [Fact]
    public void A_number_as_text_and_a_name_of_before_are_the_same_series()
    {
        var series = Resolve(Server, "GET /", ("http.request.method", "GET"), ("http.response.status_code", 200L)).Series;

        Assert.Equal(series, Resolve(Server, "GET /", ("http.method", "GET"), ("http.status_code", "200")).Series);
        // Both: the current name goes first, whatever the order.
        Assert.Equal(series, Resolve(Server, "GET /", ("http.request.method", "GET"), ("http.method", "old"), ("http.response.status_code", 200L)).Series);
        Assert.Equal(series, Resolve(Server, "GET /", ("http.method", "old"), ("http.request.method", "GET"), ("http.response.status_code", 200L)).Series);
    }

    [Fact]
    public void Labels_are_read_back_as_text()
    {
        var series = Resolve(Server, "GET /é", ("http.route", "/é"), ("http.response.status_code", 404L), ("error.type", "404"), ("server.address", "x")).Series;

        var key = _spans.Red.KeyOf(series);
        Assert.Equal(Server, SpanLabels.KeyIn(key));
        Assert.Equal("GET /é", Encoding.UTF8.GetString(SpanKey.NameIn(key)));
        Assert.Equal(
            [(SpanAttribute.HttpRoute, "/é"), (SpanAttribute.HttpResponseStatusCode, "404"), (SpanAttribute.ErrorType, "404")],
            SpanLabels.Read(key));
    }

    [Fact]
    public void Ids_in_names_fold_into_one_series_and_the_example_shows_the_rule()
    {
        var first = Resolve(Server, "GET /users/1", ("http.route", "/users/1")).Series;

        Assert.All(Enumerable.Range(2, 3000), i => Assert.Equal(first, Resolve(Server, $"GET /users/{i}", ("http.route", $"/users/{i}")).Series));
        Assert.Equal(1, _spans.Red.Count);
        Assert.Equal(0, _spans.Count);
        Assert.Equal("GET /users/{id}", Encoding.UTF8.GetString(SpanKey.NameIn(_spans.Red.KeyOf(first))));
        var finding = Assert.Single(_notes.Findings);
        Assert.Equal((FindingCodes.FoldedOperations, 3001UL, "GET /users/{id} from GET /users/1"), (finding.Code, finding.Count, finding.Example));
    }

    [Fact]
    public void A_service_that_invents_names_is_counted_exactly_in_one_overflow_series()
    {
        for (var i = 0; i < 5000; i++)
        {
            var place = Resolve(Server, $"op{(char)('a' + (i % 26))}{(char)('a' + (i / 26 % 26))}{(char)('a' + (i / 676))}");
            _spans.Red.Add(place.Series, 1, 1, failed: false, 1);
        }

        var (total, overflow) = (0UL, 0UL);
        _spans.Red.Drain(drained =>
        {
            total += drained.Counts.Calls;
            overflow += SpanLabels.KeyIn(drained.Key).IsOverflow ? drained.Counts.Calls : 0;
        });

        Assert.Equal(5000UL, total);
        Assert.Equal(3000UL, overflow);
        Assert.Equal(CountTable.MaxPerService + 1, _spans.Red.Count);
        Assert.Equal(FindingCodes.TooManySeries, Assert.Single(_notes.Findings).Code);
    }

    [Theory]
    [InlineData(PeerType.Database, "shop", "mysql", "db:3306", "db.system.name=mysql", "db.namespace=shop", "server.address=db", "server.port=3306")]
    [InlineData(PeerType.Database, "shop", "redis", "", "db.system=redis", "db.name=shop")]
    [InlineData(PeerType.Messaging, "orders", "kafka", "", "messaging.system=kafka", "messaging.destination.name=orders")]
    [InlineData(PeerType.Service, "cart", "", "10.0.0.7:80", "peer.service=cart", "server.address=10.0.0.7", "server.port=80")]
    [InlineData(PeerType.Rpc, "shop.Cart", "grpc", "cart", "rpc.system=grpc", "rpc.service=shop.Cart", "server.address=cart")]
    [InlineData(PeerType.Address, "", "", "cart:8080", "server.address=cart", "server.port=8080")]
    public void A_call_names_its_peer(PeerType type, string name, string system, string address, params string[] attributes)
    {
        var pairs = attributes.Select(text => text.Split('=')).Select(pair => (pair[0], (object)pair[1])).ToArray();

        var edge = Resolve(Client, "call", pairs).Edge;

        Assert.Equal(new PeerKey(1, type, name, system, address), PeerKey.From(_spans.Edges.KeyOf(edge)));
        Assert.Equal(-1, Resolve(Server, "call", pairs).Edge);
    }

    [Fact]
    public void A_call_that_does_not_say_whom_is_no_edge() => Assert.Equal(-1, Resolve(Client, "call", ("thread.id", 1L)).Edge);

    [Fact]
    public void Addresses_are_no_dimension_of_RED()
    {
        var first = Resolve(Client, "call", ("server.address", "a"));
        var second = Resolve(Client, "call", ("server.address", "b"));

        Assert.Equal(first.Series, second.Series);
        Assert.NotEqual(first.Edge, second.Edge);
    }

    [Fact]
    public void What_was_idle_goes_and_what_was_not_keeps_its_number()
    {
        var old = Resolve(Server, "old", tick: 10).Series;
        var used = Resolve(Server, "used", tick: 10).Series;
        _spans.Red.Add(old, 1, 1, failed: false, 10_000_000_000);
        _spans.Red.Add(used, 1, 1, failed: false, 10_000_000_000);
        _spans.Red.Drain(_ => { });
        Resolve(Server, "used", tick: 100);

        _spans.Expire(50, 50_000_000_000);

        Assert.Equal((1, 1), (_spans.Red.Count, _spans.Count));
        Assert.Equal(used, Resolve(Server, "used", tick: 101).Series);
        Assert.Equal(old, Resolve(Server, "new", tick: 101).Series);
    }

    [Fact]
    public void A_request_that_was_malformed_takes_what_it_added_with_it()
    {
        _spans.Begin();
        var kept = Resolve(Server, "kept").Series;
        _spans.Begin();
        Resolve(Server, "bad");
        Resolve(Client, "bad", ("server.address", "x"));

        _spans.Rollback();

        Assert.Equal((1, 1, 0), (_spans.Red.Count, _spans.Count, _spans.Edges.Count));
        Assert.Equal(kept, Resolve(Server, "kept").Series);
    }

    [Fact]
    public void Long_names_are_cut_between_characters()
    {
        var series = Resolve(Server, new string('é', 200)).Series;

        Assert.Equal(new string('é', 128), Encoding.UTF8.GetString(SpanKey.NameIn(_spans.Red.KeyOf(series))));
    }

    [Fact]
    public void A_known_span_allocates_nothing()
    {
        var bytes = Bytes("GET /", ("http.route", "/"), ("http.response.status_code", 200L));
        Count(bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1000; i++)
        {
            Count(bytes);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private void Count(byte[] bytes)
    {
        SpanScanner.TryRead(bytes, out var span);
        _spans.Red.Add(_spans.Resolve(Server, span, bytes, 1, _notes).Series, 5, 1, failed: false, 1);
    }

    private Resolved Resolve(RedKey key, string name, params (string Key, object Value)[] attributes) => Resolve(key, name, 1, attributes);

    private Resolved Resolve(RedKey key, string name, uint tick, params (string Key, object Value)[] attributes)
    {
        var bytes = Bytes(name, attributes);
        Assert.True(SpanScanner.TryRead(bytes, out var span));
        return _spans.Resolve(key, span, bytes, tick, _notes);
    }

    private static byte[] Bytes(string name, params (string Key, object Value)[] attributes)
    {
        var span = new Span { Name = name };
        span.Attributes.AddRange(attributes.Select(pair => new KeyValue
        {
            Key = pair.Key,
            Value = pair.Value is long number ? new() { IntValue = number } : new() { StringValue = (string)pair.Value },
        }));
        return span.ToByteArray();
    }
}
