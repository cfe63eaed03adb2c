using System.Net;
using AngleSharp.Dom;
using Gantry.Hub.Coverage;
using Gantry.Testing;

namespace Gantry.Hub.Tests.Ui;

/// <summary>Names come from whoever can send telemetry; pages stay ours. And controls have names for whoever cannot see them.</summary>
public class SafetyTests : UiTest
{
    private const string Evil = "<script>alert(1)</script>\"'&<img src=x onerror=alert(2)>";

    public static TheoryData<string> Pages => ["/", "/services", "/services/checkout", "/services/checkout?range=24h", "/services/billing-batch", "/hosts", "/hosts/app-01", "/hosts/edge-ams-1", "/findings", "/findings?show=low", "/services/newsletter", "/agents", $"/agents/{Newspaper.Snapshot(Now).Agents[0].Id}"];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_response_carries_the_policy(string url)
    {
        using var response = await Client.GetAsync(url);

        Assert.Equal(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            response.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("same-origin", response.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("same-origin", response.Headers.GetValues("Cross-Origin-Opener-Policy").Single());
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task No_page_has_anything_inline_or_from_elsewhere(string url)
    {
        var page = await OpenAsync(url);

        foreach (var element in page.All)
        {
            Assert.DoesNotContain(element.Attributes, attribute => attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase) || attribute.Name == "style");
        }

        Assert.Empty(page.QuerySelectorAll("style"));
        Assert.All(page.QuerySelectorAll("script"), script => Assert.Empty(script.TextContent));
        Assert.All(page.QuerySelectorAll("[src], link[href], a[href]:not(.skip), form[action]"), element =>
            Assert.Matches("^/(?!/)", element.GetAttribute("src") ?? element.GetAttribute("href") ?? element.GetAttribute("action")));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_control_has_a_name_and_every_id_is_unique(string url)
    {
        var page = await OpenAsync(url);

        foreach (var control in page.QuerySelectorAll("button, a, input:not([type=hidden]), nav, section, table ~ nav"))
        {
            Assert.True(NameOf(page, control).Length > 0, $"{control.OuterHtml} has no name.");
        }

        Assert.All(page.QuerySelectorAll("svg:not(svg svg)"), svg => Assert.True(
            svg.GetAttribute("aria-hidden") == "true" || (svg.GetAttribute("role") == "img" && svg.QuerySelector("title") is not null), svg.OuterHtml));
        Assert.Empty(page.QuerySelectorAll("[id]").GroupBy(element => element.Id).Where(group => group.Count() > 1).Select(group => group.Key));
        Assert.All(page.QuerySelectorAll("[popovertarget]"), button => Assert.NotNull(page.GetElementById(button.GetAttribute("popovertarget")!)));
        Assert.Single(page.QuerySelectorAll("h1"));
        Assert.Equal("#main", page.QuerySelector("body > a")!.GetAttribute("href"));
    }

    [Fact]
    public async Task Markup_in_names_stays_text()
    {
        var source = Newspaper.Snapshot(Now);
        var service = source.Services.Single(row => row.Id == "checkout") with
        {
            Id = "evil",
            Name = Evil,
            Namespace = Evil,
            Environment = Evil,
            Language = Evil,
            LanguageRule = Evil,
            RuntimeVersion = Evil,
            Instrumentation = Evil,
            MatchedBy = Evil,
            Next = new Step(Evil, Evil, Evil, "javascript:alert(1)"),
            Evidence = [new EvidenceRow("x", Evil, Evil, 2, "fresh", Now, Evil)],
            Processes = [new ProcessRow("evil", Evil, 1, Now, Evil, Evil, Evil, Evil, Evil, Evil, [Evil], Evil, Evil)],
        };
        var host = source.Hosts[0] with { Id = "evil", Name = Evil, Os = Evil, Arch = Evil, Limits = Evil };
        var agent = source.Agents[0] with { Id = "evil", Kind = Evil, Version = Evil, HostName = Evil, LastError = Evil, Transport = Evil, Health = Evil, Capabilities = [Evil], Attributes = new Dictionary<string, string> { [Evil] = Evil } };
        Estate.Publish(Estates.Of(Now, [host], [service], [agent], [new Attention("high", Evil, Evil, "//elsewhere.example", Now)], new Step(Evil, Evil, Evil, "javascript:alert(1)")) with
        {
            Edges =
            [
                new EdgeRow("e1", new EdgeNode("evil", Evil, "service", "", "evil"), new EdgeNode(Evil, Evil, "database", Evil, null), [Evil], Evil, Evil, [Evil], Now, new EdgeRed(1, 0, 1, 1), 1, 0, Now),
                new EdgeRow("e2", new EdgeNode(Evil, Evil, "queue", Evil, null), new EdgeNode("evil", Evil, "service", "", "evil"), [Evil], "", Evil, [Evil], null, null, 1, 0, Now),
            ],
            Findings = [new FindingRow("f", "high", "evil", Evil, Evil, Evil, Evil, Evil, Evil, Evil, Evil, 1, Evil, Now, Now)],
        });
        Estate.OperationsOf = _ => [new OperationRow(Evil, "SERVER", 1, 0, 1, 1, Now)];
        Estate.NeighboursOf = _ => new ServiceNeighbours([new Neighbour("evil", Evil, Now)], []);

        foreach (var url in (string[])["/", "/services", "/services/evil", "/findings", "/hosts", "/hosts/evil", "/agents", "/agents/evil", "/services?q=" + Uri.EscapeDataString(Evil)])
        {
            var page = await OpenAsync(url);

            Assert.Single(page.QuerySelectorAll("script"));
            Assert.Empty(page.QuerySelectorAll("img"));
            Assert.DoesNotContain(page.All, element => element.HasAttribute("onerror"));
            Assert.DoesNotContain(page.QuerySelectorAll("a"), link => link.GetAttribute("href")!.Contains("javascript", StringComparison.Ordinal) || link.GetAttribute("href")!.StartsWith("//", StringComparison.Ordinal));
            Assert.Contains("<script>", page.Body!.TextContent + page.QuerySelector("#filter")?.GetAttribute("value"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_command_quotes_an_id_for_the_shell()
    {
        var service = Newspaper.Snapshot(Now).Services[0] with { Id = "x; rm -rf ~ 'y'" };
        Estate.Publish(Estates.Of(Now, [], [service], []));

        var page = await OpenAsync("/services/" + Uri.EscapeDataString(service.Id));

        Assert.Equal("gantry get services 'x; rm -rf ~ '\\''y'\\''' -o json", page.QuerySelector("#cli code")!.TextContent);
    }

    [Fact]
    public async Task Assets_are_kept_for_a_year_under_a_name_that_changes_with_them()
    {
        var page = await OpenAsync("/");
        foreach (var url in (string[])[page.QuerySelector("script")!.GetAttribute("src")!, page.QuerySelector("link[rel=stylesheet]")!.GetAttribute("href")!, page.QuerySelector("link[rel=icon]")!.GetAttribute("href")!])
        {
            using var response = await Client.GetAsync(url);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Matches(@"\.[0-9a-f]{16}\.(css|js|svg)$", url);
            Assert.Equal("public, max-age=31536000, immutable", response.Headers.CacheControl!.ToString());
            Assert.Contains("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);

            using var again = new HttpRequestMessage(HttpMethod.Get, url);
            again.Headers.IfNoneMatch.Add(response.Headers.ETag!);
            using var unchanged = await Client.SendAsync(again);
            Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        }

        using var old = await Client.GetAsync("/_ui/gantry.0000000000000000.js");
        Assert.Equal(HttpStatusCode.NotFound, old.StatusCode);
        Assert.Equal("no-store", old.Headers.CacheControl!.ToString());
    }

    [Fact]
    public async Task Our_script_is_short_and_runs_under_the_policy()
    {
        var page = await OpenAsync("/");
        var script = await Client.GetStringAsync(page.QuerySelector("script")!.GetAttribute("src"));

        Assert.InRange(script.Split('\n').Length, 50, 199);
        Assert.All((string[])["eval(", "new Function", "document.write", "setAttribute('style", "setAttribute('on", "https://", "http://"], forbidden =>
            Assert.DoesNotContain(forbidden, script, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_theme_is_a_cookie_that_the_next_page_is_drawn_in()
    {
        using var chosen = await Client.PostAsync("/theme", new FormUrlEncodedContent(new Dictionary<string, string> { ["theme"] = "dark", ["return"] = "/services?q=java" }));

        Assert.Equal(HttpStatusCode.SeeOther, chosen.StatusCode);
        Assert.Equal("/services?q=java", chosen.Headers.Location!.ToString());
        var cookie = chosen.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("Cookie", cookie);
        using var response = await Client.SendAsync(request);
        var page = await ParseAsync(await response.Content.ReadAsStringAsync());
        Assert.Equal("dark", page.DocumentElement.GetAttribute("data-theme"));
        Assert.Equal("true", page.QuerySelector("[data-theme-choice][value=dark]")!.GetAttribute("aria-pressed"));
    }

    [Theory]
    [InlineData("//elsewhere.example/")]
    [InlineData("https://elsewhere.example/")]
    [InlineData("/\\elsewhere.example")]
    public async Task The_theme_form_never_leads_elsewhere(string to)
    {
        using var chosen = await Client.PostAsync("/theme", new FormUrlEncodedContent(new Dictionary<string, string> { ["theme"] = "<x>", ["return"] = to }));

        Assert.Equal("/", chosen.Headers.Location!.ToString());
        Assert.Contains("gantry-theme=system", chosen.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);
    }

    private static string NameOf(IDocument page, IElement element)
    {
        var label = element.GetAttribute("aria-label") ?? (element.Id is { Length: > 0 } id ? page.QuerySelector($"label[for='{id}']")?.TextContent : null);
        return (label ?? element.TextContent).Trim();
    }
}
