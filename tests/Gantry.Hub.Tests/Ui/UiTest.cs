using System.Net;
using AngleSharp;
using AngleSharp.Dom;
using Gantry.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Hub.Tests.Ui;

/// <summary>The UI on a real port, with a clock that stands still.</summary>
public abstract class UiTest : IAsyncLifetime
{
    protected static readonly DateTimeOffset Now = new(2026, 3, 14, 15, 9, 26, TimeSpan.Zero);

    private readonly IBrowsingContext _browsing = BrowsingContext.New(Configuration.Default);

    private UiServer? _server;

    protected FakeTimeProvider Time { get; } = new(Now);

    protected FakeEstate Estate { get; set; } = Newspaper.Create(Now);

    protected HttpClient Client { get; private set; } = null!;

    protected UiServer Server => _server!;

    protected RecordedLogs Logs { get; } = new();

    protected virtual int MaxViewers => 20;

    public async ValueTask InitializeAsync()
    {
        _server = await UiServer.StartAsync(Estate, Time, options => options.MaxViewers = MaxViewers, Logs);
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = _server.Address };
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    protected async Task<IDocument> OpenAsync(string url, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var response = await Client.GetAsync(url);
        Assert.Equal(expected, response.StatusCode);
        return await ParseAsync(await response.Content.ReadAsStringAsync());
    }

    protected Task<IDocument> ParseAsync(string html) => _browsing.OpenAsync(request => request.Content(html));

    protected static string[] Column(IDocument page, string selector) =>
        [.. page.QuerySelectorAll(selector).Select(cell => cell.TextContent.Trim())];

    protected static string[] Names(IDocument page) => Column(page, "[data-row] .row-link");
}
