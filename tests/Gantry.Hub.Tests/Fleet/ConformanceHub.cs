using System.Net;
using Gantry.Conformance;
using Gantry.Hub.Fleet;
using Gantry.Hub.Fleet.Settings;
using Gantry.Hub.Fleet.Views;
using Gantry.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Hub.Tests.Fleet;

/// <summary>A hub that a conformance suite may do anything to: small limits, short deadlines, a clock of its own.</summary>
public sealed class ConformanceHub : IServerControl, IAsyncLifetime
{
    private static readonly FleetOptions Options = new()
    {
        MaxMessageBytes = 1024 * 1024,
        PingAfter = TimeSpan.FromSeconds(2),
        PongWithin = TimeSpan.FromSeconds(2),
        MessageWithin = TimeSpan.FromSeconds(4),
    };

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
    private readonly string _folder = HubFixture.NewFolder();
    private readonly SetAssignments _assignments = new();
    private readonly TestLogs _logs = new();
    private IPEndPoint _listen = new(IPAddress.Loopback, 0);
    private HubServer _server = null!;
    private GuardedHub? _guarded;
    private GuardedHub? _approving;
    private PostgresState? _nodesState;
    private HubFixture[]? _nodes;
    private Timer? _moving;

    public Uri OpAmp => new(_server.Address, "v1/opamp");

    public int? MaxMessageBytes => Options.MaxMessageBytes;

    public async ValueTask InitializeAsync() => await StartAsync();

    public async Task<IGuardedServer> GuardedAsync(bool approves = false) => approves
        ? _approving ??= await GuardedHub.StartAsync(approves: true)
        : _guarded ??= await GuardedHub.StartAsync(approves: false);

    public async Task<(Uri First, Uri Second)> NodesAsync()
    {
        if (_nodes is null)
        {
            _nodesState = new PostgresState();
            _nodes = [await HubFixture.StartAsync(_nodesState), await HubFixture.StartAsync(_nodesState)];
        }

        // What nodes write behind and read anew goes by their clocks.
        _moving ??= new Timer(_ => Array.ForEach(_nodes, node => node.Time.Advance(TimeSpan.FromSeconds(1))), null, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(100));
        return (_nodes[0].OpAmp, _nodes[1].OpAmp);
    }

    public async ValueTask DisposeAsync()
    {
        if (_moving is not null)
        {
            await _moving.DisposeAsync();
        }

        foreach (var server in (IAsyncDisposable?[])[_guarded, _approving, .. _nodes ?? []])
        {
            await (server?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        _nodesState?.Dispose();
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
        _logs.Dispose();
    }

    public async Task AssignAsync(Guid agent, string? body, string name = "", string contentType = "text/yaml")
    {
        _assignments.Set(agent.ToString(), body, name, contentType);
        // The hub gathers changes before it tells anybody.
        var fleet = _server.Services.GetRequiredService<FleetStore>();
        await Task.Run(fleet.Reassign);
    }

    public Task OfferSettingsAsync(Uri opAmp, Uri ownTelemetry)
    {
        _server.Services.GetRequiredService<FleetStore>().Offer(new ConnectionSettingsConfig
        {
            OpAmp = opAmp, OwnTelemetry = ownTelemetry, OpAmpCa = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n", OpAmpProxy = new Uri("http://proxy.example:3128"),
        });
        return Task.CompletedTask;
    }

    public async Task RestartServerAsync()
    {
        _listen = new IPEndPoint(IPAddress.Loopback, _server.Address.Port);
        await StopAsync();
        await StartAsync();
    }

    public Task<bool> RestartAgentAsync(Guid agent) => Task.FromResult(_server.Services.GetRequiredService<FleetStore>().Restart(agent) == true);

    public Task AdvanceAsync(TimeSpan by)
    {
        _time.Advance(by);
        return Task.CompletedTask;
    }

    public Task<SeenAgent?> LookAsync(Guid agent) => Task.FromResult(_server.Services.GetRequiredService<FleetView>().One(agent.ToString()) is not { } detail
        ? null
        : new SeenAgent(
            detail.Agent.Connected, detail.Agent.Kind, detail.Agent.Health switch { "unknown" => null, var health => health == "healthy" }, detail.Agent.LastError,
            detail.Agent.State, detail.Message, detail.Ladder[2].At ?? detail.Ladder[1].At, string.Concat(detail.Effective.Select(file => file.Body)),
            [.. detail.Packages.Select(package => package.Name)], detail.AvailableComponents ?? []));

    public Task OverloadAsync(bool on)
    {
        _server.Services.GetRequiredService<FleetStore>().TurnsAway = on;
        return Task.CompletedTask;
    }

    private async Task StartAsync()
    {
        _server = new HubServer(
            new HubOptions { Listen = _listen, DataFolder = _folder, Fleet = Options }, _logs.AddTo, _time, services => services.AddSingleton<Hub.Rollouts.IAssignments>(_assignments));
        await _server.StartAsync();
    }

    private async Task StopAsync()
    {
        await _server.StopAsync();
        await _server.DisposeAsync();
    }
}
