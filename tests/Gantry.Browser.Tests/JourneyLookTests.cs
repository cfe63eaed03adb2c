using Gantry.Hub.Campaigns;
using Gantry.Hub.Tests;
using Gantry.Hub.Tests.Journeys;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Gantry.Browser.Tests;

/// <summary>A journey that breaks in three places and a campaign that mends one, in a real browser, in front of a real hub whose clock the test moves. They are the pictures in docs/journeys.md and docs/campaigns.md.</summary>
public sealed class JourneyLookTests : IAsyncLifetime
{
    private const string Journey = """
        apiVersion: gantry/v1
        kind: Journey
        metadata: {name: purchase}
        spec:
          title: Buy something
          owner: team-shop
          entry: {service: storefront, operation: POST}
          objectives:
          - {name: available, indicator: errors, target: 99.5%, window: 28d}
          - {name: fast, indicator: duration, threshold: 500ms, target: 95%, window: 28d}

        """;

    private const string Campaign = """
        apiVersion: gantry/v1
        kind: Campaign
        metadata: {name: purchase-q4}
        spec:
          title: Purchase without a gap
          owner: team-platform
          brief: Every request of a purchase in one trace before Christmas.
          journey: purchase
          target: transactions
          by: 2026-11-23
          checks: {noBreaks: true, complete: 95%}

        """;

    private HubFixture? _hub;
    private Shop? _shop;
    private DrivenBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        _hub = await HubFixture.StartAsync();
        _shop = new Shop(_hub) { IsMeasured = true, CatalogBegins = true, PaymentsDark = true, QueueLoses = true };
        await _shop.DeclareAsync(Journey);
        await _shop.ListenAsync();
        _browser = await DrivenBrowser.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        await _hub!.DisposeAsync();
    }

    [Fact]
    public async Task A_broken_journey_fits_and_its_marks_lead_to_cause_and_fix()
    {
        await TradeAsync(45);

        await Look.FitsAsync((width, scheme) => VisitAsync("/journeys/purchase", width, scheme), "journey", isForDocs: true, upTo: ".break");

        await using var visit = await VisitAsync("/journeys/purchase", 1440, ColorScheme.Light);
        await Expect(visit.Page.Locator(".jl-mark")).ToHaveCountAsync(3);
        await visit.Page.Locator(".journey-map a:has(.jl-mark)").First.ClickAsync();
        await Expect(visit.Page.Locator(".break:target dd").First).ToBeInViewportAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "How “Burn rate” is computed" }).ClickAsync();
        await Expect(visit.Page.GetByText("objective.burn")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_campaign_fits_from_its_first_hour_to_the_last()
    {
        using (var content = new StringContent(Campaign))
        {
            (await _hub!.Client.PutAsync("/api/v1/resources/campaigns/purchase-q4", content)).EnsureSuccessStatusCode();
        }

        await HoursAsync(4);
        _shop!.PaymentsDark = false;
        await HoursAsync(4);
        _shop.QueueLoses = false;
        await HoursAsync(2);

        await Look.FitsAsync((width, scheme) => VisitAsync("/campaigns", width, scheme), "campaigns", widths: [800]);
        await Look.FitsAsync((width, scheme) => VisitAsync("/campaigns/purchase-q4", width, scheme), "campaign", isForDocs: true);

        await using var visit = await VisitAsync("/campaigns/purchase-q4", 1440, ColorScheme.Light);
        await Expect(visit.Page.Locator("#burn-up-chart .change")).ToHaveCountAsync(1);
        await Expect(visit.Page.GetByText("Make catalog continue its callers' traces")).ToBeVisibleAsync();
    }

    private Task<Visit> VisitAsync(string path, int width, ColorScheme scheme) =>
        Look.OpenAsync(_browser!.Of, _hub!.Client.BaseAddress!, path, width, scheme, now: _hub.Time.GetUtcNow());

    private async Task TradeAsync(int reports)
    {
        for (var i = 0; i < reports; i++)
        {
            await _shop!.TradeAsync();
        }

        await _shop!.SettleAsync();
        _hub!.Time.Advance(TimeSpan.FromSeconds(1));
    }

    private async Task HoursAsync(int hours)
    {
        for (var i = 0; i < hours; i++)
        {
            _hub!.Time.Jump(TimeSpan.FromHours(1));
            await _shop!.ListenAsync();
            await TradeAsync(10);
            _hub.Room<CampaignRecorder>().Run();
        }
    }
}
