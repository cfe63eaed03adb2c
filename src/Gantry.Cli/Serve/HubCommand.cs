using System.CommandLine;
using System.Net;
using Gantry.Cli.Verbs;
using Gantry.Hub;
using Microsoft.Extensions.Logging;

namespace Gantry.Cli.Serve;

/// <summary><c>gantry hub</c>: the control plane alone.</summary>
internal static class HubCommand
{
    public static Command Create(CliContext context)
    {
        var data = ServeOptions.Data(context);
        var database = ServeOptions.Database(context);
        var port = ServeOptions.HubPort();
        var takesOver = ServeOptions.SyncTakesOver();
        var level = ServeOptions.Level();
        var verb = new Verb("hub", "Run the hub alone: web pages, REST and OpAMP", context)
        {
            Details = "Gateways report to it (gantry gateway --hub URL), agents connect to its /v1/opamp. Listens on 127.0.0.1 only.",
            Examples =
            [
                new Example("gantry hub", "on port 4320, with the usual data folder"),
                new Example("gantry hub --data ./state --hub-port 4420", "elsewhere"),
                new Example("gantry hub --database 'Host=db.example;Database=gantry;Username=gantry'", "one of several nodes on one PostgreSQL"),
            ],
        };
        verb.Add(data);
        verb.Add(database);
        verb.Add(port);
        verb.Add(takesOver);
        verb.Add(level);
        return verb.Runs((parsed, cancellation) => RunAsync(
            context,
            new HubOptions
            {
                DataFolder = parsed.GetRequiredValue(data),
                Database = parsed.GetValue(database),
                SyncTakesOver = parsed.GetValue(takesOver),
                Listen = new IPEndPoint(IPAddress.Loopback, parsed.GetValue(port)),
            },
            parsed.GetValue(level),
            cancellation));
    }

    private static async Task<int> RunAsync(CliContext context, HubOptions options, LogLevel level, CancellationToken cancellation)
    {
        using var logs = new StderrLogs(context.Terminal, context.Time, level);
        // A node on a database keeps nothing of its own; several may run on one machine.
        using var folder = options.Database is null ? DataFolder.Hold(options.DataFolder) : null;
        var door = Parts.HubDoor(options.Listen);
        Listening.Check(door);
        await using var hub = Parts.Hub(folder is null ? options : options with { DataFolder = folder.Path }, logs.AddTo, context.Time);
        await Listening.StartAsync(hub.StartAsync, [door], cancellation);
        folder?.Sign($"{hub.Address}");
        var plate = Doorplate.For(hub.Address, http: null, grpc: null);
        plate.Add("Data", folder?.Path ?? hub.Place, "everything that is kept");
        plate.Print(context.Terminal, $"Gantry {SelfTelemetry.Version} hub is ready. Ctrl-C stops.");
        var exit = await Stopping.AskedAsync(context, hub.Stopped, cancellation);
        await Stopping.StopAsync(hub.StopAsync, context.Time);
        return exit;
    }
}
