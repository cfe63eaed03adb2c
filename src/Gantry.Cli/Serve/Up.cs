using Gantry.Agent;
using Gantry.Agent.Boot;
using Gantry.Gateway;
using Gantry.Hub;
using Microsoft.Extensions.Logging;

namespace Gantry.Cli.Serve;

/// <summary>
/// One run of <c>gantry up</c>. Parts start in the order in which they report to each other and stop in the reverse one, so that nothing that was
/// seen is lost: hub, gateway, agent; then agent, gateway (with its last report), hub.
/// </summary>
internal sealed class Up(CliContext context, UpSettings settings)
{
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var began = context.Time.GetTimestamp();
        using var logs = new StderrLogs(context.Terminal, context.Time, settings.Level);
        using var folder = DataFolder.Hold(settings.Data);
        Listening.Check([Parts.HubDoor(settings.Hub), .. Parts.GatewayDoors(settings.Grpc, settings.Http)]);
        await using var hub = Parts.Hub(new HubOptions { Listen = settings.Hub, DataFolder = folder.Path, Fleet = settings.Fleet }, logs.AddTo, context.Time);
        await Listening.StartAsync(hub.StartAsync, [Parts.HubDoor(settings.Hub)], cancellation);
        folder.Sign($"{hub.Address}");
        try
        {
            return await RunWithHubAsync(hub, folder.Path, logs, began, cancellation);
        }
        finally
        {
            await Stopping.StopAsync(hub.StopAsync, context.Time);
        }
    }

    private async Task<int> RunWithHubAsync(
        HubServer server, string folder, StderrLogs logs, long began, CancellationToken cancellation)
    {
        var hub = server.Address;
        var kept = new GatewayOptions { StateFolder = Path.Combine(folder, "gateway"), Metrics = settings.Metrics, HubToken = server.ProcessToken };
        var options = Parts.Gateway(settings.Grpc, settings.Http, hub, settings.Forward, folder, kept);
        await using var gateway = new GatewayServer(options, logs.AddTo, context.Time);
        await Listening.StartAsync(gateway.StartAsync, Parts.GatewayDoors(options.Grpc, options.Http), cancellation);
        using var agentStop = new CancellationTokenSource();
        var agent = Task.Run(() => RunAgentAsync(server, gateway.Http, folder, logs, agentStop.Token), CancellationToken.None);
        Print(hub, gateway, folder, context.Time.GetElapsedTime(began));

        var self = settings.SelfTelemetry
            ? Task.Run(() => SelfTelemetry.StartAsync(gateway.Http, context.Time, cancellation), CancellationToken.None)
            : null;
        await NextStep.PrintAsync(context, hub, cancellation);
        var exit = await Stopping.AskedAsync(context, server.Stopped, cancellation);

        context.Terminal.Note("Stopping.");
        await agentStop.CancelAsync();
        await agent;
        if (self is not null)
        {
            (await self).Dispose();
        }

        await Stopping.StopAsync(gateway.StopAsync, context.Time);
        return exit;
    }

    private async Task RunAgentAsync(HubServer hub, Uri gateway, string folder, StderrLogs logs, CancellationToken stop)
    {
        using var loggers = LoggerFactory.Create(logs.AddTo);
        try
        {
            var options = new AgentOptions
            {
                Hub = Api.Address.Show(hub.Address),
                Token = hub.ProcessToken,
                Gateway = Api.Address.Show(gateway),
                StateFolder = Path.Combine(folder, "agent"),
                // On the machine of whoever started it: a session with a runtime changes nothing on it, and ends with this program.
                Guard = Guard.Allowing(GuardedAction.Attach),
            };
            using var agent = new GantryAgent(options, loggers, context.Time);
            await agent.RunAsync(stop);
        }
        catch (Exception exception) when (!stop.IsCancellationRequested)
        {
            // Hub and gateway are of use without it.
            Log.AgentFailed(loggers.CreateLogger<Up>(), exception);
        }
    }

    private void Print(Uri hub, GatewayServer gateway, string folder, TimeSpan took)
    {
        var plate = Doorplate.For(hub, gateway.Http, gateway.Grpc);
        plate.Add("Data", folder, "everything that is kept");
        plate.AddForward(settings.Forward);

        plate.Print(context.Terminal, $"Gantry {SelfTelemetry.Version} is ready ({took.TotalSeconds:0.0} s). Ctrl-C stops.");
    }
}
