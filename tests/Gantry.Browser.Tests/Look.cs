using Microsoft.Playwright;

namespace Gantry.Browser.Tests;

/// <summary>A page in each size and theme: it fits, and the browser complains about nothing. Leaves a picture of each.</summary>
internal static class Look
{
    public static readonly int[] Widths = [1440, 800];

    /// <param name="visit">Opens it in this width and theme.</param>
    /// <param name="isForDocs">Its picture in docs/images is this one, wide and light.</param>
    /// <param name="upTo">What that picture ends with; "" for the whole page.</param>
    public static async Task FitsAsync(Func<int, ColorScheme, Task<Visit>> visit, string name, int[]? widths = null, bool isForDocs = false, string upTo = "")
    {
        foreach (var width in widths ?? Widths)
        {
            foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
            {
                await using var open = await visit(width, scheme);
                var overflow = await open.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
                await Screenshots.TakeAsync(open.Page, $"{name}-{width}-{scheme.ToString().ToLowerInvariant()}");
                if (isForDocs && width == 1440 && scheme == ColorScheme.Light)
                {
                    await Screenshots.ForDocsAsync(open.Page, name, upTo);
                }

                Assert.True(overflow <= 0, $"{open.Page.Url} sticks out by {overflow} px at {width} px.");
                Assert.Empty(open.Complaints);
            }
        }
    }

    /// <param name="now">What the browser takes for the time; null for the machine's.</param>
    public static async Task<Visit> OpenAsync(IBrowser browser, Uri address, string path, int width, ColorScheme scheme, bool scripts = true, DateTimeOffset? now = null)
    {
        var visit = await Visit.OpenAsync(await browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = address.ToString(), ViewportSize = new ViewportSize { Width = width, Height = 900 }, ColorScheme = scheme, JavaScriptEnabled = scripts,
        }));
        if (now is { } at)
        {
            await visit.Page.Clock.SetFixedTimeAsync(at.UtcDateTime);
        }

        await visit.Page.GotoAsync(path);
        return visit;
    }
}
