using System.Net;
using Gantry.Testing;

namespace Gantry.Hub.Tests.Ui;

/// <summary>What each page answers.</summary>
public class PagesTests : UiTest
{
    [Fact]
    public async Task Home_says_how_far_we_are_what_is_wrong_and_the_one_next_step()
    {
        var page = await OpenAsync("/");

        Assert.Equal("17 of 26 services show rate, errors and duration.", page.QuerySelector("h1")!.TextContent);
        Assert.Equal(["6", "3", "7", "8", "2"], Column(page, ".step .step-count .num"));
        Assert.Equal(["1 host", "6 hosts"], Column(page, ".step-hosts"));
        Assert.Equal("/services?show=3", page.QuerySelector(".step-3 a")!.GetAttribute("href"));
        Assert.Single(page.QuerySelectorAll(".step-card"));
        Assert.Equal("gantry instrument billing-batch --method injector --host app-01", page.QuerySelector(".step-card code")!.TextContent);
        Assert.Equal(["High", "High", "Medium", "Medium", "Low"], Column(page, ".attention .severity"));
    }

    [Fact]
    public async Task Home_of_an_empty_estate_is_a_diagnosis()
    {
        Estate.Publish(Estates.Empty(Now));

        var page = await OpenAsync("/");

        Assert.Equal("No host and no service is known yet.", page.QuerySelector("h1")!.TextContent);
        Assert.Equal("gantry up", page.QuerySelector(".step-card code")!.TextContent);
        Assert.True(page.QuerySelectorAll(".cause").Length >= 3);
    }

