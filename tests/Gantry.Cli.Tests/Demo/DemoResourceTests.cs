using System.Net;
using Gantry.Cli.Api;
using Gantry.Cli.Demo;
using Gantry.Cli.Demo.Gaps;
using Gantry.Hub;
using Microsoft.Extensions.Logging;

namespace Gantry.Cli.Tests.Demo;

/// <summary>What the demo declares at a real hub, beside what a person has declared there.</summary>
public sealed class DemoResourceTests : IAsyncLifetime
{
    private const string Own = """
        apiVersion: gantry/v1
        kind: Journey
        metadata: {name: purchase}
        spec:
          title: My own
          entry: {service: checkout}

        """;

    private readonly CliContext _context = CliContext.OfProcess();
    private readonly TestFolder _folder = new();
    private HubServer _hub = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = new HubServer(new HubOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0), DataFolder = _folder["data"] }, logging => logging.SetMinimumLevel(LogLevel.None));
        await _hub.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.StopAsync();
        await _hub.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_journey_of_the_users_own_is_neither_written_over_nor_deleted()
    {
        await RunAsync("apply", "-f", _folder.Write("own.yaml", Own));
        using var client = new HubClient(_context, _hub.Address);
        var journey = GapsRun.JourneyOf(_context, client);
        var undo = new List<Func<Task>>();

        var check = await Assert.ThrowsAsync<CommandFailure>(() => journey.CheckAsync(TestContext.Current.CancellationToken));
        var apply = await Assert.ThrowsAsync<CommandFailure>(() => journey.ApplyAsync(undo, TestContext.Current.CancellationToken));
        await Assert.Single(undo)();

        Assert.Equal((ExitCodes.Conflict, check.Message), (apply.ExitCode, apply.Message));
        Assert.Contains("the hub has journeys/purchase already, owned by api", check.Message, StringComparison.Ordinal);
        Assert.Contains("title: My own", (await RunAsync("get", "journeys", "purchase", "-o", "yaml")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_demo_declared_goes_with_it_and_a_check_declares_nothing()
    {
        using var client = new HubClient(_context, _hub.Address);
        var journey = GapsRun.JourneyOf(_context, client);
        var undo = new List<Func<Task>>();

        await journey.CheckAsync(TestContext.Current.CancellationToken);
        Assert.Empty((await RunAsync("get", "journeys")).Out);
        await journey.ApplyAsync(undo, TestContext.Current.CancellationToken);
        Assert.Contains("\npurchase ", (await RunAsync("get", "journeys")).Out, StringComparison.Ordinal);
        await Assert.Single(undo)();

        Assert.Empty((await RunAsync("get", "journeys")).Out);
    }

    [Fact]
    public async Task Who_is_interrupted_before_the_answer_knows_what_to_take_back()
    {
        using var client = new HubClient(_context, _hub.Address);
        var undo = new List<Func<Task>>();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => GapsRun.JourneyOf(_context, client).ApplyAsync(undo, new CancellationToken(canceled: true)));

        Assert.Single(undo);
    }

    private Task<Cli> RunAsync(params string[] args) => Cli.RunAsync([.. args, "--hub", _hub.Address.ToString()]);
}
