using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Gantry.Estate.Sampling;
using Gantry.Protocol.Observations;
using Gantry.Testing;
using Gantry.Testing.Otlp;
using Google.Protobuf;

namespace Gantry.Gateway.Tests.Observe;

/// <summary>A million spans of known counts from eight clients, through a destination that turns a quarter of the requests away: each is counted once.</summary>
public sealed class MillionSpansTests : IAsyncDisposable
{
    private const int Templates = 40;
    private const int SpansEach = 500;
    private const int Repeats = 50;
    private const int Clients = 8;

    private readonly TestLogs _logs = new();
    private readonly Random _random = new(5);
    private int _refused;

    [Fact]
    public async Task Are_counted_to_the_span_whatever_is_refused_and_sent_again()
    {
        await using var sink = await OtlpSink.StartAsync();
        sink.Answer = _ => Answer();
        await using var server = await StartAsync(sink);
        var truth = new Dictionary<(string, string, int, int, RedSource), (ulong Calls, ulong Nano)>();
        var requests = Enumerable.Range(0, Templates).Select(_ => Request(truth)).ToArray();
        var kept = requests.Sum(Kept) * Repeats;
        using var client = new HttpClient { BaseAddress = server.Http, Timeout = TimeSpan.FromMinutes(2) };

        var work = Enumerable.Range(0, Templates * Repeats).Select(i => (Body: requests[i % Templates], Gzip: i % 3 == 0));
        await Parallel.ForEachAsync(work, new ParallelOptions { MaxDegreeOfParallelism = Clients }, async (item, _) => await DeliverAsync(client, item.Body, item.Gzip));

        await Eventually.True("a million spans are reported", () => Sum(sink) == Templates * SpansEach * Repeats);
        Assert.Equal(1_000_000UL, Sum(sink));
        Assert.True(_refused > 100, $"only {_refused} requests were refused");
        var red = sink.Red();
        Assert.Equal(truth.Count, red.Count);
        Assert.All(truth, pair => Assert.Equal((pair.Value.Calls * Repeats, pair.Value.Nano * Repeats), (red[pair.Key].Calls, red[pair.Key].DurationNano)));
        // And what went on is exactly what the threshold keeps, each span once.
        Assert.Equal(kept, sink.Requests.Where(request => request.Path == "/v1/traces").Sum(request => SpansIn(request.Body)));
        await server.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _logs.Dispose();
        await Task.CompletedTask;
    }

    private async Task<GatewayServer> StartAsync(OtlpSink sink)
    {
        var server = new GatewayServer(
            new GatewayOptions
            {
                Grpc = new IPEndPoint(IPAddress.Loopback, 0),
                Http = new IPEndPoint(IPAddress.Loopback, 0),
                Hub = sink.Address,
                Destinations = [new Gateway.Forward.DestinationOptions { Endpoint = sink.Address }],
                Sampling = new SamplingModel { Default = 0.1, Revision = "tenth" },
                ReportInterval = TimeSpan.FromMilliseconds(200),
            },
            _logs.AddTo);
        await server.StartAsync();
        return server;
    }

    private int Answer()
    {
        lock (_random)
        {
            return _random.Next(4) > 0 ? 200 : _random.Next(2) == 0 ? 503 : 429;
        }
    }

    private async Task DeliverAsync(HttpClient client, byte[] body, bool gzip)
    {
        var packed = gzip ? Gzip(body) : body;
        while (true)
        {
            using var content = new ByteArrayContent(packed);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
            if (gzip)
            {
                content.Headers.ContentEncoding.Add("gzip");
            }

            using var response = await client.PostAsync("/v1/traces", content);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                return;
            }

            // A client would wait; one that does not is a harder test.
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.NotNull(response.Headers.RetryAfter);
            Interlocked.Increment(ref _refused);
        }
    }

    private byte[] Request(Dictionary<(string, string, int, int, RedSource), (ulong Calls, ulong Nano)> truth)
    {
        var service = $"service-{_random.Next(5)}";
        var spans = Enumerable.Range(0, SpansEach).Select(_ => Spans.Span($"op {_random.Next(20)}", _random.Next(0, 6), _random.Next(0, 3), _random.Next(0, 20_000))).ToArray();
        foreach (var span in spans)
        {
            var key = (service, span.Name, span.Kind, span.Status.Code, RedSource.Spans);
            var (calls, nano) = truth.GetValueOrDefault(key);
            truth[key] = (calls + 1, nano + span.EndTimeUnixNano - span.StartTimeUnixNano);
        }

        return Spans.Request(service, spans).ToByteArray();
    }

    private static long Kept(byte[] request)
    {
        var threshold = Threshold.FromProbability(0.1);
        return Parse(request).Count(span => threshold.Keeps(BinaryPrimitives.ReadUInt64BigEndian(span.TraceId.Span[8..]) & ((1UL << 56) - 1)));
    }

    private static long SpansIn(byte[] request) => Parse(request).Count();

    private static IEnumerable<Span> Parse(byte[] request) =>
        ExportTraceServiceRequest.Parser.ParseFrom(request).ResourceSpans.SelectMany(block => block.ScopeSpans).SelectMany(scope => scope.Spans);

    private static ulong Sum(OtlpSink sink) => sink.Red().Values.Aggregate(0UL, (sum, series) => sum + series.Calls);

    private static byte[] Gzip(byte[] body)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
        {
            gzip.Write(body);
        }

        return target.ToArray();
    }
}
