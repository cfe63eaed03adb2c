using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using Gantry.Estate.Red;
using Gantry.Protocol.Observations;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;
using Gantry.Testing;

namespace Gantry.System.Tests;

/// <summary>Two hub processes on one PostgreSQL.</summary>
// Not beside a gateway that takes whatever it can: what is measured here is time.
[Collection("Time")]
public sealed class NodesTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly string _database = PostgresServer.NewDatabase();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(60) };

    [Fact]
    public async Task A_change_on_one_is_in_force_on_the_other_within_two_seconds_and_versions_are_of_both()
    {
        await using var a = await StartAsync();
        await using var b = await StartAsync();
        // Everything runs for the first time in the first, and other tests run beside: the quickest tells what it takes.
        TimeSpan[] took = [await TakesAsync(a, b, "never", version: 1), await TakesAsync(a, b, "always", version: 2), await TakesAsync(a, b, "never", version: 3)];
        Assert.True(took.Min() < TimeSpan.FromSeconds(2), string.Join(", ", took.Select(time => $"{time.TotalSeconds:0.0} s")));
        // Of two who build on one version, one is told what the other did.
        Assert.Equal("\"4\"", await PutAsync(b, "one", "always"));
        using var again = Put("one", "never");
        again.Headers.IfMatch.Add(new EntityTagHeaderValue("\"1\""));
        again.RequestUri = new Uri(a.Hub + again.RequestUri);
        using var conflict = await _http.SendAsync(again);
        Assert.Equal(HttpStatusCode.PreconditionFailed, conflict.StatusCode);
        // Both write at once; each version is given once.
        var tags = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => PutAsync(i % 2 == 0 ? a : b, $"p{i}", "always")));
        Assert.Equal(20, tags.Distinct().Count());
        var all = await Eventually.Get(
            "both nodes know what each wrote", async () => await ResourcesAsync(a) is var there && there == await ResourcesAsync(b) ? there : null, Soon);
        Assert.Equal(21, all.Split('\n').Length);
    }

    [Fact]
    public async Task A_node_that_is_killed_takes_nothing_with_it_that_was_acknowledged()
    {
        await using var a = await StartAsync();
        await using var b = await StartAsync();
        var acknowledged = new List<string>();
        for (var i = 0; i < 30; i++)
        {
            await PutAsync(a, $"p{i}", "always");
            acknowledged.Add($"p{i}");
        }

        var killed = a.KillAsync();
        for (var i = 30; i < 60; i++)
        {
            try
            {
                await PutAsync(a, $"p{i}", "always");
                acknowledged.Add($"p{i}");
            }
            catch (HttpRequestException)
            {
                break;
            }
        }

        await killed;
        Assert.True(acknowledged.Count >= 30);
        var there = (await ResourcesAsync(b)).Split('\n').Select(line => line.Split(' ')[0]).ToHashSet();
        Assert.All(acknowledged, name => Assert.Contains(name, there));
        await PutAsync(b, "after", "always");
    }

    [Fact]
    public async Task Evidence_told_to_either_is_counted_once_and_the_other_goes_on_when_the_observer_is_killed()
    {
        await using var a = await StartAsync();
        await using var b = await StartAsync();
        await ReportAsync(a, 1, calls: 10, full: true);
        // Through the other node, in sequence: it is passed on.
        Assert.False((await ReportAsync(b, 2, calls: 25)).FullWanted);
        await EventuallyCountsAsync(b, 25);
        await EventuallyCountsAsync(a, 25);
        using var page = await _http.GetAsync(new Uri(b.Hub + "services"));
        Assert.Contains("cart", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await Task.Delay(TimeSpan.FromSeconds(6), TimeProvider.System);
        await ReportAsync(b, 3, calls: 40);

        await a.KillAsync();

        // What was acknowledged and not yet written is in the gateway's next total.
        var clock = Stopwatch.StartNew();
        var reply = await Eventually.Get("the other node observes", async () =>
        {
            try
            {
                return await ReportAsync(b, 4, calls: 41);
            }
            catch (HttpRequestException)
            {
                return null;
            }
        });
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"{clock.Elapsed.TotalSeconds:0.0} s");
        Assert.True(reply.FullWanted);
        await EventuallyCountsAsync(b, 41);
    }

    [Fact]
    public async Task An_agent_that_moves_to_the_other_node_is_known_there_and_its_connection_is_seen_by_both()
    {
        await using var a = await StartAsync();
        await using var b = await StartAsync();
        var uid = Guid.CreateVersion7();
        using (var socket = await ConnectAsync(b))
        {
            Assert.Equal(ServerToAgentFlags.None, (await TalkAsync(socket, Hello(uid))).Flags);
            await EventuallyConnectedAsync(a, uid, connected: true);
            await EventuallyConnectedAsync(b, uid, connected: true);
            // An order given at a node that has no connection goes to the one that has: it is written there, and both know.
            using var order = await _http.PutAsJsonAsync(new Uri(a.Hub + $"api/v1/agents/{uid}/attributes"), new Dictionary<string, string> { ["team"] = "news" });
            Assert.True(order.IsSuccessStatusCode, $"{(int)order.StatusCode}");
        }

        await EventuallyConnectedAsync(a, uid, connected: false);
        using var moved = await ConnectAsync(a);

        // Known from the other node's row: nothing is asked for again.
        var reply = await TalkAsync(moved, new AgentToServer { InstanceUid = uid.ToByteArray(bigEndian: true), SequenceNum = 2, Capabilities = AgentCapabilities.ReportsStatus });
        Assert.Equal(ServerToAgentFlags.None, reply.Flags);
        await EventuallyConnectedAsync(b, uid, connected: true);

        await a.KillAsync();
        await EventuallyConnectedAsync(b, uid, connected: false);
    }

    public void Dispose()
    {
        _http.Dispose();
        PostgresServer.Drop(_database);
    }

    /// <summary>From a change on one node until whoever waits for it at the other has it.</summary>
    private async Task<TimeSpan> TakesAsync(RunningGantry a, RunningGantry b, string keep, int version)
    {
        var active = new Uri(b.Hub + "api/v1/sampling/active");
        using var before = await _http.GetAsync(active);
        using var waiting = new HttpRequestMessage(HttpMethod.Get, active);
        waiting.Headers.IfNoneMatch.Add(before.Headers.ETag!);
        waiting.Headers.Add("Prefer", "wait=30");
        var answer = _http.SendAsync(waiting);
        var clock = Stopwatch.StartNew();
        Assert.Equal($"\"{version}\"", await PutAsync(a, "one", keep));
        using var changed = await answer;
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        return clock.Elapsed;
    }

    private Task<RunningGantry> StartAsync() => RunningGantry.NodeAsync(_database);

    private static HttpRequestMessage Put(string name, string keep) => new(HttpMethod.Put, $"api/v1/resources/samplingpolicies/{name}")
    {
        Content = new StringContent(
            $"apiVersion: gantry/v1\nkind: SamplingPolicy\nmetadata: {{ name: {name} }}\nspec:\n  rules:\n    - name: {name}\n      match: {{ service: {name} }}\n      keep: {keep}\n"),
    };

    private async Task<string> PutAsync(RunningGantry node, string name, string keep)
    {
        using var request = Put(name, keep);
        request.RequestUri = new Uri(node.Hub + request.RequestUri);
        using var response = await _http.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return response.Headers.ETag!.Tag;
    }

    private async Task<string> ResourcesAsync(RunningGantry node)
    {
        var rows = await _http.GetFromJsonAsync<JsonElement>(new Uri(node.Hub + "api/v1/resources"));
        return string.Join('\n', rows.EnumerateArray().Select(row => $"{row.GetProperty("name").GetString()} {row.GetProperty("version").GetInt64()}"));
    }

    private async Task<ObservationReply> ReportAsync(RunningGantry node, ulong sequence, ulong calls, bool full = false)
    {
        var now = (ulong)TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000;
        var buckets = new ulong[DurationBuckets.Count];
        buckets[1] = calls;
        var batch = new ObservationBatch { GatewayId = "gateway-1", Sequence = sequence, Full = full, SentUnixNano = now };
        batch.Services.Add(new ServiceIdentity { Id = 1, Name = "cart" });
        batch.Red.Add(new RedSeries { Service = 1, Calls = calls, LastUnixNano = now, Kind = 2, Operation = "GET /", Source = RedSource.Spans, Buckets = buckets });
        using var content = new ByteArrayContent(batch.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue(ObservationBatch.ContentType);
        using var response = await _http.PostAsync(new Uri(node.Hub + "api/v1/observations"), content);
        response.EnsureSuccessStatusCode();
        return WireMessage.TryRead<ObservationReply>(await response.Content.ReadAsByteArrayAsync(), out _)!;
    }

    private async Task EventuallyCountsAsync(RunningGantry node, ulong calls)
    {
        ulong counted = 0;
        await Eventually.Get($"{calls} requests of cart", async () =>
        {
            var rows = await _http.GetFromJsonAsync<JsonElement>(new Uri(node.Hub + "api/v1/services"));
            counted = rows.EnumerateArray().Where(row => row.GetProperty("name").GetString() == "cart").Select(row => row.GetProperty("requests").GetUInt64()).FirstOrDefault();
            return counted == calls ? "yes" : null;
        }, Soon);
        Assert.Equal(calls, counted);
    }

    private Task EventuallyConnectedAsync(RunningGantry node, Guid uid, bool connected) => Eventually.Get($"agent connected: {connected}", async () =>
    {
        try
        {
            using var response = await _http.GetAsync(new Uri(node.Hub + $"api/v1/agents/{uid}"));
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return null;
            }

            var row = await response.Content.ReadFromJsonAsync<JsonElement>();
            return row.GetProperty("agent").GetProperty("connected").GetBoolean() == connected ? "yes" : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }, Soon);

    private static AgentToServer Hello(Guid uid) => new()
    {
        InstanceUid = uid.ToByteArray(bigEndian: true),
        SequenceNum = 1,
        Capabilities = AgentCapabilities.ReportsStatus,
        Description = new AgentDescription { Identifying = { new KeyValue("service.name", "collector") }, NonIdentifying = { new KeyValue("host.name", "web-1") } },
    };

    private static async Task<ClientWebSocket> ConnectAsync(RunningGantry node)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(node.Hub + "v1/opamp") { Scheme = "ws" }.Uri, CancellationToken.None);
        return socket;
    }

    private static async Task<ServerToAgent> TalkAsync(ClientWebSocket socket, AgentToServer message)
    {
        using var bytes = new ProtoWriter();
        WebSocketFrame.WriteHeader(bytes);
        message.WriteTo(bytes);
        await socket.SendAsync(bytes.WrittenMemory, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        var buffer = new byte[64 * 1024];
        using var limit = new CancellationTokenSource(Soon);
        var result = await socket.ReceiveAsync(buffer.AsMemory(), limit.Token);
        Assert.True(WebSocketFrame.TryGetPayload(buffer.AsSpan(0, result.Count), out var payload));
        return WireMessage.TryRead<ServerToAgent>(payload, out _)!;
    }
}
