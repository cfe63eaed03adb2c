using Gantry.Testing;
using Microsoft.Playwright;

namespace Gantry.Browser.Tests;

/// <summary>One browser, and the UI in front of the newspaper. Another fixture may put the same pages in front of a real hub.</summary>
public sealed class HubPages : IAsyncLifetime
{
    private DrivenBrowser? _browser;

    private UiServer? _server;

    public FakeEstate Estate { get; } = Newspaper.Create(TimeProvider.System.GetUtcNow());

    public Uri Address => _server!.Address;

    public async ValueTask InitializeAsync()
    {
        _server = await UiServer.StartAsync(Estate, configure: options => options.LiveInterval = TimeSpan.FromMilliseconds(200));
        _browser = await DrivenBrowser.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    /// <summary>A page in a profile of its own, which remembers everything that the browser complained about.</summary>
    public async Task<Visit> VisitAsync(string path, int width = 1440, ColorScheme scheme = ColorScheme.Light, bool scripts = true)
    {
        var context = await _browser!.Of.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = Address.ToString(),
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ColorScheme = scheme,
            JavaScriptEnabled = scripts,
            Permissions = ["clipboard-read", "clipboard-write"],
        });
        var visit = await Visit.OpenAsync(context);
        await visit.Page.GotoAsync(path);
        return visit;
    }
}

/// <summary>An open page.</summary>
public sealed class Visit : IAsyncDisposable
{
    private readonly IBrowserContext _context;

    private Visit(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                Complaints.Add(message.Text);
            }
        };
        page.PageError += (_, error) => Complaints.Add(error);
    }

    public IPage Page { get; }

    public static async Task<Visit> OpenAsync(IBrowserContext context) => new(context, await context.NewPageAsync());

    /// <summary>Console errors and warnings (a violated policy is one), and exceptions of scripts.</summary>
    public List<string> Complaints { get; } = [];

    public async ValueTask DisposeAsync() => await _context.CloseAsync();
}
