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
        var state = new Option<string?>("--state") { Description = "Folder for the last sampling policy, to start with it while the hub is away, and for the id of this run [default: keep none]", HelpName = "DIR" };
        var sampling = new Option<string?>("--sampling")
        {
            Description = "SamplingPolicy documents to go by until the hub gives a policy [default: keep everything until then]",
            HelpName = "FILE",
        };
        var metrics = new MetricsFlags();
        var level = ServeOptions.Level();
        var receive = new ReceiveFlags();
        var verb = new Verb("gateway", "Run the gateway alone: OTLP in, observations to the hub, OTLP on", context)
        {
            Details = "It keeps no state but spools and, with --state, its id and the last sampling policy, which it goes by when it starts while the hub is away; --sampling is for one\n" +
                "that never had any. It needs no hub to start: counts are cumulative and wait until the hub answers.\n" +
                "It listens on 127.0.0.1; on another address only with TLS or tokens. Both ports speak HTTP/1.1 and HTTP/2. Certificates, keys and tokens are read\n" +
                "again when their files change.",
            Examples =
            [
                new Example("gantry gateway", "reports to the hub on this machine"),
                new Example("gantry gateway --forward http://127.0.0.1:5318", "and passes all telemetry on"),
                new Example("gantry gateway --listen 0.0.0.0 --tls-cert cert.pem --tls-key key.pem --token-file tokens", "for other machines, encrypted, with a token"),
                new Example("gantry gateway --forward 'grpc://127.0.0.1:5317?compression=zstd&spool=1GiB'", "what the destination cannot take waits on disk"),
                new Example("gantry gateway --state ./gateway --sampling sampling.yaml", "and starts with a sampling policy, hub or no hub"),
            ],
        };
        foreach (var option in (Option[])[hub, forward, grpc, http, state, sampling, .. metrics.All, level])
        {
            verb.Add(option);
        }

        receive.AddTo(verb);
        return verb.Runs(async (parsed, cancellation) => await RunAsync(
            context,
            Parts.Gateway(
                new IPEndPoint(receive.Listen(parsed), parsed.GetValue(grpc)),
                new IPEndPoint(receive.Listen(parsed), parsed.GetValue(http)),
                parsed.GetRequiredValue(hub),
                parsed.GetRequiredValue(forward),
                DataFolder.Default(context.Variable),
                receive.Read(parsed) with
                {
                    HubToken = context.HubToken.Variable,
                    HubTokenFile = context.HubToken.File,
                    StateFolder = parsed.GetValue(state) is { } folder ? DataFolder.Make(folder) : null,
                    Sampling = parsed.GetValue(sampling) is { } file ? await PolicyAsync(context, file, cancellation) : null,
                }) with { Metrics = metrics.Read(parsed) },
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
        if (ReceiveFlags.Guards(options.Receive) is { } guards)
        {
            plate.Add("Access", "restricted", guards);
        }

        plate.Add("Hub", Address.Show(options.Hub), "what is observed is reported to it");
        plate.AddForward(options.Destinations);

        plate.Print(context.Terminal, $"Gantry {SelfTelemetry.Version} gateway is ready. Ctrl-C stops.");
        await Stopping.AskedAsync(cancellation);
        await Stopping.StopAsync(gateway.StopAsync, context.Time);
        return ExitCodes.Ok;
    }
}
