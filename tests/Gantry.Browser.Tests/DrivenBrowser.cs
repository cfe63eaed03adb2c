using Microsoft.Playwright;

namespace Gantry.Browser.Tests;

/// <summary>One browser, and what drives it.</summary>
public sealed class DrivenBrowser : IAsyncDisposable
{
    private readonly IPlaywright _playwright;

    private DrivenBrowser(IPlaywright playwright, IBrowser browser)
    {
        _playwright = playwright;
        Of = browser;
    }

    public IBrowser Of { get; }

    public static async Task<DrivenBrowser> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        try
        {
            return new DrivenBrowser(playwright, await Browser.LaunchAsync(playwright));
        }
        catch
        {
            playwright.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Of.CloseAsync();
        _playwright.Dispose();
    }
}
