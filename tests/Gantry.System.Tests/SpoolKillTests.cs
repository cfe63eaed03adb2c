using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Gantry.Testing.Otlp;
using Google.Protobuf;

namespace Gantry.System.Tests;

/// <summary>
/// The promise of the spool, against the real program: whatever was answered with 200 reaches the destination, also when the gateway is killed at
/// any moment, again and again. Twice is allowed, and counted.
/// </summary>
public sealed partial class SpoolKillTests(ITestOutputHelper output) : IDisposable
{
    private const int Kills = 50;
    private const int Clients = 6;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(120);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gantry-kill-");
    private readonly ConcurrentDictionary<ulong, byte> _acknowledged = new();
    private long _requests;

    [Fact]
    public async Task Killed_50_times_under_load_it_loses_no_acknowledged_span()
    {
        var clock = Stopwatch.StartNew();
        await using var sink = await OtlpSink.StartAsync();
        // Some answers are "not now", so that some of what is killed is in the midst of trying again.
        sink.Answer = accepted => accepted % 7 == 3 && Random.Shared.Next(2) == 0 ? 503 : 200;
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var gateway = await StartAsync(sink.Address);
            using var stop = new CancellationTokenSource();
            var clients = Enumerable.Range(0, Clients).Select(_ => Task.Run(() => SendAsync(Door(gateway), stop.Token))).ToList();
            // Every fifth time it is hit while it warms up; else in full flight.
            var before = Interlocked.Read(ref _requests);
            if (kill % 5 != 0)
            {
                await Eventually.True("an acknowledged request", () => Interlocked.Read(ref _requests) > before, StartLimit);
            }

            await Task.Delay(Random.Shared.Next(150));
            await gateway.StopAsync(GantryProcess.SigKill, expected: 128 + GantryProcess.SigKill);
            await stop.CancelAsync();
            await Task.WhenAll(clients);
        }

        await using (var last = await StartAsync(sink.Address))
        {
            await Eventually.True(
                "every acknowledged span at the destination", () => Missing(Arrived(sink).Keys.ToHashSet()) == 0, DrainLimit);
            await last.StopAsync(GantryProcess.SigTerm);
        }

        var arrived = Arrived(sink);
        var twice = arrived.Values.Sum(times => (long)times - 1);
        output.WriteLine($"{Kills} kills in {clock.Elapsed.TotalSeconds:0} s: {_acknowledged.Count} spans acknowledged in {_requests} requests, "
            + $"{Missing([.. arrived.Keys])} missing, {arrived.Count} arrived, {twice} of them more than once");
        Assert.Equal(0, Missing([.. arrived.Keys]));
        Assert.True(_acknowledged.Count > Kills * Clients, $"only {_acknowledged.Count} spans were acknowledged: that is no load");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Door(GantryProcess gateway) => HttpDoor().Match(gateway.Out).Groups["address"].Value;

    private async Task<GantryProcess> StartAsync(Uri sink)
    {
        var forward = $"{sink}?spool=64MiB&spool-folder={Uri.EscapeDataString(Path.Combine(_folder.FullName, "spool"))}";
        var process = GantryProcess.Start([], "gateway", "--hub", $"{sink}", "--grpc-port", "0", "--http-port", "0", "--forward", forward, "--log-level", "error");
        await process.WaitForAsync("the doors on stdout", () => HttpDoor().IsMatch(process.Out) && process.Out.Contains("Forward", StringComparison.Ordinal), StartLimit);
        return process;
    }

    /// <summary>One client: sends until the gateway is gone, and remembers what it was told is safe.</summary>
    private async Task SendAsync(string gateway, CancellationToken stop)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        while (!stop.IsCancellationRequested)
        {
            var ids = Enumerable.Range(0, Random.Shared.Next(1, 40)).Select(_ => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8))).ToList();
            using var content = new ByteArrayContent(Request(ids));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
            try
            {
                using var response = await http.PostAsync(new Uri($"{gateway}/v1/traces"), content, stop);
                Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, $"the gateway answered {response.StatusCode}");
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    Interlocked.Increment(ref _requests);
                    ids.ForEach(id => _acknowledged[id] = 0);
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or SocketException)
            {
                // It was killed before it could answer: nothing was promised.
                return;
            }
        }
    }

    private int Missing(HashSet<ulong> arrived) => _acknowledged.Keys.Count(id => !arrived.Contains(id));

    private static Dictionary<ulong, int> Arrived(OtlpSink sink)
    {
        var times = new Dictionary<ulong, int>();
        foreach (var (_, body) in sink.Requests)
        {
            foreach (var span in ExportTraceServiceRequest.Parser.ParseFrom(body).ResourceSpans.SelectMany(block => block.ScopeSpans).SelectMany(scope => scope.Spans))
            {
                var id = BitConverter.ToUInt64(span.SpanId.Span);
                times[id] = times.GetValueOrDefault(id) + 1;
            }
        }

        return times;
    }

    private static byte[] Request(List<ulong> ids)
    {
        var scope = new ScopeSpans();
        scope.Spans.AddRange(ids.Select(id => new Span
        {
            TraceId = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(16)),
            SpanId = ByteString.CopyFrom(BitConverter.GetBytes(id)),
            Name = "GET /",
            Kind = 2,
            StartTimeUnixNano = 1_000_000_000,
            EndTimeUnixNano = 1_002_000_000,
        }));
        var resource = new Resource();
        resource.Attributes.Add(new KeyValue { Key = "service.name", Value = new AnyValue { StringValue = "shop" } });
        return new ExportTraceServiceRequest { ResourceSpans = { new ResourceSpans { Resource = resource, ScopeSpans = { scope } } } }.ToByteArray();
    }

    [GeneratedRegex(@"^  OTLP/HTTP +(?<address>\S+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HttpDoor();
}
