using Gantry.Hub.Coverage;
using Gantry.Hub.Coverage.Changes;
using Gantry.Hub.Fleet.Views;
using Gantry.Hub.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gantry.Testing;

/// <summary>The web UI on a real Kestrel, on a port of its own choice, in front of any estate.</summary>
public sealed class UiServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private UiServer(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Urls.First());
    }

    public Uri Address { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<UiServer> StartAsync(EstateQueries estate, TimeProvider? time = null, Action<UiOptions>? configure = null, ILoggerProvider? logs = null, ChangeQueries? changes = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        if (logs is not null)
        {
            builder.Logging.AddProvider(logs);
        }

        builder.Services.AddSingleton(estate).AddSingleton<FleetQueries, FakeFleet>();
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        if (changes is not null)
        {
            builder.Services.AddSingleton(changes);
        }

        builder.Services.AddGantryUi(configure);

        var app = builder.Build();
        app.MapGantryUi();
        await app.StartAsync();
        return new UiServer(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
