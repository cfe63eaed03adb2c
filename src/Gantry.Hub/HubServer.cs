using Gantry.Hub.Access;
using Gantry.Hub.Api;
using Gantry.Hub.Campaigns;
using Gantry.Hub.Coverage;
using Gantry.Hub.Coverage.Changes;
using Gantry.Hub.Estate;
using Gantry.Hub.Fleet;
using Gantry.Hub.Instrument;
using Gantry.Hub.Journeys;
using Gantry.Hub.FleetManagement;
using Gantry.Hub.FleetManagement.Connect;
using Gantry.Hub.Nodes;
using Gantry.Hub.Objectives;
using Gantry.Hub.Objectives.OpenSlo;
using Gantry.Hub.Observations;
using Gantry.Hub.Quality;
using Gantry.Hub.Rollouts;
using Gantry.Hub.Sampling;
using Gantry.Hub.Storage;
using Gantry.Hub.Ui;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Gantry.Hub;

/// <summary>The control plane as one server: inventory, evidence, the ladder, and their doors. Start, stop, dispose; several may live in one process.</summary>
public sealed class HubServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    /// <exception cref="HubStorageException">The state cannot be used, or the hub would be open to others.</exception>
    public HubServer(HubOptions options, Action<ILoggingBuilder> logging, TimeProvider? time = null)
        : this(options, logging, time, replace: null)
    {
    }

    /// <param name="replace">Registers services in the place of the hub's own.</param>
    internal HubServer(HubOptions options, Action<ILoggingBuilder> logging, TimeProvider? time, Action<IServiceCollection>? replace)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        logging(builder.Logging);
        // Else the server makes an Activity for each request, also for those that stay open for days: 400 bytes of each agent.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>().AddSingleton(options).AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddStorage(options).AddAccess().AddNodes();
        builder.Services.AddSingleton<ObservationStore>();
        builder.Services.AddSingleton<EstateView>().AddSingleton<EstateQueries, PlannedEstate>().AddQuality();
        builder.Services.AddDeclared().AddSampling();
        builder.Services.AddJourneys();
        builder.Services.AddFleetManagement();
        builder.Services.AddConfigurations().AddInstrumentation();
        builder.Services.AddHostedService<WriteBehind>();
        builder.Services.AddObjectives().AddCampaigns();
        builder.Services.AddChanges();
        builder.Services.AddFleet(options.Fleet);
        builder.Services.AddProblemDetails().AddOpenApi();
        builder.Services.AddGantryUi();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Math.Max(64 * 1024 * 1024, options.Fleet.MaxMessageBytes);
            kestrel.Limits.AllowLongAddresses();
            kestrel.Listen(options.Listen, door => AccessRegistration.Encrypt(door, options));
        });
        replace?.Invoke(builder.Services);
        _app = builder.Build();
        MapDoors(_app);
    }

    /// <summary>Where the hub is served, after start: "http://127.0.0.1:4320".</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Where its state is, for people; never with a password.</summary>
    public string Place => _app.Services.GetRequiredService<HubDatabase>().Engine.Place;

    internal IServiceProvider Services => _app.Services;

    /// <summary>The token of this process's own gateway and agent; new with each start, and kept nowhere.</summary>
    public string ProcessToken => _app.Services.GetRequiredService<AccessStore>().ProcessToken;

    /// <summary>Everybody on this machine may do everything: there is no admin token yet.</summary>
    public bool IsOpen => _app.Services.GetRequiredService<AccessStore>().IsOpen;

    /// <summary>Set when the hub begins to stop, also when a part of it failed and it stops by itself.</summary>
    public CancellationToken Stopped => _app.Lifetime.ApplicationStopping;

    /// <exception cref="IOException">The port is taken; the message names it.</exception>
    public Task StartAsync(CancellationToken cancellation = default) => _app.StartAsync(cancellation);

    public Task StopAsync(CancellationToken cancellation = default) => _app.StopAsync(cancellation);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void MapDoors(WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseLoopbackHost(app.Services.GetRequiredService<HubOptions>().Listen.Address);
        app.UseAccess();
        app.UseNodes();
        app.MapFleet();
        app.UseFleetManagement();
        app.MapApi();
        app.MapAccess();
        app.MapResources();
        app.MapConfigurations();
        app.MapInstrumentation();
        app.MapSampling();
        app.MapOpenSlo();
        app.MapCampaigns();
        app.MapScores();
        app.MapOpenApi();
        app.MapGantryUi();
        app.MapGet("/healthz", static () => Results.Text("ok\n")).ExcludeFromDescription();
        app.MapGet("/readyz", static () => Results.Text("ready\n")).ExcludeFromDescription();
    }
}
