using System.Diagnostics;
using System.Net;
using Gantry.Testing;

namespace Gantry.Hub.Tests.Ui;

public class FindingsPageTests : UiTest
{
    [Fact]
    public async Task Each_finding_says_what_why_how_often_and_what_puts_it_right_worst_first()
    {
        var page = await OpenAsync("/findings");

        Assert.Equal(["High", "Medium", "Medium", "Low", "Low", "Low"], Column(page, "[data-row] .severity"));
        Assert.Equal("comments", Names(page)[0]);
        var row = page.QuerySelectorAll("[data-row]").Single(row => row.TextContent.Contains("service.version", StringComparison.Ordinal));
        Assert.Contains("Resource attribute service.version is missing", row.TextContent, StringComparison.Ordinal);
        Assert.Equal("OTEL_RESOURCE_ATTRIBUTES=service.version=…", row.QuerySelector("code")!.TextContent);
        Assert.Equal("/services/checkout", row.QuerySelector(".row-link")!.GetAttribute("href"));
        Assert.Equal("12 min ago", row.QuerySelector("time")!.TextContent);
        Assert.Equal("6", page.QuerySelector(".menu a[aria-current] .count")!.TextContent);
    }

    [Theory]
    [InlineData("/findings?show=high", new[] { "comments" })]
    [InlineData("/findings?show=clocks", new[] { "push-gateway" })]
    [InlineData("/findings?q=folded", new[] { "checkout" })]
    [InlineData("/findings?q=folded_operations", new[] { "checkout" })]
    [InlineData("/findings?q=service.version", new[] { "checkout" })]
    [InlineData("/findings?sort=count&dir=desc&show=medium", new[] { "recommendations", "push-gateway" })]
    public async Task Filters_and_orders_are_those_of_every_list(string url, string[] expected) =>
        Assert.Equal(expected, Names(await OpenAsync(url)));

    [Fact]
    public async Task An_empty_list_says_what_was_looked_at()
    {
        Estate.Publish(snapshot => snapshot with { Findings = [] });

        var page = await OpenAsync("/findings");

        var cause = page.QuerySelectorAll(".cause").Single(cause => cause.TextContent.Contains("Checked: this is it", StringComparison.Ordinal)).TextContent;
        Assert.Contains("Everything that came was right", cause, StringComparison.Ordinal);
        Assert.Contains("The clock is ahead", cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hundred_thousand_findings_page_quickly()
    {
        Estate.Publish(Estates.Large(100_000, Now));
        await OpenAsync("/findings?q=77&sort=count&dir=desc&page=3");
        var took = new List<TimeSpan>();
        for (var i = 0; i < 7; i++)
        {
            var start = Stopwatch.GetTimestamp();
            using var response = await Client.GetAsync("/findings?q=77&sort=count&dir=desc&page=3");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            took.Add(Stopwatch.GetElapsedTime(start));
        }

        took.Sort();
        Assert.Equal(50, Names(await OpenAsync("/findings?page=2000")).Length);
        Assert.True(took[3] < TimeSpan.FromSeconds(3), $"A page of 100,000 findings took {took[3].TotalMilliseconds:0} ms.");
    }

    [Fact]
    public async Task A_service_shows_whom_it_talks_to_and_how_that_is_known()
    {
        var page = await OpenAsync("/services/checkout");

        Assert.Equal(
            ["postgresql subscriptions", "identity", "paywall", "api.cardpayments.example:443", "kafka orders", "mail"],
            page.QuerySelectorAll("[data-live=calls] tbody th").Select(cell => cell.ChildNodes.First(node => node.TextContent.Trim().Length > 0).TextContent.Trim()));
        var rows = page.QuerySelectorAll("[data-live=calls] tbody tr").Select(row => row.TextContent).ToArray();
        Assert.Contains("service.peer.name", rows[1], StringComparison.Ordinal);
        Assert.Contains("38 %", rows[3], StringComparison.Ordinal);
        Assert.Contains("Open: no service is known at this address", rows[3], StringComparison.Ordinal);
        Assert.Contains("read by newsletter", rows[4], StringComparison.Ordinal);
        Assert.Contains("It may be mail (reach, production) or mail (newsroom, production).", rows[5], StringComparison.Ordinal);
        Assert.Equal(["frontpage", "push-gateway"], Column(page, "[data-live=callers] tbody th a"));
        Assert.Equal(2, page.QuerySelectorAll("[data-live=findings] tbody tr").Length);
        Assert.Contains("written by checkout", (await OpenAsync("/services/newsletter")).QuerySelector("[data-live=callers]")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_map_has_a_shape_for_each_kind_and_words_for_whom_it_is_not_drawn()
    {
        var page = await OpenAsync("/services/checkout");

        var map = page.QuerySelector("svg.map")!;
        Assert.Equal(9, map.QuerySelectorAll(".node").Length);
        Assert.Single(map.QuerySelectorAll(".node-database"));
        Assert.Single(map.QuerySelectorAll(".node-queue"));
        Assert.Equal(2, map.QuerySelectorAll(".node-open").Length);
        Assert.Equal(2, map.QuerySelectorAll(".edge-bad").Length);
        Assert.Single(map.QuerySelectorAll(".edge-old"));
        Assert.Contains("checkout is called by frontpage, push-gateway. It calls database postgresql subscriptions, identity", map.QuerySelector("desc")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("/services/identity", map.QuerySelectorAll("a").Single(link => link.TextContent.Contains("identity", StringComparison.Ordinal)).GetAttribute("href"));
    }

    [Fact]
    public async Task Without_neighbours_there_is_no_map_and_with_many_it_says_how_many_more()
    {
        Assert.Null((await OpenAsync("/services/billing-batch")).QuerySelector("svg.map"));
        var edge = Estate.Current.Edges[0];
        Estate.Publish(snapshot => snapshot with
        {
            Edges = [.. Enumerable.Range(0, 60).Select(i => edge with { Id = $"e{i}", Callee = edge.Callee with { Id = $"n{i}", Name = $"db {i}", ServiceId = null } })],
        });

        var page = await OpenAsync("/services/article-api");

        Assert.Equal(9, page.QuerySelectorAll("svg.map .node").Length);
        Assert.Equal("and 52 more, below", page.QuerySelector("svg.map .note-text")!.TextContent);
        Assert.Equal(50, page.QuerySelectorAll("[data-live=calls] tbody tr").Length);
        Assert.Contains("gantry get edges article-api", page.QuerySelector("[data-live=calls]")!.TextContent, StringComparison.Ordinal);
    }
}
