using Microsoft.Playwright;

namespace Gantry.Browser.Tests;

/// <summary>Pictures of pages, for people to look at: under artifacts/screenshots.</summary>
internal static class Screenshots
{
    public static string Folder { get; } = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "screenshots")).FullName;

    public static Task TakeAsync(IPage page, string name) =>
        page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Folder, name + ".png"), FullPage = true });

    /// <summary>A picture of docs/images; taken when GANTRY_UPDATE_IMAGES is 1, for one that no person asked for differs each time.</summary>
    /// <param name="upTo">What the picture ends with, on a page of which a reader needs only the beginning; "" for the whole page.</param>
    public static async Task ForDocsAsync(IPage page, string name, string upTo = "")
    {
        await TakeAsync(page, $"docs-{name}");
        if (Environment.GetEnvironmentVariable("GANTRY_UPDATE_IMAGES") == "1")
        {
            var end = upTo.Length > 0 ? await page.Locator(upTo).First.BoundingBoxAsync() : null;
            await page.ScreenshotAsync(new PageScreenshotOptions
            {
                Path = Path.Combine(Repository.Root, "docs", "images", $"{name}.png"),
                FullPage = true,
                Clip = end is null ? null : new Clip { X = 0, Y = 0, Width = page.ViewportSize!.Width, Height = end.Y + end.Height + 6 },
            });
        }
    }
}
