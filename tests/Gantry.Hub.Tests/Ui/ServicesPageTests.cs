using System.Diagnostics;
using System.Net;
using Gantry.Testing;

namespace Gantry.Hub.Tests.Ui;

public class ServicesPageTests : UiTest
{
    [Fact]
    public async Task Each_service_is_a_row_with_its_rung_state_and_figures()
    {
        var page = await OpenAsync("/services");

        Assert.Equal(26, Names(page).Length);
        var checkout = page.QuerySelector("[data-key='checkout']")!;
        var text = checkout.TextContent;
        Assert.Contains("3", text, StringComparison.Ordinal);
        Assert.Contains("Transactions", text, StringComparison.Ordinal);
        Assert.Contains("Fresh", text, StringComparison.Ordinal);
        Assert.Contains("Java", text, StringComparison.Ordinal);
        Assert.Contains("18.4 req/s", text, StringComparison.Ordinal);
        Assert.Contains("7.1 %", text, StringComparison.Ordinal);
        Assert.Contains("440 ms", text, StringComparison.Ordinal);
        Assert.Equal("/services/checkout", checkout.QuerySelector(".row-link")!.GetAttribute("href"));
    }

    [Fact]
    public async Task Stale_and_dark_are_words()
    {
        var page = await OpenAsync("/services");

        Assert.Contains("Stale", page.QuerySelector("[data-key='print-planning']")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Dark", page.QuerySelector("[data-key='billing-batch'] .state")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ages_are_in_words_and_machine_readable()
    {
        var page = await OpenAsync("/services");

        var age = page.QuerySelector("[data-key='checkout'] time")!;
        var seen = Estate.Current.Services.Single(row => row.Id == "checkout").LastSeen!.Value;
        Assert.Equal($"{(int)(Now - seen).TotalSeconds} s ago", age.TextContent);
        Assert.Equal(seen.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'"), age.GetAttribute("datetime"));
        Assert.Equal("never", page.QuerySelector("[data-key='billing-batch'] .age")!.TextContent);
    }

    [Fact]
    public async Task Sorts_by_name_until_told_otherwise()
    {
        var names = Names(await OpenAsync("/services"));

        Assert.Equal(names.Order(StringComparer.Ordinal), names);
    }

    [Fact]
    public async Task Sorting_by_a_figure_puts_rows_without_it_last_in_both_directions()
    {
        var falling = Names(await OpenAsync("/services?sort=rate&dir=desc"));
        var rising = Names(await OpenAsync("/services?sort=rate"));

        Assert.Equal("article-api", falling[0]);
        Assert.Equal("feed-export", rising[0]);
        Assert.Contains("redis", falling[17..]);
        Assert.Contains("redis", rising[17..]);
    }

    [Fact]
    public async Task The_sorted_column_says_so_and_its_link_turns_the_order_round()
    {
        var page = await OpenAsync("/services?sort=p95&dir=desc");

        var head = page.QuerySelector("th[aria-sort]")!;
        Assert.Equal("descending", head.GetAttribute("aria-sort"));
        Assert.Equal("/services?sort=p95", head.QuerySelector("a")!.GetAttribute("href"));
    }

    [Theory]
    [InlineData("/services?q=reading+java", new[] { "archive-search", "search" })]
    [InlineData("/services?q=PAYWALL", new[] { "paywall" })]
    [InlineData("/services?show=4", new[] { "article-api", "paywall" })]
    [InlineData("/services?show=stale", new[] { "print-planning" })]
    [InlineData("/services?show=dark&q=db-01", new[] { "legacy-login", "postgres", "redis" })]
    [InlineData("/services?q=.NET&show=4", new[] { "article-api" })]
    public async Task Filters_narrow_the_list(string url, string[] expected)
    {
        Assert.Equal(expected, Names(await OpenAsync(url)));
    }

    [Fact]
    public async Task Chips_count_what_they_would_leave()
    {
        var page = await OpenAsync("/services?q=reading");

        var chips = Column(page, ".chips a");
        Assert.Contains(chips, chip => chip.StartsWith("All", StringComparison.Ordinal) && chip.EndsWith('7'));
        Assert.Contains(chips, chip => chip.StartsWith("3 Transactions", StringComparison.Ordinal) && chip.EndsWith('3'));
        Assert.Equal("/services?q=reading&show=3", page.QuerySelectorAll(".chips a").Single(chip => chip.TextContent.Contains("3 Trans", StringComparison.Ordinal)).GetAttribute("href"));
    }

    [Fact]
    public async Task A_filter_that_leaves_nothing_says_which_and_offers_the_way_out()
    {
        var page = await OpenAsync("/services?q=zebra&show=stale");

        Assert.Contains("No services match “zebra” and Stale.", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("26", page.QuerySelector(".diagnosis")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("/services", page.QuerySelector(".diagnosis a.button")!.GetAttribute("href"));
    }

    [Fact]
    public async Task The_filter_keeps_the_order_and_the_order_keeps_the_filter()
    {
        var page = await OpenAsync("/services?q=java&sort=rate&dir=desc");

        Assert.Equal("rate", page.QuerySelector("form.filter input[name=sort]")!.GetAttribute("value"));
        Assert.Equal("desc", page.QuerySelector("form.filter input[name=dir]")!.GetAttribute("value"));
        Assert.All(page.QuerySelectorAll("a.sort"), link => Assert.Contains("q=java", link.GetAttribute("href"), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/services?sort=nonsense&dir=desc&show=what&page=-4")]
    [InlineData("/services?page=999999999999999999999")]
    [InlineData("/services?page=77")]
    public async Task What_a_URL_gets_wrong_falls_back(string url)
    {
        Assert.Equal(26, Names(await OpenAsync(url)).Length);
    }

    [Fact]
    public async Task A_hundred_thousand_services_page_filter_and_sort_quickly()
    {
        Estate.Publish(Estates.Large(100_000, Now));

        var first = await OpenAsync("/services");
        var last = await OpenAsync("/services?page=2000");
        var deep = await OpenAsync("/services?sort=p95&dir=desc&page=700");

        Assert.Equal(50, Names(first).Length);
        Assert.Equal("service-000000", Names(first)[0]);
        Assert.Equal("service-099999", Names(last)[^1]);
        Assert.Equal(50, Names(deep).Length);
        Assert.Contains("1–50 of 100,000", first.QuerySelector(".pager")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("/services?page=1999", last.QuerySelector("a[rel=prev]")!.GetAttribute("href"));
        Assert.Null(last.QuerySelector("a[rel=next]"));

        // Some 50 ms on a machine of its own; the limit is for one that others use, and for a page that became quadratic.
        var median = await MedianAsync("/services?q=77&sort=rate&dir=desc&page=3", 9);
        Assert.True(median < TimeSpan.FromSeconds(1), $"A page of 100,000 services took {median.TotalMilliseconds:0} ms.");
    }

    [Fact]
    public async Task A_new_snapshot_of_a_hundred_thousand_is_sorted_once_and_soon()
    {
        await OpenAsync("/services?sort=rate");
        var took = new List<TimeSpan>();
        for (var i = 0; i < 5; i++)
        {
            Estate.Publish(Estates.Large(100_000, Now));
            took.Add(await MedianAsync("/services?sort=rate", 1));
        }

        took.Sort();
        Assert.True(took[2] < TimeSpan.FromSeconds(1), $"The first page of a new snapshot took {took[2].TotalMilliseconds:0} ms.");
    }

    private async Task<TimeSpan> MedianAsync(string url, int runs)
    {
        var took = new List<TimeSpan>();
        for (var i = 0; i < runs; i++)
        {
            var start = Stopwatch.GetTimestamp();
            using var response = await Client.GetAsync(url);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            took.Add(Stopwatch.GetElapsedTime(start));
        }

        took.Sort();
        return took[took.Count / 2];
    }
}
