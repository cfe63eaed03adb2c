using System.CommandLine;
using System.Net;
using Gantry.Cli.Api;
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
        var listen = ListenOption();
        var certificate = new Option<string?>("--tls-cert") { Description = "PEM file with the certificate to show and its intermediates; with --tls-key, turns TLS on", HelpName = "FILE" };
        var key = new Option<string?>("--tls-key") { Description = "PEM file with the private key of that certificate, not encrypted", HelpName = "FILE" };
        var advertise = new Option<Uri?>("--advertise") { Description = "Where other nodes on the same --database reach this one [default: where it listens]", HelpName = "URL", CustomParser = result => Address.Parse(result, result.Tokens[0].Value, "--advertise") };
        var fleet = new FleetFlags();
        var level = ServeOptions.Level();
        var verb = new Verb("hub", "Run the hub alone: web pages, REST and OpAMP", context)
        {
            Details = "Gateways report to it (gantry gateway --hub URL), agents connect to its /v1/opamp.\n" +
                "It listens on 127.0.0.1, and there asks nobody for a token until there is an admin token. On another address it starts only when there is one:\n" +
                "gantry access bootstrap makes the first.",
            Examples =
            [
                new Example("gantry hub", "on port 4320, with the usual data folder"),
                new Example("gantry hub --data ./state --hub-port 4420", "elsewhere"),
                new Example("gantry hub --listen 0.0.0.0:4320 --tls-cert cert.pem --tls-key key.pem", "for other machines, encrypted, with tokens"),
                new Example("gantry hub --opamp-endpoint wss://hub.example:4320/v1/opamp --heartbeat 60", "with settings for agents that take them over OpAMP"),
                new Example("gantry hub --database 'Host=db.example;Database=gantry;Username=gantry'", "one of several nodes on one PostgreSQL"),
            ],
        };
        verb.Add(data);
        verb.Add(database);
        verb.Add(port);
        verb.Add(takesOver);
        verb.Add(listen);
        verb.Add(advertise);
        verb.Add(certificate);
        verb.Add(key);
        foreach (var option in fleet.All)
        {
            verb.Add(option);
        }

        verb.Add(level);
        return verb.Runs((parsed, cancellation) => RunAsync(
            context,
            new HubOptions
            {
                DataFolder = parsed.GetRequiredValue(data),
                Database = parsed.GetValue(database),
                SyncTakesOver = parsed.GetValue(takesOver),
                Listen = ListenOf(parsed.GetValue(listen), parsed.GetValue(port)),
                Advertise = parsed.GetValue(advertise),
                Certificate = parsed.GetValue(certificate),
                CertificateKey = parsed.GetValue(key),
                Fleet = fleet.Read(parsed),
            },
            parsed.GetValue(level),
            cancellation));
    }

    /// <summary>Port 0 stands for the one of <c>--hub-port</c>.</summary>
    private static Option<IPEndPoint> ListenOption() => new("--listen")
    {
        Description = "Address to listen on, with or without a port; 0.0.0.0 is all of IPv4, [::] all. Others than loopback need an admin token [default: 127.0.0.1]",
        HelpName = "ADDRESS[:PORT]",
        DefaultValueFactory = _ => new IPEndPoint(IPAddress.Loopback, 0),
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (IPEndPoint.TryParse(text, out var endPoint))
            {
                return endPoint;
            }

            result.AddError($"--listen '{text}': expected an IP address, with or without a port, such as 0.0.0.0:4320 or [::1]");
            return null;
        },
    };

    private static IPEndPoint ListenOf(IPEndPoint? listen, int port) => new(listen?.Address ?? IPAddress.Loopback, listen is { Port: > 0 } ? listen.Port : port);

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
        plate.Add("Access", hub.IsOpen ? "open" : "restricted", hub.IsOpen ? "anyone on this machine may do everything; gantry access bootstrap changes that" : "every door wants a token");
        plate.Print(context.Terminal, $"Gantry {SelfTelemetry.Version} hub is ready. Ctrl-C stops.");
        var exit = await Stopping.AskedAsync(context, hub.Stopped, cancellation);
        await Stopping.StopAsync(hub.StopAsync, context.Time);
        return exit;
    }
}
