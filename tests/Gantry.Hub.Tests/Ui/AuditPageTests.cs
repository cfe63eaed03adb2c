using System.Net;
using AngleSharp;
using AngleSharp.Dom;
using Gantry.Hub.Access;
using Gantry.Hub.Tests.Access;
using Gantry.Hub.Tests.FleetManagement;
using Gantry.Hub.Tests.Pipelines;
using Gantry.Testing;

namespace Gantry.Hub.Tests.Ui;

public sealed class SqliteAuditPageTests() : AuditPageTests(new SqliteState());

public sealed class PostgresAuditPageTests() : AuditPageTests(new PostgresState());

/// <summary>The page of the audit log, and what the pages themselves leave in it.</summary>
public abstract class AuditPageTests(TestState state) : IDisposable
{
    private readonly IBrowsingContext _browsing = BrowsingContext.New(Configuration.Default);

    [Fact]
    public async Task What_somebody_does_on_the_pages_is_in_the_log_under_their_name_and_a_look_is_not()
    {
        await using var access = await StartAsync();
        var ada = (await access.TokenAsync("ada", "operator")).Token;
        await new AlloyClient(access.Hub.Client, "1.13.0", "shop/alloy", authorization: $"Bearer {(await access.TokenAsync("fleet", "agent")).Token}").StartAsync();

        using var checkedText = await PostAsync(access, ada, "/pipelines/_new/check", ("document", Documents.Simple("edge")), ("version", "0"));
        using var destination = await access.SendAsync(ada, HttpMethod.Put, "/api/v1/resources/destinations/backend", new StringContent(Documents.Destination("backend")));
        using var saved = await PostAsync(access, ada, "/pipelines/_new", ("document", Documents.Simple("edge")), ("version", "0"), ("do", "save"));
        using var attributes = await PostAsync(access, ada, "/agents/shop%2Falloy/attributes", ("attributes", "team=shop"), ("basis", ""));

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.SeeOther, HttpStatusCode.SeeOther], new[] { checkedText, saved, attributes }.Select(response => response.StatusCode));
        var lines = (await access.ReadAsync<AuditRow[]>("/api/v1/audit?limit=3")).Select(row => (row.Who, row.What, row.Resource, row.Detail));
        Assert.Equal(
            [("ada", "agent.attributes", "Agent/shop/alloy", "source ui: team=shop"), ("ada", "apply", "Pipeline/edge", "source ui, owner ui"), ("ada", "apply", "Destination/backend", "source api, owner api")],
            lines);
        var page = await OpenAsync(access, access.Admin, "/audit");
        Assert.Equal(["ada", "ada", "ada"], Cells(page, "[data-row] th")[..3]);
        Assert.Equal(["/agents/shop%2Falloy", "/pipelines/edge"], page.QuerySelectorAll("[data-row] .row-link").Select(link => link.GetAttribute("href")).Take(2));
        Assert.Equal("127.0.0.1", Cells(page, "[data-row] td:nth-of-type(4)")[0]);
    }

    [Fact]
    public async Task The_log_is_filtered_and_goes_back_page_by_page_and_the_API_shows_the_same()
    {
        await using var access = await StartAsync();
        for (var i = 0; i < 120; i++)
        {
            await access.TokenAsync($"robot-{i:D3}", "viewer");
        }

        await access.GetStatusAsync("gto_wrong");
        await access.DenialAsync("unknown");

        var first = await OpenAsync(access, access.Admin, "/audit?show=access");
        var older = first.QuerySelector(".pager a[rel=next]")!.GetAttribute("href")!;
        var second = await OpenAsync(access, access.Admin, older);
        var last = await OpenAsync(access, access.Admin, second.QuerySelector(".pager a[rel=next]")!.GetAttribute("href")!);

        var seen = new[] { first, second, last }.SelectMany(page => page.QuerySelectorAll("[data-row]")).Select(row => long.Parse(row.GetAttribute("data-key")!, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal((50, 50, 121), (first.QuerySelectorAll("[data-row]").Length, second.QuerySelectorAll("[data-row]").Length, seen.Count));
        Assert.Equal(seen.OrderDescending(), seen);
        Assert.Null(last.QuerySelector(".pager a[rel=next]"));
        Assert.Contains("show=access", older, StringComparison.Ordinal);
        Assert.Equal(["Refused"], Cells(await OpenAsync(access, access.Admin, "/audit?show=refused"), "[data-row] .state").Distinct());
        var found = await OpenAsync(access, access.Admin, "/audit?q=robot-007&show=access");
        Assert.Single(found.QuerySelectorAll("[data-row]"));
        var api = await access.ReadAsync<AuditRow[]>(found.QuerySelector(".page-doors a")!.GetAttribute("href")!);
        Assert.Contains("robot-007", Assert.Single(api).Resource, StringComparison.Ordinal);
        Assert.Contains("gantry access audit --what 'token.create,token.revoke,token.rotate,token.replaced,enrol' --about robot-007", found.QuerySelector("#cli")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("No line matches.", (await OpenAsync(access, access.Admin, "/audit?q=nobody-like-this")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_viewer_gets_no_line_of_it_however_the_address_is_spelled()
    {
        await using var access = await StartAsync();
        var viewer = (await access.TokenAsync("eve", "viewer")).Token;
        var operatorsToken = (await access.TokenAsync("ada", "operator")).Token;

        foreach (var path in new[] { "/audit", "/audit/", "/AUDIT", "//audit", "/audit?show=access", "/api/v1/audit", "/api/v1/audit/", "/API/v1/Audit", "/live?page=%2Faudit", "/live?page=%2F%2Faudit", "/live?page=%2Faudit%2F" })
        {
            // As a whole: a relative "//audit" would be a host.
            using var response = await access.SendAsync(viewer, HttpMethod.Get, access.Hub.Client.BaseAddress!.GetLeftPart(UriPartial.Authority) + path);
            Assert.True(!response.IsSuccessStatusCode, $"{path}: {response.StatusCode}");
            Assert.DoesNotContain("token.create", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.OK, await access.GetStatusAsync(operatorsToken, "/audit"));
        Assert.Null((await OpenAsync(access, viewer, "/services")).QuerySelector(".menu a[href='/audit']"));
        Assert.NotNull((await OpenAsync(access, operatorsToken, "/services")).QuerySelector(".menu a[href='/audit']"));
    }

    [Fact]
    public async Task Hostile_text_in_a_line_stays_text()
    {
        await using var access = await StartAsync();
        await access.TokenAsync("<script>alert(1)</script>", "viewer");

        var page = await OpenAsync(access, access.Admin, "/audit?show=access");

        Assert.Empty(page.QuerySelectorAll("[data-row] script"));
        Assert.Contains("<script>", page.QuerySelector("[data-row]")!.TextContent, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        _browsing.Dispose();
        state.Dispose();
    }

    private async Task<AccessFixture> StartAsync() => await AccessFixture.StartAsync(await HubFixture.StartAsync(state));

    private static async Task<HttpResponseMessage> PostAsync(AccessFixture access, string token, string path, params (string Name, string Value)[] fields)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = access.Hub.Client.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))) };
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        request.Headers.Authorization = new("Bearer", token);
        return await client.SendAsync(request);
    }

    private async Task<IDocument> OpenAsync(AccessFixture access, string token, string url)
    {
        using var response = await access.SendAsync(token, HttpMethod.Get, url);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var html = await response.Content.ReadAsStringAsync();
        return await _browsing.OpenAsync(request => request.Content(html));
    }

    private static string[] Cells(IDocument page, string selector) => [.. page.QuerySelectorAll(selector).Select(cell => cell.TextContent.Trim())];
}
