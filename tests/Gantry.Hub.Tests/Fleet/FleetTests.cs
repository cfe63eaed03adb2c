using System.Net;
using System.Net.Http.Json;
using Gantry.Estate.Agents;
using Gantry.Hub.Coverage;
using Gantry.Hub.Fleet;
using Gantry.Hub.Fleet.Views;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Hub.Tests.Fleet;

/// <summary>What the hub keeps of agents, decides for them and shows of them.</summary>
public class FleetTests
{
    private const AgentCapabilities Managed = AgentCapabilities.ReportsStatus | AgentCapabilities.AcceptsRemoteConfig | AgentCapabilities.ReportsRemoteConfig | AgentCapabilities.ReportsEffectiveConfig;

    private static readonly Guid Uid = Guid.CreateVersion7();

    [Fact]
    public async Task The_ladder_shows_each_step_with_its_time_and_drift_by_path()
    {
        var assignments = new SetAssignments();
        await using var hub = await HubFixture.StartAsync(null, null, assignments);
        var hash = assignments.Set(Uid.ToString(), "processors:\n  batch:\n    timeout: 5s\n  memory_limiter: {limit_mib: 100}\n");

        var offered = await hub.SayAsync(Collector(1));
        Assert.Equal(hash, Convert.ToHexStringLower(offered.RemoteConfig!.Hash));
        await StateIsAsync(hub, AgentStates.Offered);
        await hub.SayAsync(Status(2, offered.RemoteConfig.Hash, RemoteConfigState.Applying));
        await StateIsAsync(hub, AgentStates.Applying);
        await hub.SayAsync(Status(3, offered.RemoteConfig.Hash, RemoteConfigState.Applied));
        await StateIsAsync(hub, AgentStates.Drifted);
        var drifted = await hub.GetAsync<AgentDetail>($"agents/{Uid}");
        // More than was wanted is no drift; less, or other, is.
        await hub.SayAsync(Effective(4, "processors:\n  batch:\n    timeout: 5s\n    send_batch_size: 10\n  memory_limiter:\n    limit_mib: 100\nextensions: {opamp: }\n"));
        await StateIsAsync(hub, AgentStates.InEffect);
        await hub.SayAsync(Effective(5, "processors:\n  batch:\n    timeout: 7s\n  memory_limiter:\n    limit_mib: 100\n"));
        await StateIsAsync(hub, AgentStates.Drifted);

        var detail = await hub.GetAsync<AgentDetail>($"agents/{Uid}");
        Assert.Equal(["processors"], drifted.Differences);
        Assert.Equal(["processors.batch.timeout"], detail.Differences);
        Assert.Equal(["desired", "offered", "received", "applied", "in-effect"], detail.Ladder.Select(step => step.Name));
        Assert.Equal(["done", "done", "done", "done", "failed"], detail.Ladder.Select(step => step.State));
        Assert.All(detail.Ladder.Take(4), step => Assert.NotNull(step.At));
        Assert.Equal(("test", hash, hash), (detail.Agent.Cohort, detail.Agent.DesiredHash, detail.Agent.ReportedHash));
    }

    [Fact]
    public async Task An_offer_without_an_answer_is_said_so_and_made_again_but_not_for_ever()
    {
        var assignments = new SetAssignments();
        await using var hub = await HubFixture.StartAsync(null, null, assignments);
        assignments.Set(Uid.ToString(), "a: 1\n");
        var offers = 0;
        await hub.SayAsync(Collector(1));

        for (ulong i = 2; i < 20; i++)
        {
            hub.Time.Advance(TimeSpan.FromSeconds(31));
            offers += (await hub.SayAsync(Beat(i))).RemoteConfig is null ? 0 : 1;
        }

        Assert.Equal(4, offers);
        await StateIsAsync(hub, AgentStates.Offered, AgentStates.NoAnswer);
        hub.Time.Advance(TimeSpan.FromMinutes(3));
        await StateIsAsync(hub, AgentStates.NoAnswer);
    }

