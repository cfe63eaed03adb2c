using System.CommandLine;
using System.Net;
using Gantry.Cli.Api;
using Gantry.Cli.Declare;
using Gantry.Cli.Verbs;
using Gantry.Estate.Sampling;
using Gantry.Gateway;
using Microsoft.Extensions.Logging;

namespace Gantry.Cli.Serve;

/// <summary><c>gantry gateway</c>: the data plane alone.</summary>
internal static class GatewayCommand
{
    public static Command Create(CliContext context)
    {
        var hub = HubAddress.Option(context);
        var forward = ServeOptions.Forward();
        var grpc = ServeOptions.GrpcPort();
        var http = ServeOptions.HttpPort();
        var state = new Option<string?>("--state") { Description = "Folder for the last sampling policy, to start with it while the hub is away [default: keep none]", HelpName = "DIR" };
        var sampling = new Option<string?>("--sampling")
        {
            Description = "SamplingPolicy documents to go by until the hub gives a policy [default: keep everything until then]",
            HelpName = "FILE",
        };
        var level = ServeOptions.Level();
        var verb = new Verb("gateway", "Run the gateway alone: OTLP in, observations to the hub, OTLP on", context)
        {
            Details =
                "It needs no hub to start: counts are cumulative and wait until the hub answers. What it keeps in --state is the last sampling policy, which it\n" +
                "goes by when it starts while the hub is away; --sampling is for one that never had any. Listens on 127.0.0.1 only.",
            Examples =
            [
                new Example("gantry gateway", "reports to the hub on this machine"),
                new Example("gantry gateway --forward http://127.0.0.1:5318", "and passes all telemetry on"),
                new Example("gantry gateway --state ./gateway --sampling sampling.yaml", "and starts with a sampling policy, hub or no hub"),
            ],
        };
        foreach (var option in new Option[] { hub, forward, grpc, http, state, sampling, level })
        {
            verb.Add(option);
        }

        return verb.Runs(async (parsed, cancellation) => await RunAsync(
            context,
            Parts.Gateway(new GatewayOptions
            {
                Grpc = new IPEndPoint(IPAddress.Loopback, parsed.GetValue(grpc)),
                Http = new IPEndPoint(IPAddress.Loopback, parsed.GetValue(http)),
                Hub = parsed.GetRequiredValue(hub),
                Forward = parsed.GetValue(forward),
                StateFolder = parsed.GetValue(state) is { } folder ? DataFolder.Make(folder) : null,
                Sampling = parsed.GetValue(sampling) is { } file ? await PolicyAsync(context, file, cancellation) : null,
            }),
            parsed.GetValue(level),
            cancellation));
    }

    private static async Task<SamplingModel> PolicyAsync(CliContext context, string file, CancellationToken cancellation) =>
        SamplingComposition.Compose((await DocumentFiles.ReadAsync(context, [file], cancellation)).Select(document => document.Model).OfType<SamplingPolicy>());

    private static async Task<int> RunAsync(CliContext context, GatewayOptions options, LogLevel level, CancellationToken cancellation)
    {
        using var logs = new StderrLogs(context.Terminal, context.Time, level);
        Listening.Check([.. Parts.GatewayDoors(options.Grpc, options.Http)]);
        await using var gateway = new GatewayServer(options, logs.AddTo, context.Time);
        await Listening.StartAsync(gateway.StartAsync, Parts.GatewayDoors(options.Grpc, options.Http), cancellation);
        var plate = Doorplate.For(hub: null, gateway.Http, gateway.Grpc);
        plate.Add("Hub", Address.Show(options.Hub), "what is observed is reported to it");
        if (options.Forward is not null)
        {
            plate.Add("Forward", Address.Show(options.Forward), "all telemetry is passed on to it");
        }

        plate.Print(context.Terminal, $"Gantry {SelfTelemetry.Version} gateway is ready. Ctrl-C stops.");
        await Stopping.AskedAsync(cancellation);
        await Stopping.StopAsync(gateway.StopAsync, context.Time);
        return ExitCodes.Ok;
    }
}
