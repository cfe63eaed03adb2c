using System.Net;
using Gantry.Hub;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace Gantry.Browser.Tests;

/// <summary>A browser in front of a real hub, which has a folder of its own. What the hub is told is the test's business.</summary>
public abstract class HubInBrowser : IAsyncLifetime
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("gantry-look-");
    private HubServer? _hub;
    private DrivenBrowser? _browser;

    protected HttpClient Client { get; private set; } = new();

    public async ValueTask InitializeAsync()
    {
        _hub = new HubServer(new HubOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0), DataFolder = _data.FullName }, static logging => logging.ClearProviders());
        await _hub.StartAsync();
        Client = new HttpClient { BaseAddress = _hub.Address };
        await TellAsync();
        _browser = await DrivenBrowser.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        Client.Dispose();
        if (_hub is not null)
        {
            await _hub.StopAsync();
            await _hub.DisposeAsync();
        }

        _data.Delete(recursive: true);
    }

    /// <summary>Agents, gateways and operators: whoever is there before somebody looks.</summary>
    protected abstract Task TellAsync();

    protected Task<Visit> VisitAsync(string path, int width, ColorScheme scheme, bool scripts = true) => Look.OpenAsync(_browser!.Of, _hub!.Address, path, width, scheme, scripts);
}
