using Microsoft.Playwright;

namespace Gantry.Browser.Tests;

/// <summary>Pictures of pages, for people to look at: under artifacts/screenshots.</summary>
internal static class Screenshots
{
    public static string Folder { get; } = FindFolder();

    public static Task TakeAsync(IPage page, string name) =>
        page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Folder, name + ".png"), FullPage = true });

    private static string FindFolder()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Gantry.slnx")))
        {
            at = at.Parent;
        }

        return Directory.CreateDirectory(Path.Combine(at?.FullName ?? AppContext.BaseDirectory, "artifacts", "screenshots")).FullName;
    }
}
