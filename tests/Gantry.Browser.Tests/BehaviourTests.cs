using Gantry.Hub.Coverage;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Gantry.Browser.Tests;

/// <summary>What only a browser can tell: keys, themes, popovers, and pages that move under somebody's hands.</summary>
public class BehaviourTests(HubPages hub) : IClassFixture<HubPages>
{
    [Fact]
    public async Task Slash_focuses_the_filter_and_Enter_searches()
    {
        await using var visit = await hub.VisitAsync("/services");

        await visit.Page.Keyboard.PressAsync("/");
        await Expect(visit.Page.Locator("#filter")).ToBeFocusedAsync();
        await visit.Page.Keyboard.TypeAsync("paywall");
        await visit.Page.Keyboard.PressAsync("Enter");

        await Expect(visit.Page).ToHaveURLAsync(new Uri(hub.Address, "/services?q=paywall").ToString());
        await Expect(visit.Page.Locator("[data-row]")).ToHaveCountAsync(1);
        Assert.Empty(visit.Complaints);
    }

    [Theory]
    [InlineData("s", "/services")]
    [InlineData("o", "/hosts")]
    [InlineData("a", "/agents")]
    [InlineData("f", "/findings")]
    [InlineData("h", "/")]
    public async Task G_and_a_letter_go_places(string letter, string path)
    {
        await using var visit = await hub.VisitAsync("/hosts/app-01");

        await visit.Page.Keyboard.PressAsync("g");
        await visit.Page.Keyboard.PressAsync(letter);

        await Expect(visit.Page).ToHaveURLAsync(new Uri(hub.Address, path).ToString());
    }

    [Fact]
    public async Task J_and_k_move_over_rows_and_Enter_opens_one()
    {
        await using var visit = await hub.VisitAsync("/services?sort=rate&dir=desc");

        await visit.Page.Keyboard.PressAsync("j");
        await visit.Page.Keyboard.PressAsync("j");
        await visit.Page.Keyboard.PressAsync("j");
        await visit.Page.Keyboard.PressAsync("k");
        await Expect(visit.Page.Locator("[data-row] .row-link").Nth(1)).ToBeFocusedAsync();
        var name = await visit.Page.Locator("[data-row] .row-link").Nth(1).TextContentAsync();
        await visit.Page.Keyboard.PressAsync("Enter");

        await Expect(visit.Page).ToHaveURLAsync(new Uri(hub.Address, "/services/" + name).ToString());
    }