    [Fact]
    public async Task A_restart_keeps_numbers_statuses_refusals_and_operator_attributes()
    {
        using var folder = new TestData();
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        var assignments = new SetAssignments();
        assignments.Set(Uid.ToString(), "password: hunter2\nbad: 1\n");
        await using (var first = await HubFixture.StartAsync(folder.Path, time, assignments))
        {
            var offer = (await first.SayAsync(Collector(1))).RemoteConfig!;
            await first.SayAsync(Status(2, offer.Hash, RemoteConfigState.Failed, "no such key"));
            using var put = await first.Client.PutAsJsonAsync($"/api/v1/agents/{Uid}/attributes", new Dictionary<string, string> { ["env"] = "prod" });
            Assert.Equal(HttpStatusCode.NoContent, put.StatusCode);
            await first.SayAsync(Effective(3, "exporters: {otlp: {password: hunter2}}\n"));
            // Heartbeats move the number and nothing else.
            await first.SayAsync(Beat(4));
            await first.SayAsync(Beat(5));
        }

        await using var second = await HubFixture.StartAsync(folder.Path, time, assignments);
        var reply = await second.SayAsync(Beat(6));

        Assert.Equal((ServerToAgentFlags.None, null), (reply.Flags, reply.RemoteConfig));
        var detail = await second.GetAsync<AgentDetail>($"agents/{Uid}");
        Assert.Equal((AgentStates.Failed, "no such key"), (detail.Agent.State, detail.Message));
        Assert.Equal("prod", detail.OperatorAttributes["env"]);
        Assert.DoesNotContain("hunter2", detail.Effective.Single().Body + detail.Desired.Single().Body, StringComparison.Ordinal);
        Assert.Equal(-1, (await AllBytesAsync(folder.Path)).AsSpan().IndexOf("hunter2"u8));

        // An operator who knows better.
        using var retry = await second.Client.PostAsync($"/api/v1/agents/{Uid}/retry", null);
        Assert.Equal(HttpStatusCode.NoContent, retry.StatusCode);
        Assert.NotNull((await second.SayAsync(Beat(7))).RemoteConfig);
    }

