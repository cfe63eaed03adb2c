using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using AngleSharp;
using AngleSharp.Dom;
using Gantry.Hub.Coverage;
using Gantry.Hub.Fleet;
using Gantry.Hub.Fleet.Views;
using Gantry.Hub.FleetManagement.Collectors;
using Gantry.Hub.Tests.Fleet;
using Gantry.Hub.Tests.FleetManagement;
using Gantry.Protocol.OpAmp;

namespace Gantry.Hub.Tests.Ui;

/// <summary>Collectors of the Fleet Management API in the fleet: one list and one kind of page for agents of both doors.</summary>
public class CollectorPageTests
{
    private const string Good = "prometheus.exporter.self \"default\" { }\n";

    private readonly IBrowsingContext _browsing = BrowsingContext.New(Configuration.Default);
    private readonly TestAssignments _assignments = new();

    [Fact]
    public async Task Agents_of_both_doors_are_in_one_list_and_one_list_of_the_API()
    {
        _assignments.Content = agent => agent.Kind == Gantry.Estate.Agents.AgentKind.Alloy ? Good : null;
        await using var hub = await _assignments.StartHubAsync();
        var alloy = new AlloyClient(hub.Client, "1.13.0", "shop/eu/alloy-0") { Attributes = { ["host.name"] = "edge-2" } };
        await alloy.StartAsync();
        var old = new AlloyClient(hub.Client, "1.11.0", "old");
        await old.StartAsync();
        await old.PollAsync();
        await SayAsync(hub, "edge-1");

        var page = await OpenAsync(hub, "/agents");

        Assert.Equal(["alloy", "alloy", "otelcol"], Cells(page, "[data-row] .row-link"));
        Assert.Equal(["Received", "In effect", "Unmanaged"], Cells(page, "[data-row] td:nth-of-type(2) .state"));
        Assert.Equal(["Fleet Management", "Fleet Management", "OpAMP, HTTP"], Cells(page, "[data-row] td:last-of-type .meaning"));
        Assert.Equal(["–", "edge-2", "edge-1"], Cells(page, "[data-row] .place"));
        Assert.Equal("/agents/shop%2Feu%2Falloy-0", page.QuerySelectorAll("[data-row] .row-link")[1].GetAttribute("href"));
        Assert.Equal("3", page.QuerySelector(".menu a[href='/agents'] .count")!.TextContent);
        Assert.Equal(["shop/eu/alloy-0"], Cells(await OpenAsync(hub, "/agents?q=edge-2"), "[data-row] .mono"));
        Assert.Equal(["alloy", "alloy"], Cells(await OpenAsync(hub, "/agents?q=env%3Dprod"), "[data-row] .row-link"));
        var rows = await hub.GetAsync<AgentRow[]>("agents?q=alloy&sort=id");
        Assert.Equal([("old", "fleet-management", "1.11.0", "received"), ("shop/eu/alloy-0", "fleet-management", "1.13.0", "in-effect")],
            rows.Select(row => (row.Id, row.Transport, row.Version.TrimStart('v'), row.State)));

        await alloy.StopAsync();
        Assert.Equal(["shop/eu/alloy-0"], Cells(await OpenAsync(hub, "/agents?show=gone"), "[data-row] .mono"));
    }

