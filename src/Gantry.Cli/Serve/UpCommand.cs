using System.CommandLine;
using System.Net;
using Gantry.Cli.Verbs;

namespace Gantry.Cli.Serve;

/// <summary><c>gantry up</c>: hub, gateway and agent of this machine in one process.</summary>
internal static class UpCommand
{
    public static Command Create(CliContext context)
    {
        var data = ServeOptions.Data(context);
        var forward = ServeOptions.Forward();
        var hubPort = ServeOptions.HubPort();
        var grpcPort = ServeOptions.GrpcPort();
        var httpPort = ServeOptions.HttpPort();
        var metrics = new MetricsFlags();
        var fleet = new FleetFlags();
        var quiet = new Option<bool>("--no-self-telemetry") { Description = "Do not send Gantry's own metrics to its gateway" };
        var level = ServeOptions.Level();
        var verb = new Verb("up", "Run hub, gateway and an agent for this machine, on loopback", context)
        {
            Details =
                "Everything listens on 127.0.0.1 only and is kept in one data folder; starting again has everything it had. Ctrl-C stops.\n" +
                "Ready in seconds; the machine stands on rung 1 within 15 s, and every process that listens and sends nothing is shown as dark.",
            Examples =
            [
                new Example("gantry up", "then open http://127.0.0.1:4320"),
                new Example("gantry up --forward http://127.0.0.1:5318", "and pass all telemetry on to another OTLP endpoint"),
                new Example("gantry up --data ./state --hub-port 0 --grpc-port 0 --http-port 0", "a second one, beside the first"),
                new Example("gantry up --log-level information", "with more to read"),
            ],
        };
        foreach (var option in (Option[])[data, forward, hubPort, grpcPort, httpPort, .. metrics.All, .. fleet.OfOneMachine, quiet, level])
        {
            verb.Add(option);
        }

        return verb.Runs((parsed, cancellation) => new Up(context, new UpSettings
        {
            Data = parsed.GetRequiredValue(data),
            Forward = parsed.GetRequiredValue(forward),
            Hub = new IPEndPoint(IPAddress.Loopback, parsed.GetValue(hubPort)),
            Grpc = new IPEndPoint(IPAddress.Loopback, parsed.GetValue(grpcPort)),
            Http = new IPEndPoint(IPAddress.Loopback, parsed.GetValue(httpPort)),
            Metrics = metrics.Read(parsed),
            Fleet = fleet.Read(parsed),
            SelfTelemetry = !parsed.GetValue(quiet),
            Level = parsed.GetValue(level),
        }).RunAsync(cancellation));
    }
}
