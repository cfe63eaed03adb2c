using System.Net;
using System.Net.Http.Json;
using AngleSharp;
using AngleSharp.Dom;
using Gantry.Hub.Estate;
using Gantry.Hub.Tests.Pipelines;
using Gantry.Protocol.OpAmp;

namespace Gantry.Hub.Tests.Ui;

/// <summary>The pages of pipelines in front of a real hub: what they show, and an editor that loses nothing.</summary>
public class PipelinePageTests
{
    private readonly IBrowsingContext _browsing = BrowsingContext.New(Configuration.Default);

    [Fact]
    public async Task Each_pipeline_is_a_row_with_the_agents_that_it_matches_now()
    {
        await using var hub = await HubFixture.StartAsync();
        var none = await OpenAsync(hub, "/pipelines");
        await ApplyAsync(hub, Documents.Destination("backend"), Documents.Simple("edge", matchers: "'tier=gold'"), Documents.Simple("core", 4319, matchers: "'tier=tin'"));
        await ConnectAsync(hub, "gold");
        await ConnectAsync(hub, "gold");

        var page = await OpenAsync(hub, "/pipelines");

        Assert.Equal("No pipeline is declared yet", none.QuerySelector(".diagnosis h2")!.TextContent);
        Assert.Equal(["core", "edge"], Cells(page, "[data-row] .row-link"));
        Assert.Equal(["0", "2"], Cells(page, "[data-row] td:nth-of-type(3)"));
        Assert.Equal(["tier=tin", "tier=gold"], Cells(page, "[data-row] td:nth-of-type(2)"));
        Assert.Contains("api", page.QuerySelector("[data-row]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["edge"], Cells(await OpenAsync(hub, "/pipelines?q=gold"), "[data-row] .row-link"));
        using var missing = await hub.Client.GetAsync("/pipelines/nope");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task A_new_pipeline_is_checked_and_saved_by_forms_and_every_revision_stays()
    {
        await using var hub = await HubFixture.StartAsync();
        await ApplyAsync(hub, Documents.Destination("backend"));
        await ConnectAsync(hub, "gold");
        var text = Documents.Simple("edge", matchers: "'tier=gold'");

        using var foreign = await PostAsync(hub, "/pipelines/_new", "https://elsewhere.example", text, "0", "save");
        using var live = await PostAsync(hub, "/pipelines/_new/check", null, text, "0", "check");
        using var wrong = await PostAsync(hub, "/pipelines/_new", null, Documents.Simple("edge", destination: "gone"), "0", "save");
        using var saved = await PostAsync(hub, "/pipelines/_new", null, text.ReplaceLineEndings("\r\n"), "0", "save");

        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        Assert.Equal("It is sound.\nIt matches 1 agent now.", await live.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        var again = await ParseAsync(await wrong.Content.ReadAsStringAsync());
        Assert.Contains("there is no such Destination; there are backend", again.QuerySelector("[data-check-out]")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("destination/gone", again.QuerySelector("textarea")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("/pipelines/edge", saved.Headers.Location!.ToString());
        Assert.Equal("ui", (await hub.Client.GetFromJsonAsync<ResourceRow>("/api/v1/resources/pipelines/edge"))!.Owner);

        var version = (await OpenAsync(hub, "/pipelines/edge")).QuerySelector("input[name=version]")!.GetAttribute("value")!;
        using var changed = await PostAsync(hub, "/pipelines/edge", null, text.Replace("tier=gold", "tier=tin"), version, "save");
        Assert.Equal(HttpStatusCode.SeeOther, changed.StatusCode);
        var page = await OpenAsync(hub, "/pipelines/edge");
        Assert.Equal(2, page.QuerySelectorAll("[data-live=revisions] details").Length);
        Assert.Equal(["-  matchers: ['tier=gold']", "+  matchers: ['tier=tin']"], Cells(page, "[data-live=revisions] details:first-of-type .diff span.diff-del, [data-live=revisions] details:first-of-type .diff span.diff-add"));
        Assert.Contains("0 agents match now", page.QuerySelector("[data-live=standing]")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_saves_second_sees_both_differences_and_keeps_the_text()
    {
        await using var hub = await HubFixture.StartAsync();
        await ApplyAsync(hub, Documents.Destination("backend"));
        using var created = await PostAsync(hub, "/pipelines/_new", null, Documents.Simple("edge"), "0", "save");
        var version = (await OpenAsync(hub, "/pipelines/edge")).QuerySelector("input[name=version]")!.GetAttribute("value")!;
        using var first = await PostAsync(hub, "/pipelines/edge", null, Documents.Simple("edge", 4319), version, "save");

        using var second = await PostAsync(hub, "/pipelines/edge", null, Documents.Simple("edge", matchers: "'env=stage'"), version, "save");

        Assert.Equal((HttpStatusCode.SeeOther, HttpStatusCode.PreconditionFailed), (first.StatusCode, second.StatusCode));
        var page = await ParseAsync(await second.Content.ReadAsStringAsync());
        var (theirs, yours) = (page.QuerySelectorAll(".diff")[0].TextContent, page.QuerySelectorAll(".diff")[1].TextContent);
        Assert.Contains("localhost:4319", theirs, StringComparison.Ordinal);
        Assert.DoesNotContain("env=stage", theirs, StringComparison.Ordinal);
        Assert.Contains("+  matchers: ['env=stage']", yours, StringComparison.Ordinal);
        Assert.Contains("env=stage", page.QuerySelector("textarea")!.TextContent, StringComparison.Ordinal);
        // Who has seen the difference may save over it.
        using var third = await PostAsync(hub, "/pipelines/edge", null, Documents.Simple("edge", 4319, matchers: "'env=stage'"), page.QuerySelector("input[name=version]")!.GetAttribute("value")!, "save");
        Assert.Equal(HttpStatusCode.SeeOther, third.StatusCode);
    }

    [Fact]
    public async Task What_is_somebody_elses_is_changed_only_by_taking_it_over()
    {
        await using var hub = await HubFixture.StartAsync();
        await ApplyAsync(hub, Documents.Destination("backend"), Documents.Simple("edge"));
        var version = (await OpenAsync(hub, "/pipelines/edge")).QuerySelector("input[name=version]")!.GetAttribute("value")!;

        using var refused = await PostAsync(hub, "/pipelines/edge", null, Documents.Simple("edge", 4319), version, "save");
        using var taken = await PostAsync(hub, "/pipelines/edge", null, Documents.Simple("edge", 4319), version, "save", takeOver: true);

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.SeeOther), (refused.StatusCode, taken.StatusCode));
        Assert.Contains("it belongs to api", (await ParseAsync(await refused.Content.ReadAsStringAsync())).QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
    }

    private static async Task ApplyAsync(HubFixture hub, params string[] documents) =>
        (await hub.Client.PostAsJsonAsync("/api/v1/apply", new ApplyRequest([new DocumentFile("all.yaml", string.Join("---\n", documents))]))).EnsureSuccessStatusCode();

    private static Task ConnectAsync(HubFixture hub, string tier) => hub.SayAsync(new AgentToServer
    {
        InstanceUid = Guid.CreateVersion7().ToByteArray(bigEndian: true),
        SequenceNum = 1,
        Capabilities = AgentCapabilities.ReportsStatus | AgentCapabilities.AcceptsRemoteConfig,
        Description = new AgentDescription { Identifying = { new KeyValue("service.name", "otelcol"), new KeyValue("service.version", "0.155.0") }, NonIdentifying = { new KeyValue("tier", tier) } },
    });

    private static async Task<HttpResponseMessage> PostAsync(HubFixture hub, string path, string? origin, string document, string version, string action, bool takeOver = false)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = hub.Client.BaseAddress };
        var fields = new Dictionary<string, string> { ["document"] = document, ["version"] = version, ["do"] = action, ["take-over"] = takeOver ? "yes" : "" };
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields) };
        request.Headers.Add("Origin", origin ?? hub.Client.BaseAddress!.GetLeftPart(UriPartial.Authority));
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
