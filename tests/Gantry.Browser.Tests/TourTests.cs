using System.Globalization;
using Gantry.System.Tests;
using Gantry.Testing;
using Microsoft.Playwright;

namespace Gantry.Browser.Tests;

/// <summary>
/// The whole house in a browser: the built <c>gantry up</c>, the shop of <c>gantry demo</c> in front of it, and what a person then sees. Takes the
/// pictures in docs/images when GANTRY_UPDATE_IMAGES is 1.
/// </summary>
public sealed class TourTests : IDisposable
{
    private static readonly TimeSpan DemoLimit = TimeSpan.FromMinutes(4);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("gantry-tour-");

    [Fact]
    public async Task A_new_user_sees_the_shop_climb_and_the_numbers_move()
    {
        await using var up = await RunningGantry.UpAsync(Path.Combine(_data.FullName, "up"));
        await using var shop = GantryProcess.Start(up.Environment.Append(("GANTRY_DATA", _data.FullName)), "demo", "--purchases", "60", "--keep");
        await shop.WaitForAsync("the shop to stay open", () => shop.Error.Contains("until Ctrl-C", StringComparison.Ordinal), DemoLimit);
        await using var browser = await DrivenBrowser.StartAsync();
        await using var visit = await Visit.OpenAsync(await ContextAsync(browser.Of, up.Hub));

        await visit.Page.GotoAsync("/services");
        Assert.Equal(4, await visit.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Transactions" }).CountAsync());
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "storefront", Exact = true }).ClickAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "storefront", Exact = true })).ToBeVisibleAsync();
        var service = new Uri(visit.Page.Url).AbsolutePath;

        // Requests go on at two a second: the number grows in the open page, without a reload.
        var before = await RequestsAsync(visit.Page);
        await Eventually.Get("the count of requests to grow in the open page", async () => await RequestsAsync(visit.Page) > before + 40 ? "grown" : null, TimeSpan.FromSeconds(60));
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = "catalog" }).First).ToBeVisibleAsync();
        await Screenshots.ForDocsAsync(visit.Page, "service", upTo: "[data-live=evidence]");

        await visit.Page.GotoAsync("/");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Next step", Exact = true })).ToBeVisibleAsync();
        await Screenshots.ForDocsAsync(visit.Page, "home");
        await visit.Page.GotoAsync("/hosts");
        await visit.Page.GetByRole(AriaRole.Row).Nth(1).GetByRole(AriaRole.Link).First.ClickAsync();
        await Assertions.Expect(visit.Page.GetByText("CPU utilisation").First).ToBeVisibleAsync();
        await Screenshots.ForDocsAsync(visit.Page, "host");

        Assert.Empty(visit.Complaints);
        Assert.StartsWith("/services/storefront-", service, StringComparison.Ordinal);
        await shop.StopAsync(GantryProcess.SigInt);
        await up.StopAsync(GantryProcess.SigTerm);
    }

    public void Dispose() => _data.Delete(recursive: true);

    private static Task<IBrowserContext> ContextAsync(IBrowser browser, string address) => browser.NewContextAsync(new BrowserNewContextOptions
    {
        BaseURL = address,
        ViewportSize = new ViewportSize { Width = 1440, Height = 900 },
        ColorScheme = ColorScheme.Light,
    });

    private static async Task<long> RequestsAsync(IPage page)
    {
        var text = await page.Locator("dt", new() { HasText = "Requests seen" }).Locator("xpath=following-sibling::dd[1]").InnerTextAsync();
        return long.Parse(text.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }
}