    [Fact]
    public async Task The_first_tab_offers_to_skip_to_the_content()
    {
        await using var visit = await hub.VisitAsync("/services");

        await visit.Page.Keyboard.PressAsync("Tab");
        await Expect(visit.Page.Locator(".skip")).ToBeFocusedAsync();
        await Expect(visit.Page.Locator(".skip")).ToBeInViewportAsync();
        await visit.Page.Keyboard.PressAsync("Enter");

        await Expect(visit.Page.Locator("#main")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_definition_opens_and_closes_by_keyboard_and_its_query_is_copied()
    {
        await using var visit = await hub.VisitAsync("/services");
        var button = visit.Page.GetByRole(AriaRole.Button, new() { Name = "How “Request rate” is computed" });

        await button.FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        var popover = visit.Page.GetByRole(AriaRole.Dialog, new() { Name = "Request rate" });
        await Expect(popover).ToBeVisibleAsync();
        await Screenshots.TakeAsync(visit.Page, "definition");
        await popover.GetByRole(AriaRole.Button, new() { Name = "Copy query" }).ClickAsync();
        Assert.StartsWith("sum by (service_name)", await visit.Page.EvaluateAsync<string>("navigator.clipboard.readText()"), StringComparison.Ordinal);

        await visit.Page.Keyboard.PressAsync("Escape");
        await Expect(popover).ToBeHiddenAsync();
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task The_theme_is_kept_and_the_next_page_arrives_in_it()
    {
        await using var visit = await hub.VisitAsync("/services");

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Dark" }).ClickAsync();
        Assert.Equal("dark", await visit.Page.EvaluateAsync<string>("document.documentElement.dataset.theme"));
        var dark = await visit.Page.EvaluateAsync<string>("getComputedStyle(document.documentElement).backgroundColor");

        Assert.Contains("data-theme=\"dark\"", await (await visit.Page.GotoAsync("/hosts"))!.TextAsync(), StringComparison.Ordinal);
        Assert.Equal(dark, await visit.Page.EvaluateAsync<string>("getComputedStyle(document.documentElement).backgroundColor"));

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Light" }).ClickAsync();
        Assert.NotEqual(dark, await visit.Page.EvaluateAsync<string>("getComputedStyle(document.documentElement).backgroundColor"));
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task The_theme_works_without_a_script_too()
    {
        await using var visit = await hub.VisitAsync("/services?q=java", scripts: false);

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Dark" }).ClickAsync();

        await Expect(visit.Page).ToHaveURLAsync(new Uri(hub.Address, "/services?q=java").ToString());
        await Expect(visit.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
    }

    [Fact]
    public async Task A_number_changes_in_place_while_focus_open_details_and_popovers_stay()
    {
        await using var visit = await hub.VisitAsync("/services/checkout");
        await Expect(visit.Page.Locator("[data-live-state]")).ToHaveTextAsync("Live");
        var link = visit.Page.Locator("[data-live=calls] a", new() { HasTextString = "identity" });
        await visit.Page.Locator(".chart-table summary").ClickAsync();
        await link.FocusAsync();

        hub.Estate.Publish(Rate("checkout", 4_321));

        await Expect(visit.Page.Locator(".tile-value").First).ToHaveTextAsync("4,321 req/s");
        await Expect(link).ToBeFocusedAsync();
        await Expect(visit.Page.Locator(".chart-table")).ToHaveAttributeAsync("open", "");

        await visit.Page.Locator("[data-live=standing] .define").First.ClickAsync();
        hub.Estate.Publish(Rate("checkout", 1_234));
        await Expect(visit.Page.Locator(".tile-value").First).ToHaveTextAsync("1,234 req/s");
        await Expect(visit.Page.Locator("[data-live=standing] .pop").First).ToBeVisibleAsync();
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task A_row_keeps_its_focus_when_the_order_changes()
    {
        await using var visit = await hub.VisitAsync("/services?sort=rate&dir=desc");
        await Expect(visit.Page.Locator("[data-live-state]")).ToHaveTextAsync("Live");
        var row = visit.Page.Locator("[data-key='frontpage'] .row-link");
        await row.FocusAsync();

        hub.Estate.Publish(Rate("frontpage", 9_999));

        await Expect(visit.Page.Locator("[data-row] .row-link").First).ToHaveTextAsync("frontpage");
        await Expect(row).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Selected_text_is_not_torn_from_under_the_hand()
    {
        await using var visit = await hub.VisitAsync("/services/search");
        await Expect(visit.Page.Locator("[data-live-state]")).ToHaveTextAsync("Live");
        await visit.Page.EvaluateAsync("getSelection().selectAllChildren(document.querySelector('.tile-value'))");
        var before = await visit.Page.EvaluateAsync<string>("getSelection().toString()");

        hub.Estate.Publish(Rate("search", 7_777));
        await Expect(visit.Page.Locator("[data-live=standing]")).Not.ToContainTextAsync("7,777");
        await visit.Page.WaitForTimeoutAsync(700);
        Assert.Equal(before, await visit.Page.EvaluateAsync<string>("getSelection().toString()"));

        await visit.Page.EvaluateAsync("getSelection().removeAllRanges()");
        await Expect(visit.Page.Locator(".tile-value").First).ToHaveTextAsync("7,777 req/s");
    }

    [Fact]
    public async Task Ages_go_on_without_the_server()
    {
        await using var visit = await hub.VisitAsync("/services/checkout");
        var age = visit.Page.Locator("[data-live=standing] .badges time");
        var before = await age.TextContentAsync();

        await Expect(age).Not.ToHaveTextAsync(before!, new() { Timeout = 65_000 });
    }

    [Fact]
    public async Task The_pointer_reads_a_chart()
    {
        await using var visit = await hub.VisitAsync("/services/article-api");
        var plot = visit.Page.Locator("#red-rate svg[data-chart]");

        await plot.HoverAsync();

        await Expect(visit.Page.Locator("#red-rate .readout")).ToContainTextAsync("req/s");
        await Expect(visit.Page.Locator("#red-rate .readout")).ToContainTextAsync("UTC");
        await Screenshots.TakeAsync(visit.Page, "readout");
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task A_lost_connection_is_said_quietly_and_found_again()
    {
        await using var visit = await hub.VisitAsync("/services");
        await Expect(visit.Page.Locator("[data-live-state]")).ToHaveTextAsync("Live");

        await visit.Page.Context.SetOfflineAsync(true);
        await visit.Page.EvaluateAsync("dispatchEvent(new Event('pagehide')), document.dispatchEvent(new Event('visibilitychange'))");
        await Expect(visit.Page.Locator("[data-live-state]")).ToHaveTextAsync("Paused, reconnecting");

        await visit.Page.Context.SetOfflineAsync(false);
        await Expect(visit.Page.Locator("[data-live-state]")).ToHaveTextAsync("Live", new() { Timeout = 20_000 });
    }

    [Fact]
    public async Task Markup_in_a_name_does_not_run()
    {
        hub.Estate.Publish(snapshot => snapshot with
        {
            Services = [.. snapshot.Services, snapshot.Services[0] with { Id = "evil", Name = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>" }],
        });
        await using var visit = await hub.VisitAsync("/services/evil");
        await Expect(visit.Page.Locator("[data-live-state]")).ToHaveTextAsync("Live");

        Assert.StartsWith("<img", await visit.Page.TitleAsync(), StringComparison.Ordinal);
        Assert.Empty(visit.Complaints);
    }

    private static Func<EstateSnapshot, EstateSnapshot> Rate(string id, double rate) => snapshot =>
        snapshot with { Services = [.. snapshot.Services.Select(row => row.Id == id ? row with { Red = row.Red! with { Rate = rate } } : row)] };
}
