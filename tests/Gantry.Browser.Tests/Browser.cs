using Microsoft.Playwright;

namespace Gantry.Browser.Tests;

/// <summary>The Chromium that is installed on this machine.</summary>
public static class Browser
{
    private static readonly string[] WellKnown =
        ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable", "/snap/bin/chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

    public static string Path
    {
        get
        {
            var named = Environment.GetEnvironmentVariable("GANTRY_CHROMIUM");
            if (!string.IsNullOrEmpty(named))
            {
                return File.Exists(named) ? named : throw new InvalidOperationException($"GANTRY_CHROMIUM names {named}, which does not exist.");
            }

            return Array.Find(WellKnown, File.Exists)
                ?? throw new InvalidOperationException($"The browser tests need Chromium. Set GANTRY_CHROMIUM to its path, or install it at one of: {string.Join(", ", WellKnown)}.");
        }
    }

    public static Task<IBrowser> LaunchAsync(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
    {
        ExecutablePath = Path,
        Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });
}
