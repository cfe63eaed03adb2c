using System.Diagnostics;
using System.Net;
using Gantry.Estate.Journeys;
using Gantry.Estate.Resources;
using Gantry.Hub.Coverage;
using Gantry.Hub.Journeys;
using Gantry.Hub.Tests.Pipelines;
using Gantry.Hub.Ui.Controls;
using Gantry.Hub.Ui.Journeys;
using Gantry.Testing;

namespace Gantry.Hub.Tests.Ui;

public class JourneyPageTests : UiTest
{
    [Fact]
    public async Task The_list_shows_what_needs_somebody_first()
    {
        var page = await OpenAsync("/journeys");

        Assert.Equal(["Buy a subscription", "See the front page", "Cancel a subscription", "Read an article"], Names(page));
        Assert.Equal(["Broken", "Broken", "Never seen", "Whole"], Column(page, "[data-row] .severity"));
        Assert.Equal("4", page.QuerySelector(".menu a[aria-current] .count")!.TextContent);
        Assert.Equal("62 % (58–65 %), 688 looked at of 66,240", page.QuerySelector("[data-row] .share-bar")!.GetAttribute("title"));
    }

    [Theory]
    [InlineData("/journeys?show=whole", new[] { "Read an article" })]
    [InlineData("/journeys?show=burning", new[] { "Buy a subscription" })]
    [InlineData("/journeys?q=billing", new[] { "Buy a subscription" })]
    [InlineData("/journeys?q=reading", new[] { "See the front page", "Read an article" })]
    [InlineData("/journeys?sort=breaks&dir=desc&show=broken", new[] { "Buy a subscription", "See the front page" })]
    public async Task Filters_and_orders_are_those_of_every_list(string url, string[] expected) =>
        Assert.Equal(expected, Names(await OpenAsync(url)));