    [Theory]
    [InlineData("/hosts", "No agent runs yet")]
    [InlineData("/services", "No host is known")]
    [InlineData("/agents", "No agent was started")]
    [InlineData("/findings", "Nothing has sent yet")]
    public async Task Empty_lists_name_causes_in_order_each_with_a_command(string url, string first)
    {
        Estate.Publish(Estates.Empty(Now));

        var page = await OpenAsync(url);

        var causes = page.QuerySelectorAll(".cause");
        Assert.True(causes.Length >= 3);
        Assert.All(causes, cause => Assert.NotEmpty(cause.QuerySelector("code")!.TextContent));
        Assert.Contains(first, causes[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("Checked: this is it", causes[0].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connected_agent_moves_the_diagnosis_of_no_hosts_along()
    {
        Estate.Publish(Estates.Of(Now, [], [], [.. Newspaper.Snapshot(Now).Agents]));

        var page = await OpenAsync("/hosts");

        var causes = page.QuerySelectorAll(".cause");
        Assert.Contains("not this", causes[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("this is it", causes[2].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_shows_figures_charts_evidence_operations_and_processes()
    {
        var page = await OpenAsync("/services/checkout");

        Assert.Equal("checkout", page.QuerySelector("h1")!.TextContent);
        Assert.Equal(["18.4 req/s", "7.1 %", "140 ms", "440 ms", "1.1 s"], Column(page, ".tile-value"));
        Assert.All(page.QuerySelectorAll(".tile"), tile => Assert.Contains("s ago from spans", tile.TextContent, StringComparison.Ordinal));
        Assert.Equal(["red-rate", "red-errors", "red-duration"], page.QuerySelectorAll("figure.chart").Select(chart => chart.Id));
        Assert.Equal(5, page.QuerySelectorAll(".evidence tbody tr:not(.group)").Length);
        Assert.Contains("SERVER spans of checkout", page.QuerySelector(".evidence")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("POST /orders", page.QuerySelector("[data-live=operations]")!.TextContent, StringComparison.Ordinal);
        var process = page.QuerySelector("[data-live=processes]")!.TextContent;
        Assert.Contains("3120", process, StringComparison.Ordinal);
        Assert.Contains("0.0.0.0:8443", process, StringComparison.Ordinal);
        Assert.Contains("checkout.service", process, StringComparison.Ordinal);
        Assert.Contains("recognised by libjvm.so is mapped", process, StringComparison.Ordinal);
        Assert.Contains("host.id and process.pid", process, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "15 min")]
    [InlineData("?range=1h", "1 h")]
    [InlineData("?range=24h", "24 h")]
    [InlineData("?range=year", "15 min")]
    public async Task The_range_of_charts_is_in_the_URL(string query, string chosen)
    {
        var page = await OpenAsync("/services/checkout" + query);

        Assert.Equal(chosen, page.QuerySelector(".tabs [aria-current]")!.TextContent);
        Assert.NotEmpty(page.QuerySelectorAll("svg[data-chart]"));
    }

    [Fact]
    public async Task A_day_of_ten_second_points_is_thinned_to_what_a_chart_can_show()
    {
        var page = await OpenAsync("/services/checkout?range=24h");

        var points = page.QuerySelector("#red-rate svg[data-chart]")!.GetAttribute("data-x")!.Split(' ').Length;
        Assert.InRange(points, 100, 125);
        Assert.InRange(page.QuerySelectorAll(".chart-table tbody tr").Length, 30, 61);
    }

    [Fact]
    public async Task A_dark_service_says_what_is_missing_and_what_to_do()
    {
        var page = await OpenAsync("/services/billing-batch");

        Assert.Contains("nothing that it sends is seen", page.QuerySelector(".verdict")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("gantry instrument billing-batch --method injector", page.QuerySelector(".step-card code")!.TextContent);
        Assert.Empty(page.QuerySelectorAll("svg[data-chart]"));
        Assert.All(page.QuerySelectorAll(".evidence .state"), state => Assert.Equal("Missing", state.TextContent));
    }

    [Fact]
    public async Task A_host_is_a_matrix_of_resources_and_questions()
    {
        var page = await OpenAsync("/hosts/app-01");

        Assert.Equal(["CPU", "Memory", "Disk and file system", "Network"], Column(page, ".use-row h3"));
        Assert.All(page.QuerySelectorAll(".use-row"), row => Assert.Equal(3, row.QuerySelectorAll(".use-cell").Length));
        Assert.Equal(11, page.QuerySelectorAll("svg[data-chart]").Length);
        Assert.Equal(8, page.QuerySelectorAll(".evidence tbody tr:not(.group)").Length);
        Assert.Equal(["billing-batch", "checkout", "identity", "newsletter", "print-planning"], Names(page));
    }

    [Fact]
    public async Task Hosts_are_rows_with_shares_and_counts()
    {
        var page = await OpenAsync("/hosts?sort=disk&dir=desc");

        Assert.Equal("db-01", Names(page)[0]);
        Assert.Contains("93 %", page.QuerySelector("[data-key='db-01']")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Stale", page.QuerySelector("[data-key='edge-ams-1']")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Agents_show_connection_and_health_and_an_agent_its_capabilities_in_words()
    {
        var list = await OpenAsync("/agents?show=unhealthy");

        var link = list.QuerySelector("[data-row] .row-link")!.GetAttribute("href")!;
        Assert.Contains("address already in use", list.QuerySelector("[data-row]")!.InnerHtml, StringComparison.Ordinal);

        var agent = await OpenAsync(link);
        Assert.Contains("Takes configuration from the hub", Column(agent, ".capabilities li")[1], StringComparison.Ordinal);
        Assert.Contains("os.description", agent.QuerySelector("[data-live=attributes]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("/hosts/app-02", agent.QuerySelector("[data-live=standing] a")!.GetAttribute("href"));
    }

    [Theory]
    [InlineData("/services/nope", "There is no service “nope”.", "/services")]
    [InlineData("/hosts/nope", "There is no host “nope”.", "/hosts")]
    [InlineData("/agents/nope", "There is no agent “nope”.", "/agents")]
    [InlineData("/attic/nope", "There is no page “/attic/nope”.", "/")]
    public async Task What_is_unknown_is_a_404_with_a_way_on(string url, string sentence, string back)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Add("Accept", "text/html");
        using var response = await Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        var page = await ParseAsync(await response.Content.ReadAsStringAsync());
        Assert.Equal(sentence, page.QuerySelector("h1")!.TextContent);
        Assert.Equal(back, page.QuerySelector(".diagnosis a")!.GetAttribute("href"));
    }

    [Fact]
    public async Task A_program_that_asks_for_an_unknown_path_gets_a_bare_404()
    {
        using var response = await Client.PostAsync("/v1/traces", new ByteArrayContent([]));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_failure_is_a_page_without_its_insides_and_an_error_in_the_log()
    {
        Estate.Failure = new InvalidOperationException("the secret of the database");

        var page = await OpenAsync("/services", HttpStatusCode.InternalServerError);

        Assert.Equal("This page could not be drawn.", page.QuerySelector("h1")!.TextContent);
        Assert.DoesNotContain("secret", page.DocumentElement.OuterHtml, StringComparison.Ordinal);
        Assert.DoesNotContain("InvalidOperation", page.DocumentElement.OuterHtml, StringComparison.Ordinal);
        Assert.Contains(Logs.Entries, entry => entry.Event == "PageFailed");
    }

    [Fact]
    public async Task Every_page_is_also_a_command_and_JSON()
    {
        (string Url, string Command, string Json)[] doors =
        [
            ("/", "gantry get summary -o json", "/api/v1/summary"),
            ("/services", "gantry get services -o json", "/api/v1/services"),
            ("/services/checkout", "gantry get services checkout -o json", "/api/v1/services/checkout"),
            ("/hosts/app-01", "gantry get hosts app-01 -o json", "/api/v1/hosts/app-01"),
            ("/agents", "gantry get agents -o json", "/api/v1/agents"),
            ("/findings", "gantry get findings -o json", "/api/v1/findings"),
        ];
        foreach (var (url, command, json) in doors)
        {
            var page = await OpenAsync(url);

            Assert.Equal(command, page.QuerySelector("#cli code")!.TextContent);
            Assert.Equal(json, page.QuerySelector(".page-doors a")!.GetAttribute("href"));
        }
    }

    [Fact]
    public async Task A_definition_says_how_a_number_is_computed_and_its_query()
    {
        var page = await OpenAsync("/services");

        var button = page.QuerySelectorAll("button.define").Single(button => button.GetAttribute("aria-label")!.Contains("Request rate", StringComparison.Ordinal));
        var popover = page.GetElementById(button.GetAttribute("popovertarget")!)!;
        Assert.True(popover.HasAttribute("popover"));
        Assert.Contains("before any sampling", popover.TextContent, StringComparison.Ordinal);
        Assert.Contains("rate(traces_span_metrics_calls_total", popover.QuerySelector("code")!.TextContent, StringComparison.Ordinal);
    }
}
