using System.Diagnostics;
using System.Net;
using AngleSharp;
using AngleSharp.Dom;
using Gantry.Hub.Fleet;
using Gantry.Hub.Tests.Fleet;
using Gantry.Protocol.OpAmp;

namespace Gantry.Hub.Tests.Ui;

/// <summary>The pages of the fleet in front of a real hub, whose agents speak OpAMP.</summary>
public class FleetPageTests
{
    private const string Wanted = "receivers:\n  otlp:\nprocessors:\n  batch:\n    timeout: 5s\nexporters:\n  otlphttp:\n    endpoint: https://otel.example\n    headers:\n      Authorization: Bearer hunter2\n";

    private readonly IBrowsingContext _browsing = BrowsingContext.New(Configuration.Default);

    [Fact]
    public async Task Each_agent_is_a_row_and_each_saved_view_holds_those_in_its_states()
    {
        var assignments = new SetAssignments();
        await using var hub = await HubFixture.StartAsync(null, null, assignments);
        var hash = assignments.Set("Collector", Wanted);
        await SayAsync(hub, "in-effect", RemoteConfigState.Applied, hash, Wanted);
        await SayAsync(hub, "drifted", RemoteConfigState.Applied, hash, Wanted.Replace("5s", "1m"));
        await SayAsync(hub, "failed", RemoteConfigState.Failed, hash, null, "unknown processor batch/x");
        await SayAsync(hub, "fresh", RemoteConfigState.Unset, null, null);
        hub.Fleet.CompareSome();
        hub.Time.Advance(TimeSpan.FromSeconds(40));

        var all = await OpenAsync(hub, "/agents?sort=host");

        Assert.Equal(["drifted", "failed", "fresh", "in-effect"], Cells(all, "[data-row] .place"));
        Assert.Equal(["Drifted", "Failed", "Offered", "In effect"], Cells(all, "[data-row] td:nth-of-type(2) .state"));
        var row = all.QuerySelectorAll("[data-row]")[3];
        Assert.Contains(hash[..10], row.TextContent, StringComparison.Ordinal);
        Assert.Contains("revision 1 of test", row.TextContent, StringComparison.Ordinal);
        Assert.Contains("since 40 s ago", row.TextContent, StringComparison.Ordinal);
        Assert.Contains("Collector", row.TextContent, StringComparison.Ordinal);
        var chips = Cells(all, ".chips a").ToDictionary(chip => chip[..chip.LastIndexOf(' ')], chip => chip[(chip.LastIndexOf(' ') + 1)..]);
        Assert.Equal(("4", "4", "1", "1", "0", "1"), (chips["All"], chips["Connected"], chips["Drifted"], chips["Failed"], chips["No answer"], chips["Under way"]));
        Assert.Equal(["failed"], Cells(await OpenAsync(hub, "/agents?show=failed"), "[data-row] .place"));
        Assert.Equal(["drifted", "failed"], Cells(await OpenAsync(hub, "/agents?sort=host&q=tier%3Dgold"), "[data-row] .place"));

        // Plain HTTP has no end that could be seen, only polls that no longer come.
        hub.Time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(4, (await OpenAsync(hub, "/agents?show=stale")).QuerySelectorAll("[data-row].dim").Length);
        Assert.Equal(["fresh"], Cells(await OpenAsync(hub, "/agents?show=no-answer"), "[data-row] .place"));
        Assert.Contains("No agents are Connected.", (await OpenAsync(hub, "/agents?show=connected")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_shows_its_way_its_difference_without_secrets_its_failures_and_its_health_as_a_tree()
    {
        var assignments = new SetAssignments();
        await using var hub = await HubFixture.StartAsync(null, null, assignments);
        var failed = assignments.Set("Collector", Wanted.Replace("5s", "nonsense"));
        var uid = await SayAsync(hub, "drifted", RemoteConfigState.Failed, failed, null, "timeout: time: invalid duration");
        hub.Time.Advance(TimeSpan.FromSeconds(90));
        var hash = assignments.Set("Collector", Wanted);
        await SayAsync(hub, "drifted", RemoteConfigState.Failed, failed, null, "timeout: time: invalid duration", uid, sequence: 2);
        await SayAsync(hub, "drifted", RemoteConfigState.Applied, hash, Wanted.Replace("5s", "1m"), uid: uid, sequence: 3);
        hub.Fleet.CompareSome();
        hub.Time.Advance(TimeSpan.FromSeconds(5));

        var page = await OpenAsync(hub, $"/agents/{uid}");

        Assert.Equal(["Desired", "Offered", "Received", "Applied", "In effect"], Cells(page, ".config-ladder .state"));
        Assert.Equal(["at-done", "at-done", "at-done", "at-done", "at-failed"], page.QuerySelectorAll(".config-ladder li").Select(step => step.ClassName));
        Assert.Equal(4, page.QuerySelectorAll(".config-ladder time").Length);
        Assert.Contains("processors.batch.timeout", Cells(page, "[data-live=configuration] .path"));
        Assert.Equal(["-    timeout: 5s", "+    timeout: 1m"], Cells(page, ".diff .diff-del, .diff .diff-add").Select(line => line.TrimEnd()));
        Assert.DoesNotContain("hunter2", page.DocumentElement.OuterHtml, StringComparison.Ordinal);
        var rejected = page.QuerySelector(".attempts tbody tr")!.TextContent;
        Assert.Contains(failed[..10], rejected, StringComparison.Ordinal);
        Assert.Contains("invalid duration", rejected, StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll(".attempts form"));
        Assert.Equal(["The agent", "pipeline:traces", "receiver:otlp/2"], Cells(page, ".health-tree .state"));
        Assert.Equal("receiver:otlp/2", page.QuerySelector(".health-tree .health-tree .health-tree .state")!.TextContent.Trim());
        Assert.Contains("address in use", page.QuerySelector(".health-error")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Operator_attributes_are_set_by_a_form_of_this_site_alone()
    {
        await using var hub = await HubFixture.StartAsync();
        var uid = await SayAsync(hub, "web-1", RemoteConfigState.Unset, null, null);
        var path = $"/agents/{uid}/attributes";

        using var foreign = await PostAsync(hub, path, "https://elsewhere.example", ("attributes", "team=evil"), ("basis", ""));
        using var silent = await PostAsync(hub, path, null, ("attributes", "team=evil"), ("basis", ""));
        using var saved = await PostAsync(hub, path, hub.Client.BaseAddress!.GetLeftPart(UriPartial.Authority), ("attributes", "team=shop\r\ntier = gold = 1\r\n\r\n"), ("basis", ""));
        using var raced = await PostAsync(hub, path, hub.Client.BaseAddress!.GetLeftPart(UriPartial.Authority), ("attributes", "team=news"), ("basis", ""));
        using var wrong = await PostAsync(hub, path, hub.Client.BaseAddress!.GetLeftPart(UriPartial.Authority), ("attributes", "collector.type=otel\n<b>"), ("basis", "team=shop\r\ntier=gold = 1"));

        Assert.Equal([HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.SeeOther, HttpStatusCode.BadRequest, HttpStatusCode.BadRequest], new[] { foreign, silent, saved, raced, wrong }.Select(response => response.StatusCode));
        var page = await OpenAsync(hub, saved.Headers.Location!.ToString());
        Assert.Equal("team=shop\ntier=gold = 1", page.QuerySelector("textarea")!.TextContent);
        var conflict = await ParseAsync(await raced.Content.ReadAsStringAsync());
        Assert.Contains("They are now: team=shop, tier=gold = 1.", conflict.QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("team=news", conflict.QuerySelector("textarea")!.TextContent);
        Assert.Contains("Line 2, “<b>”: write name=value.", (await ParseAsync(await wrong.Content.ReadAsStringAsync())).QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("shop", hub.Fleet.Find_NeedsLock(uid)!.OperatorAttributes["team"]);
    }

    [Fact]
    public async Task What_an_agent_failed_with_is_offered_again_by_a_form()
    {
        var assignments = new SetAssignments();
        await using var hub = await HubFixture.StartAsync(null, null, assignments);
        var hash = assignments.Set("Collector", Wanted);
        var uid = await SayAsync(hub, "web-1", RemoteConfigState.Failed, hash, null, "out of memory");
        var form = (await OpenAsync(hub, $"/agents/{uid}")).QuerySelector(".attempts form")!.GetAttribute("action")!;

        using var again = await PostAsync(hub, form, hub.Client.BaseAddress!.GetLeftPart(UriPartial.Authority));

        Assert.Equal(HttpStatusCode.SeeOther, again.StatusCode);
        Assert.Empty(hub.Fleet.Find_NeedsLock(uid)!.Config!.Rejected);
    }

    [Fact]
    public async Task A_hundred_thousand_agents_page_filter_and_sort_quickly()
    {
        var assignments = new SetAssignments();
        assignments.Set("Collector", Wanted);
        await using var hub = await HubFixture.StartAsync(null, null, assignments);
        Fill(hub, 100_000);
        // Warm-up: the first rendering compiles the page.
        var first = await OpenAsync(hub, "/agents?sort=host");

        Assert.Equal("100,000", first.QuerySelector(".chips a .num")!.TextContent);
        Assert.Equal(50, first.QuerySelectorAll("[data-row]").Length);
        Assert.Equal("host-000000", Cells(first, "[data-row] .place")[0]);
        foreach (var (url, place) in ((string, string)[])[
            ("/agents?sort=host", "host-000000"), ("/agents?sort=host&dir=desc&page=2000", "host-000049"), ("/agents?q=host-09999&sort=host", "host-099990"), ("/agents?show=connected&sort=state&page=700", "")])
        {
            var times = new List<double>();
            for (var i = 0; i < 5; i++)
            {
                var start = Stopwatch.GetTimestamp();
                var html = await hub.Client.GetStringAsync(url);
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                Assert.InRange(html.Length, 5_000, 200_000);
                Assert.Contains(place, html, StringComparison.Ordinal);
            }

            TestContext.Current.TestOutputHelper!.WriteLine($"{url}: {string.Join(", ", times.Select(time => $"{time:0}"))} ms");
            Assert.True(times.Min() < 500, $"{url} took {times.Min():0} ms.");
        }
    }

    private static void Fill(HubFixture hub, int count)
    {
        for (var i = 0; i < count; i++)
        {
            hub.Fleet.Restore(new AgentState(Guid.CreateVersion7())
            {
                Description = Description($"host-{i * 7_919L % count:D6}"),
                Capabilities = AgentCapabilities.ReportsStatus | AgentCapabilities.AcceptsRemoteConfig | AgentCapabilities.ReportsRemoteConfig,
                Health = new ComponentHealth { Healthy = i % 10 != 0, LastError = i % 10 == 0 ? "exporter queue is full" : "" },
                LastSeen = hub.Time.GetUtcNow().AddSeconds(-(i % 60)),
                Transport = "websocket",
                Connection = AgentConnection.Http,
                Dirty = false,
            });
        }
    }

    private static AgentDescription Description(string host) => new()
    {
        Identifying = { new KeyValue("service.name", "io.opentelemetry.collector"), new KeyValue("service.version", "0.155.0") },
        NonIdentifying = { new KeyValue("host.id", host), new KeyValue("host.name", host), new KeyValue("os.type", "linux"), new KeyValue("tier", host is "drifted" or "failed" ? "gold" : "tin") },
    };

    private static NamedHealth Part(string name, ComponentHealth health) => new() { Name = name, Health = health };

    private static async Task<Guid> SayAsync(HubFixture hub, string host, RemoteConfigState state, string? hash, string? effective, string error = "", Guid? uid = null, ulong sequence = 1)
    {
        var id = uid ?? Guid.CreateVersion7();
        await hub.SayAsync(new AgentToServer
        {
            InstanceUid = id.ToByteArray(bigEndian: true),
            SequenceNum = sequence,
            Capabilities = AgentCapabilities.ReportsStatus | AgentCapabilities.AcceptsRemoteConfig | AgentCapabilities.ReportsRemoteConfig | AgentCapabilities.ReportsEffectiveConfig | AgentCapabilities.ReportsHealth,
            Description = Description(host),
            Health = new ComponentHealth
            {
                Healthy = true,
                Status = "StatusOK",
                Components =
                {
                    Part("pipeline:traces", new ComponentHealth { Healthy = true, Components = { Part("receiver:otlp/2", new ComponentHealth { LastError = "listen tcp: address in use" }) } }),
                },
            },
            RemoteConfigStatus = hash is null ? null : new RemoteConfigStatus { LastHash = Convert.FromHexString(hash), State = state, ErrorMessage = error },
            EffectiveConfig = effective is null ? null : new EffectiveConfig { Map = { Entries = { new NamedConfig { Name = "", Config = new AgentConfigObject { Body = System.Text.Encoding.UTF8.GetBytes(effective), ContentType = "text/yaml" } } } } },
        });
        return id;
    }

    private static async Task<HttpResponseMessage> PostAsync(HubFixture hub, string path, string? origin, params (string Name, string Value)[] fields)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = hub.Client.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))) };
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        return await client.SendAsync(request);
    }

    private async Task<IDocument> OpenAsync(HubFixture hub, string url)
    {
        using var response = await hub.Client.GetAsync(url);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await ParseAsync(await response.Content.ReadAsStringAsync());
    }

    private Task<IDocument> ParseAsync(string html) => _browsing.OpenAsync(request => request.Content(html));

    private static string[] Cells(IDocument page, string selector) => [.. page.QuerySelectorAll(selector).Select(cell => cell.TextContent.Trim())];
}
