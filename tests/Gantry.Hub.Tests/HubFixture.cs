using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Gantry.Protocol.Observations;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;
using Gantry.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Hub.Tests;

/// <summary>A real hub on a port of its own, over a database in a folder of its own, with a clock that the test moves. Fails on errors that no
/// test announced.</summary>
public sealed class HubFixture : IAsyncDisposable
{
    private readonly string _folder;
    private readonly bool _keepFolder;
    private readonly HubServer _server;
    private bool _disposed;

    private HubFixture(string folder, bool keepFolder, HubServer server, TestLogs logs, FakeTimeProvider time)
    {
        _folder = folder;
        _keepFolder = keepFolder;
        _server = server;
        Logs = logs;
        Time = time;
        Client = new HttpClient { BaseAddress = server.Address };
    }

    public FakeTimeProvider Time { get; }

    public TestLogs Logs { get; }

    public HttpClient Client { get; }

    public Uri OpAmp => new(_server.Address, "v1/opamp");

    internal Hub.Fleet.FleetStore Fleet => _server.Services.GetRequiredService<Hub.Fleet.FleetStore>();

    public CancellationToken Stopped => _server.Stopped;

    public ulong Now => (ulong)Time.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000;

    /// <summary>A part of the hub.</summary>
    internal T Room<T>()
        where T : notnull => (T)_server.Services.GetService(typeof(T))!;

    public static string NewFolder() => Directory.CreateTempSubdirectory("gantry-hub-").FullName;

    /// <summary>A hub on state that outlives it.</summary>
    public static Task<HubFixture> StartAsync(TestState state, FakeTimeProvider? time = null) => StartAsync(state.Folder, time, state.Database);

    public static Task<HubFixture> StartAsync(string? folder = null, FakeTimeProvider? time = null, string? database = null, Action<IServiceCollection>? replace = null) =>
        StartAsync(folder, time, assignments: null, fleet: null, database, replace);

    internal static async Task<HubFixture> StartAsync(
        string? folder, FakeTimeProvider? time, Gantry.Hub.Rollouts.IAssignments? assignments, Hub.Fleet.FleetOptions? fleet = null, string? database = null,
        Action<IServiceCollection>? replace = null)
    {
        var logs = new TestLogs();
        time ??= new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        var data = folder ?? NewFolder();
        var server = new HubServer(
            new HubOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0), DataFolder = data, Database = database, Fleet = fleet ?? new() }, logs.AddTo, time,
            services =>
            {
                _ = assignments is null ? services : services.AddSingleton(assignments);
                replace?.Invoke(services);
            });
        await server.StartAsync();
        return new HubFixture(data, folder is not null, server, logs, time);
    }

    /// <summary>Reports as a gateway does.</summary>
    public async Task<ObservationReply> ReportAsync(ObservationBatch batch)
    {
        batch.SentUnixNano = batch.SentUnixNano == 0 ? Now : batch.SentUnixNano;
        using var content = new ByteArrayContent(batch.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue(ObservationBatch.ContentType);
        using var response = await Client.PostAsync("/api/v1/observations", content);
        response.EnsureSuccessStatusCode();
        return WireMessage.TryRead<ObservationReply>(await response.Content.ReadAsByteArrayAsync(), out _)!;
    }

    /// <summary>Speaks OpAMP over plain HTTP.</summary>
    public async Task<ServerToAgent> SayAsync(AgentToServer message)
    {
        using var content = new ByteArrayContent(message.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        using var response = await Client.PostAsync(OpAmp, content);
        response.EnsureSuccessStatusCode();
        return WireMessage.TryRead<ServerToAgent>(await response.Content.ReadAsByteArrayAsync(), out _)!;
    }

    /// <summary>Reads a resource of the API; the snapshot behind it is never older than the clock's last step.</summary>
    public async Task<T> GetAsync<T>(string path)
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        return (await Client.GetFromJsonAsync<T>($"/api/v1/{path}"))!;
    }

    /// <summary>Asks the hub to stop while clients still wait for it.</summary>
    public Task StopServerAsync() => _server.StopAsync();

    /// <summary>May be called before the end of a test that starts the hub again.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        Client.Dispose();
        await _server.StopAsync();
        await _server.DisposeAsync();
        if (!_keepFolder)
        {
            Directory.Delete(_folder, recursive: true);
        }

        Logs.Dispose();
    }
}