    [Fact]
    public async Task A_collector_has_a_page_with_its_way_its_difference_and_what_it_failed_with()
    {
        _assignments.Set(Good);
        await using var hub = await _assignments.StartHubAsync();
        var alloy = new AlloyClient(hub.Client, "1.13.0", "shop/alloy") { Load = text => text.Contains("bad", StringComparison.Ordinal) ? "1:1: unrecognized component \"bad\"" : null };
        await alloy.StartAsync();
        hub.Time.Advance(TimeSpan.FromSeconds(60));
        _assignments.Set("bad \"x\" { password = \"hunter2\" }\n");
        await alloy.PollAsync();

        var page = await OpenAsync(hub, "/agents/shop%2Falloy");

        Assert.Equal(["Desired", "Offered", "Received", "Applied", "In effect"], Cells(page, ".config-ladder .state"));
        Assert.Equal(["at-done", "at-done", "at-done", "at-failed", "at-waiting"], page.QuerySelectorAll(".config-ladder li").Select(step => step.ClassName));
        Assert.Contains("unrecognized component", page.QuerySelector(".attempts tbody")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("On fallback", page.QuerySelector("[data-live=standing]")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("every 60 s", page.QuerySelector("[data-live=standing]")!.TextContent, StringComparison.Ordinal);
        Assert.NotEmpty(page.QuerySelectorAll(".diff .diff-add"));
        Assert.DoesNotContain("hunter2", page.DocumentElement.OuterHtml, StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll("[data-live=capabilities]"));

        // What an operator says brings it another try, as a call of the API would.
        using var retried = await PostAsync(hub, page.QuerySelector(".attempts form")!.GetAttribute("action")!);
        Assert.Equal(HttpStatusCode.SeeOther, retried.StatusCode);
        alloy.Load = static _ => null;
        await alloy.StartAsync();
        Assert.Equal("in-effect", (await hub.GetAsync<AgentDetail>("agents/shop%2Falloy")).Agent.State);
        using var missing = await hub.Client.GetAsync("/agents/shop%2Fnobody");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task Operators_attributes_of_a_collector_are_its_remote_attributes()
    {
        _assignments.Set(Good);
        await using var hub = await _assignments.StartHubAsync();
        await new AlloyClient(hub.Client, "1.13.0", "shop/alloy").StartAsync();

        using var saved = await PostAsync(hub, "/agents/shop%2Falloy/attributes", ("attributes", "team=shop"), ("basis", ""));
        using var wrong = await PostAsync(hub, "/agents/shop%2Falloy/attributes", ("attributes", "collector.os=mine"), ("basis", "team=shop"));
        using var byApi = await hub.Client.PutAsJsonAsync("/api/v1/agents/shop%2Falloy/attributes", new Dictionary<string, string> { ["team"] = "shop", ["tier"] = "gold" });
        using var nobody = await hub.Client.PutAsJsonAsync("/api/v1/agents/nobody/attributes", new Dictionary<string, string>());

        Assert.Equal([HttpStatusCode.SeeOther, HttpStatusCode.BadRequest, HttpStatusCode.NoContent, HttpStatusCode.NotFound], new[] { saved, wrong, byApi, nobody }.Select(response => response.StatusCode));
        Assert.Contains("reserved", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var row = await hub.GetAsync<CollectorRow>("collectors/shop/alloy");
        Assert.Equal("shop gold", string.Join(' ', row.RemoteAttributes.OrderBy(pair => pair.Key).Select(pair => pair.Value)));
        Assert.Equal("gold", _assignments.LastAsked!.Attributes.GetValueOrDefault("tier") ?? await AskedAsync(hub));

        async Task<string> AskedAsync(HubFixture fixture)
        {
            await fixture.GetAsync<AgentRow[]>("agents");
            return _assignments.LastAsked!.Attributes.GetValueOrDefault("tier", "");
        }
    }

    [Fact]
    public async Task What_explains_an_agent_explains_a_collector_too()
    {
        await using var hub = await HubFixture.StartAsync();
        var connect = new ConnectClient(hub.Client);
        var pipeline = new TheirFleet.Pipeline { Name = "self", Contents = Good, Matchers = { "env=prod" }, Enabled = true };
        _ = (await connect.PostAsync<TheirFleet.Pipeline>($"{ConnectClient.Pipelines}/CreatePipeline", new TheirFleet.CreatePipelineRequest { Pipeline = pipeline })).Ok;
        await new AlloyClient(hub.Client, "1.13.0", "shop/alloy").StartAsync();

        var explained = await hub.GetAsync<Gantry.Hub.Rollouts.AgentConfiguration>("agents/shop%2Falloy/configuration");
        var detail = await hub.GetAsync<AgentDetail>("agents/shop%2Falloy");

        Assert.Equal(("alloy", "self", true), (explained.Kind, explained.Pipelines.Single().Name, explained.Pipelines.Single().Matches));
        Assert.NotEmpty(explained.Origins);
        Assert.Equal(explained.Hash, detail.Agent.DesiredHash);
        Assert.Equal(["done", "done", "done", "done", "done"], detail.Ladder.Select(step => step.State));
    }

    [Fact]
    public async Task A_hundred_thousand_rows_of_both_doors_page_filter_and_sort_quickly()
    {
        _assignments.Content = agent => agent.Kind == Gantry.Estate.Agents.AgentKind.Alloy ? Good : null;
        await using var hub = await _assignments.StartHubAsync();
        Fill(hub, 50_000);
        var watch = Stopwatch.StartNew();
        var first = await OpenAsync(hub, "/agents?sort=host");
        TestContext.Current.TestOutputHelper!.WriteLine($"first: {watch.ElapsedMilliseconds} ms");

        Assert.Equal("100,000", first.QuerySelector(".chips a .num")!.TextContent);
        Assert.Equal(["host-000000", "host-000000"], Cells(first, "[data-row] .place")[..2]);
        foreach (var (url, expected) in ((string, string)[])[
            ("/agents?sort=host", "host-000000"), ("/agents?sort=host&dir=desc&page=2000", "host-000024"), ("/agents?q=host-04999&sort=host", "host-049990"),
            ("/agents?show=waiting&sort=state&page=900", "Offered"), ("/agents?q=tier%3Dgold&sort=seen", "host-"), ("/agents?show=fallback", "No agents are On fallback")])
        {
            var times = new List<double>();
            for (var i = 0; i < 10; i++)
            {
                var start = Stopwatch.GetTimestamp();
                var html = await hub.Client.GetStringAsync(url);
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                Assert.Contains(expected, html, StringComparison.Ordinal);
            }

            TestContext.Current.TestOutputHelper!.WriteLine($"{url}: {string.Join(", ", times.Select(time => $"{time:0}"))} ms");
            // To look for an attribute, every agent's description is read.
            var most = url.Contains("%3D", StringComparison.Ordinal) ? 1_500 : 500;
            Assert.True(times.Min() < most, $"{url} took {times.Min():0} ms.");
        }
    }

    /// <summary>As many of each door.</summary>
    private static void Fill(HubFixture hub, int each)
    {
        var (store, now) = (hub.Room<CollectorStore>(), hub.Time.GetUtcNow());
        lock (store.Gate)
        {
            for (var i = 0; i < each; i++)
            {
                var collector = store.Speaking_NeedsLock($"alloy-{i:D6}");
                store.TakeAttributes_NeedsLock(collector, new Dictionary<string, string>
                {
                    ["host.name"] = $"host-{i * 7_919L % each:D6}", ["collector.version"] = "v1.13.0", ["collector.os"] = "linux", ["tier"] = i % 10 == 0 ? "gold" : "tin",
                });
                (collector.LastSeen, collector.Dirty) = (now.AddSeconds(-(i % 60)), false);
                collector.Progress.Offered = new ConfigMark(TestAssignments.HashOf(Good), now);
            }
        }

        for (var i = 0; i < each; i++)
        {
            hub.Fleet.Restore(new AgentState(Guid.CreateVersion7())
            {
                Description = Description($"host-{i * 7_919L % each:D6}"),
                Capabilities = AgentCapabilities.ReportsStatus | AgentCapabilities.AcceptsRemoteConfig | AgentCapabilities.ReportsRemoteConfig,
                LastSeen = now.AddSeconds(-(i % 60)),
                Transport = "websocket",
                Connection = AgentConnection.Http,
                Dirty = false,
            });
        }
    }

    private static AgentDescription Description(string host) => new()
    {
        Identifying = { new KeyValue("service.name", "otelcol"), new KeyValue("service.version", "0.155.0") },
        NonIdentifying = { new KeyValue("host.name", host), new KeyValue("os.type", "linux") },
    };

    private static Task SayAsync(HubFixture hub, string host) => hub.SayAsync(new AgentToServer
    {
        InstanceUid = Guid.CreateVersion7().ToByteArray(bigEndian: true), SequenceNum = 1, Capabilities = AgentCapabilities.ReportsStatus, Description = Description(host),
    });

    private static async Task<HttpResponseMessage> PostAsync(HubFixture hub, string path, params (string Name, string Value)[] fields)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = hub.Client.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))) };
        request.Headers.Add("Origin", hub.Client.BaseAddress!.GetLeftPart(UriPartial.Authority));
        return await client.SendAsync(request);
    }

    private async Task<IDocument> OpenAsync(HubFixture hub, string url)
    {
        using var response = await hub.Client.GetAsync(url);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var html = await response.Content.ReadAsStringAsync();
        return await _browsing.OpenAsync(request => request.Content(html));
    }

    private static string[] Cells(IDocument page, string selector) => [.. page.QuerySelectorAll(selector).Select(cell => cell.TextContent.Trim())];
}