    [Fact]
    public async Task Operator_attributes_decide_and_are_checked()
    {
        var assignments = new SetAssignments();
        await using var hub = await HubFixture.StartAsync(null, null, assignments);
        await hub.SayAsync(Collector(1));

        using var put = await hub.Client.PutAsJsonAsync($"/api/v1/agents/{Uid}/attributes", new Dictionary<string, string> { ["os.type"] = "mine", ["team"] = "a" });
        using var own = await hub.Client.PutAsJsonAsync($"/api/v1/agents/{Uid}/attributes", new Dictionary<string, string> { ["collector.ID"] = "x" });
        using var missing = await hub.Client.PutAsJsonAsync($"/api/v1/agents/{Guid.NewGuid()}/attributes", new Dictionary<string, string>());

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.BadRequest, HttpStatusCode.NotFound), (put.StatusCode, own.StatusCode, missing.StatusCode));
        Assert.Contains("collector.ID", await own.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var facts = assignments.Asked[^1];
        Assert.Equal((Uid.ToString(), AgentKind.Collector, "mine", "a"), (facts.Id, facts.Kind, facts.Attributes["os.type"], facts.Attributes["team"]));
        Assert.Single(await hub.GetAsync<AgentRow[]>("agents?q=team%3Da"));
        Assert.Empty(await hub.GetAsync<AgentRow[]>("agents?q=team%3Db"));
    }

    [Fact]
    public void A_hundred_thousand_rows_are_filtered_sorted_and_cut_in_milliseconds()
    {
        var time = new FakeTimeProvider();
        var store = new FleetStore(time, options: new FleetOptions { Admission = new AdmissionRates(Enrol: 1_000_000) });
        var view = new FleetView([new OpAmpDoor(store, new FleetOptions(), time)], time);
        for (var i = 0; i < FleetStore.MaxAgents; i++)
        {
            var message = Reports.AgentOn($"id-{i}", $"host-{i:D6}", new Guid(i, 1, 7, 0, 0, 0, 0, 0, 0, 0, 0), 1);
            message.Health = new ComponentHealth { Healthy = i % 100 != 0 };
            store.Take(message, AgentConnection.Http);
        }

        view.Find(new AgentQuery("host", "", "host", 1, 50));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var page = view.Find(new AgentQuery("host-0", "unhealthy", "-host", 3, 50));
        watch.Stop();

        Assert.Equal(1_000, page.Total);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"host-{(999 - 100 - i) * 100:D6}"), page.Rows.Select(row => row.HostName));
        Assert.True(watch.ElapsedMilliseconds < 500, $"{watch.ElapsedMilliseconds} ms");
    }

    [Fact]
    public async Task A_page_says_of_how_many_and_wrong_questions_are_answered_in_words()
    {
        await using var hub = await HubFixture.StartAsync();
        for (var i = 0; i < 7; i++)
        {
            await hub.SayAsync(Reports.AgentOn($"h{i}", $"web-{i}", Guid.CreateVersion7(), 1));
        }

        using var page = await hub.Client.GetAsync("/api/v1/agents?sort=-host&page=2&size=3");
        using var wrong = await hub.Client.GetAsync("/api/v1/agents?size=501");
        using var unknown = await hub.Client.GetAsync("/api/v1/agents?state=happy");

        Assert.Equal("7", Assert.Single(page.Headers.GetValues(AgentEndpoints.TotalHeader)));
        Assert.Equal(["web-3", "web-2", "web-1"], (await page.Content.ReadFromJsonAsync<AgentRow[]>())!.Select(row => row.HostName));
        Assert.Contains("size=501: expected 1 to 500", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("state=happy: expected one of unmanaged", await unknown.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_heartbeat_makes_no_garbage_and_no_row()
    {
        var store = new FleetStore(TimeProvider.System);
        store.Take(Collector(1), AgentConnection.Http);
        var agent = store.Agents_NeedsLock.Single();
        AgentRecord.Of(agent);
        agent.Dirty = false;
        for (ulong i = 2; i < 100; i++)
        {
            Assert.True(store.TryBeat(new BareMessage(Uid, i, Managed), AgentConnection.Http, out _));
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (ulong i = 100; i < 1_100; i++)
        {
            store.TryBeat(new BareMessage(Uid, i, Managed), AgentConnection.Http, out _);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000);
        Assert.False(agent.Dirty);
        Assert.Equal(1_099UL, agent.SequenceNum);
    }

    private static AgentToServer Collector(ulong sequence)
    {
        var message = Beat(sequence);
        message.Description = new AgentDescription
        {
            Identifying = { new KeyValue("service.name", "io.opentelemetry.collector"), new KeyValue("service.instance.id", "i") },
            NonIdentifying = { new KeyValue("host.name", "web-1"), new KeyValue("os.type", "linux") },
        };
        message.EffectiveConfig = new EffectiveConfig();
        message.EffectiveConfig.Map.Entries.Add(File("receivers: {}\n"));
        return message;
    }

    private static AgentToServer Beat(ulong sequence) => new() { InstanceUid = Uid.ToByteArray(bigEndian: true), SequenceNum = sequence, Capabilities = Managed };

    private static AgentToServer Status(ulong sequence, byte[] hash, RemoteConfigState state, string message = "")
    {
        var report = Beat(sequence);
        report.RemoteConfigStatus = new RemoteConfigStatus { LastHash = hash, State = state, ErrorMessage = message };
        return report;
    }

    private static AgentToServer Effective(ulong sequence, string body)
    {
        var report = Beat(sequence);
        report.EffectiveConfig = new EffectiveConfig();
        report.EffectiveConfig.Map.Entries.Add(File(body));
        return report;
    }

    private static NamedConfig File(string body) => new() { Config = new AgentConfigObject { Body = System.Text.Encoding.UTF8.GetBytes(body), ContentType = "text/yaml" } };

    private static async Task StateIsAsync(HubFixture hub, params string[] states)
    {
        var detail = await hub.GetAsync<AgentDetail>($"agents/{Uid}");
        Assert.Contains(detail.Agent.State, states);
    }

    private static async Task<byte[]> AllBytesAsync(string folder)
    {
        var all = new List<byte>();
        foreach (var file in Directory.GetFiles(folder))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[stream.Length];
            await stream.ReadExactlyAsync(bytes);
            all.AddRange(bytes);
        }

        return [.. all];
    }

    private sealed class TestData : IDisposable
    {
        public string Path { get; } = HubFixture.NewFolder();

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
