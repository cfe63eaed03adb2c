using Gantry.Testing;
using Google.Protobuf;

namespace Gantry.Gateway.Tests.Observe;

public class ExactCountTests
{
    [Fact]
    public async Task Eight_clients_at_once_are_counted_to_the_span()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        var truth = new Dictionary<(string, string, int, int), (ulong Calls, ulong Nano)>();
        var requests = new List<byte[]>();
        var random = new Random(11);
        for (var i = 0; i < 240; i++)
        {
            var service = $"service-{random.Next(5)}";
            var spans = Enumerable.Range(0, 50).Select(_ => Spans.Span($"op {random.Next(20)}", random.Next(0, 6), random.Next(0, 3), random.Next(0, 20_000))).ToArray();
            foreach (var span in spans)
            {
                var key = (service, span.Name, span.Kind, span.Status.Code);
                var (calls, nano) = truth.GetValueOrDefault(key);
                truth[key] = (calls + 1, nano + span.EndTimeUnixNano - span.StartTimeUnixNano);
            }

            requests.Add(Spans.Request(service, spans).ToByteArray());
        }

        await Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (request, _) => await gateway.PostAsync("/v1/traces", request));

        await gateway.CountedAsync(240 * 50);
        var red = gateway.Sink.Red();
        Assert.Equal(truth.Count, red.Count);
        foreach (var ((service, operation, kind, status), (calls, nano)) in truth)
        {
            var series = red[(service, operation, kind, status, Protocol.Observations.RedSource.Spans)];
            Assert.Equal((calls, nano), (series.Calls, series.DurationNano));
            Assert.Equal(calls, series.Buckets.Aggregate(0UL, (sum, count) => sum + count));
        }
    }

    [Fact]
    public async Task The_hub_may_be_away_and_gets_the_whole_count_when_it_is_back()
    {
        await using var sink = await OtlpSink.StartAsync();
        var port = sink.Address.Port;
        await sink.DisposeAsync();
        var logs = new TestLogs();
        await using var server = new GatewayServer(
            new GatewayOptions
            {
                Grpc = new(System.Net.IPAddress.Loopback, 0),
                Http = new(System.Net.IPAddress.Loopback, 0),
                Hub = new Uri($"http://127.0.0.1:{port}/"),
                ReportInterval = TimeSpan.FromMilliseconds(20),
            },
            logs.AddTo);
        await server.StartAsync();
        using var client = new HttpClient { BaseAddress = server.Http };
        for (var i = 0; i < 5; i++)
        {
            using var content = new ByteArrayContent(Spans.Request("shop", Spans.Span()).ToByteArray());
            content.Headers.ContentType = new("application/x-protobuf");
            (await client.PostAsync("/v1/traces", content)).EnsureSuccessStatusCode();
        }

        await Eventually.True("the gateway notices that the hub is away", () => logs.Entries.Any(entry => entry.Event == "HubUnreachable"));
        await using var back = await OtlpSink.StartAsync(port);

        await Eventually.True("all five spans are reported", () => back.Red().Values.Sum(series => (long)series.Calls) == 5);
        Assert.True(back.Reports.First().Full);
        Assert.Single(logs.Entries, entry => entry.Event == "HubUnreachable");
        await server.StopAsync();
        logs.Dispose();
    }
}