    [Fact]
    public async Task A_broken_journey_says_where_why_how_one_knows_and_what_mends_it()
    {
        var page = await OpenAsync("/journeys/subscribe");

        Assert.Equal("62 % of requests have a whole trace. It breaks at 3 links; the worst: billing-batch sends nothing.", page.QuerySelector(".verdict")!.TextContent);
        var breaks = page.QuerySelectorAll(".break");
        Assert.Equal(["hop-dark", "queue-loses-context", "context-not-continued"], breaks.Select(item => item.QuerySelector(".break-head .hint")!.TextContent));
        var dark = breaks[0].TextContent;
        Assert.Contains("A Java process listens on port 8444", dark, StringComparison.Ordinal);
        Assert.Contains("the agent of app-01 sees pid 3601 listen there", dark, StringComparison.Ordinal);
        Assert.Contains("ledger only looks broken because of this", dark, StringComparison.Ordinal);
        Assert.Equal("gantry instrument billing-batch --apply", breaks[0].QuerySelector("[data-copy-text]")!.TextContent);
        Assert.Contains("58–65 %, 688 looked at of 66,240", page.QuerySelector(".tile")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Wilson", page.QuerySelector("[id$=journey-complete]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["objective.good", "objective.budget", "objective.burn"], page.QuerySelectorAll("table.objectives .definition .id").Select(id => id.TextContent));
        // The first step has the one card of the page; what comes after it is short, for the breaks have said why.
        Assert.Equal("gantry instrument 3601 --service billing-batch --apply", page.QuerySelector(".step-card [data-copy-text]")!.TextContent);
        Assert.Equal(["2", "3"], Column(page, "[data-live=steps] .step-rank"));
        Assert.Empty(page.QuerySelectorAll("[data-live=steps] .step-why"));
        Assert.Contains("gantry journey describe subscribe", page.QuerySelector("#cli")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("gantry get journeys subscribe -o yaml", page.QuerySelector("#yaml")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_map_marks_each_break_and_the_table_says_all_that_it_says()
    {
        var page = await OpenAsync("/journeys/subscribe");

        var map = page.QuerySelector(".journey-map")!;
        Assert.Equal(3, map.QuerySelectorAll(".jl-broken").Length);
        Assert.Equal(["#break-checkout-billing", "#break-checkout-newsletter", "#break-frontpage-consent"], map.QuerySelectorAll("a:has(.jl-mark)").Select(mark => mark.GetAttribute("href")!).Order(StringComparer.Ordinal));
        Assert.NotNull(map.QuerySelector(".js-dark"));
        Assert.NotNull(map.QuerySelector(".js-queue"));
        Assert.NotNull(map.QuerySelector(".js-unseen"));
        Assert.Equal("11 stations, beginning at frontpage. The trace is lost on the way to consent, billing-batch, newsletter. The table below has every station.", map.QuerySelector("desc")!.TextContent);
        Assert.Equal(11, page.QuerySelectorAll(".hops tbody tr").Length);
        Assert.All(page.QuerySelectorAll("a[href^='#break-']"), link => Assert.NotNull(page.GetElementById(link.GetAttribute("href")![1..])));
    }

    [Fact]
    public async Task Whole_is_only_what_is_seen_to_be()
    {
        var page = await OpenAsync("/journeys/subscribe");

        string Link(string hop) => page.QuerySelector($".hops tr[data-key='{hop}'] td.wide")!.TextContent;
        Assert.Equal(["entry", "whole", "–", "–", "–"], [Link("frontpage"), Link("checkout"), Link("subscriptions"), Link("ledger"), Link("orders")]);
        Assert.DoesNotContain("whole", Link("billing"), StringComparison.Ordinal);
        Assert.Empty((await OpenAsync("/journeys")).QuerySelectorAll(".share-bar .whole"));
    }

    [Fact]
    public void A_fold_is_whole_when_each_of_it_is_seen_to_be()
    {
        var journey = NewspaperJourneys.Morning(Now);
        static string[] Folds(JourneyRow row) => [.. JourneyDrawing.Of(row).Stations.Where(station => station.Shape == "fold").Select(station => station.Figure).Distinct()];
        var stale = journey with { Hops = [.. journey.Hops.Select(hop => hop.Share < 0.2 ? hop with { State = "stale" } : hop)] };

        Assert.Equal(["all whole, in the table below"], Folds(journey));
        Assert.Equal(["no break known, in the table"], Folds(stale));
    }

    [Fact]
    public void Sixty_stations_are_folded_and_none_that_breaks_is()
    {
        var journey = NewspaperJourneys.Morning(Now);
        var drawing = JourneyDrawing.Of(journey);

        Assert.InRange(drawing.Stations.Count(station => station.Shape != "fold"), 7, JourneyDrawing.MostNodes);
        var folded = drawing.Stations.Where(station => station.Shape == "fold").Sum(station => int.Parse(station.Name.Split('+', ' ')[1], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(journey.Hops.Count, folded + drawing.Stations.Count(station => station.Shape != "fold"));
        Assert.Contains(drawing.Links, link => link.Break == "weather-feed");
        Assert.Distinct(drawing.Stations.Select(station => (station.X, station.Y)));
    }

    [Fact]
    public void A_circle_of_parents_and_a_parent_that_is_not_there_are_drawn_all_the_same()
    {
        var hop = NewspaperJourneys.Read(Now).Hops[0];
        var row = NewspaperJourneys.Read(Now) with { Hops = [hop with { Id = "a", Parent = "b" }, hop with { Id = "b", Parent = "a" }, hop with { Id = "c", Parent = "gone" }] };

        Assert.Equal(["a", "b", "c"], JourneyDrawing.Of(row).Stations.Select(station => station.Id).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/journeys/read", "Every request looked at has one trace from article-api to its leaves.")]
    [InlineData("/journeys/cancel", "Its entry was never seen: no service is called cancellations.")]
    public async Task Whole_and_never_seen_say_so(string url, string verdict) =>
        Assert.Equal(verdict, (await OpenAsync(url)).QuerySelector(".verdict")!.TextContent);

    [Fact]
    public async Task A_journey_that_was_never_seen_says_why_and_not_that_nothing_is_left_to_do()
    {
        var page = await OpenAsync("/journeys/cancel");

        Assert.Equal("Why nothing of it is seen", page.QuerySelector(".diagnosis h2")!.TextContent);
        Assert.Equal("No service is called cancellations", page.QuerySelector(".cause.likely .cause-title")!.TextContent);
        Assert.Contains("Services with inbound requests: ", page.QuerySelector(".cause.likely")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("Nothing is left to do", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal("–", page.QuerySelectorAll(".tile-value")[1].TextContent);
    }

    [Fact]
    public void Of_a_known_entry_the_operations_tell_whether_it_is_only_called_otherwise()
    {
        var service = Newspaper.Create(Now).Current.Services.First(row => row is { Dark: false, Stale: false, Red: not null });
        var row = NewspaperJourneys.Read(Now) with { State = "dark", Breaks = [], Operation = "GET /nowhere", Entry = new HopEnd(service.Id, service.Name, "service", service.Id) };

        var causes = UnseenJourney.Causes(row, Estate.Current, [new OperationRow("GET /", "SERVER", 3, 0, null, null, Now)]);

        Assert.Equal([Finding.RuledOut, Finding.RuledOut, Finding.Likely, Finding.Unknown], causes.Select(cause => cause.Finding));
        Assert.Contains("of the last hour: GET /.", causes[2].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Charts_are_of_the_operation_for_an_hour_and_of_the_service_beyond_and_say_so()
    {
        var asked = new List<(string Service, string Operation)>();
        var before = Estate.OperationRedOf;
        Estate.OperationRedOf = (service, operation, span) =>
        {
            asked.Add((service, operation));
            return before(service, operation, span);
        };

        var hour = await OpenAsync("/journeys/subscribe?range=1h&hop=checkout");
        var day = await OpenAsync("/journeys/subscribe?range=24h");

        Assert.Equal([("checkout", "POST /orders")], asked);
        Assert.Contains("Requests of POST /orders at checkout", hour.QuerySelector("[data-live=red]")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("kept for one hour, so over 24 h these are all inbound requests of frontpage", day.QuerySelector("[data-live=red]")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_journey_is_not_found() => await OpenAsync("/journeys/nothing", HttpStatusCode.NotFound);

    [Fact]
    public async Task Without_journeys_the_page_has_one_to_begin_with_that_the_hub_would_take()
    {
        Estate.Publish(snapshot => snapshot with { Journeys = [], Breaks = [] });

        var page = await OpenAsync("/journeys");

        var command = page.QuerySelector(".diagnosis [data-copy-text]")!.TextContent;
        Assert.StartsWith("gantry apply -f - <<'END'\n", command, StringComparison.Ordinal);
        var journey = Documents.Read<Journey>(command["gantry apply -f - <<'END'\n".Length..^"END".Length]);
        Assert.Equal("geo-lookup", journey.Entry.Service);
        Assert.Contains("inbound requests that no service here sends", page.QuerySelector(".diagnosis")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_says_which_journeys_go_through_it_and_home_what_comes_next()
    {
        var service = await OpenAsync("/services/consent");
        var home = await OpenAsync("/");

        Assert.Equal(["Buy a subscription"], Column(service, "[data-live=journeys] tbody th"));
        Assert.Equal(2, home.QuerySelectorAll("[data-live=next] .step-item").Length);
        Assert.Equal(4, home.QuerySelectorAll("[data-live=home-journeys] [data-row]").Length);
    }

    [Fact]
    public async Task Steps_are_listed_and_filtered()
    {
        var page = await OpenAsync("/steps?show=none");
        var all = await OpenAsync("/steps");

        Assert.Empty(page.QuerySelectorAll(".step-item:not(.nobody)"));
        Assert.Equal("1", all.QuerySelector(".step-rank")!.TextContent);
        Assert.Equal(Estate.Current.Steps.All.Count, all.QuerySelectorAll(".step-item").Length);
    }

    [Fact]
    public async Task Three_thousand_journeys_page_quickly()
    {
        Estate.Publish(snapshot => Estates.WithJourneys(snapshot, NewspaperJourneys.Many(3_000, Now)));
        await OpenAsync("/journeys?q=team-3");
        var took = new List<TimeSpan>();
        for (var i = 0; i < 5; i++)
        {
            var start = Stopwatch.GetTimestamp();
            using var response = await Client.GetAsync("/journeys?q=team-3&page=2");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            took.Add(Stopwatch.GetElapsedTime(start));
        }

        took.Sort();
        Assert.True(took[2] < TimeSpan.FromSeconds(1), $"a page took {took[2].TotalMilliseconds:0} ms");
    }

    [Fact]
    public void The_docs_have_an_example_that_is_a_journey_every_break_code_and_every_definition()
    {
        var page = Repository.Read("docs/journeys.md");
        var journey = Documents.Read<Journey>(page.Split("```yaml\n")[1].Split("```")[0]);

        Assert.Equal("purchase", journey.Name);
        Assert.All(new[] { "hop-dark", "context-not-sent", "context-not-continued", "queue-loses-context", "spans-missing", "hop-unseen" }, code => Assert.Contains($"`{code}`", page, StringComparison.Ordinal));
        Assert.All(JourneyDefinitions.All, definition => Assert.Contains($"`{definition.Id}`", page, StringComparison.Ordinal));
        var objectives = Repository.Read("docs/objectives.md");
        Assert.All(ObjectiveDefinitions.All, definition => Assert.Contains($"`{definition.Id}`", objectives, StringComparison.Ordinal));
    }
}
