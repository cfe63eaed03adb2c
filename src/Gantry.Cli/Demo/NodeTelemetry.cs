using Gantry.Cli.Api;

namespace Gantry.Cli.Demo;

/// <summary>OpenTelemetry's published auto-instrumentation for Node.js: installed once into the data folder, switched on by environment alone.</summary>
internal static class NodeTelemetry
{
    private const string Package = "@opentelemetry/auto-instrumentations-node";

    /// <returns>The folder that has node_modules.</returns>
    /// <exception cref="CommandFailure">npm could not install it.</exception>
    public static Task<string> InstallAsync(CliContext context, string demoFolder, CancellationToken cancellation) =>
        NpmFolder.InstallAsync(context, "shop-telemetry", Path.Combine(demoFolder, "node-telemetry"), Package, cancellation);

    /// <summary>What an operator sets and a service's owner never sees.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Variables(string folder, string service, Uri gateway) =>
    [
        new("NODE_OPTIONS", $"--require {Path.Combine(folder, "node_modules", Package, "build", "src", "register.js")}"),
        new("OTEL_SERVICE_NAME", service),
        new("OTEL_RESOURCE_ATTRIBUTES", $"service.namespace={Shop.Namespace}"),
        new("OTEL_EXPORTER_OTLP_ENDPOINT", Address.Show(gateway)),
        new("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        new("OTEL_METRICS_EXPORTER", "otlp"),
        new("OTEL_LOGS_EXPORTER", "otlp"),
        // The default set asks cloud providers' metadata addresses, too.
        new("OTEL_NODE_RESOURCE_DETECTORS", "env,host,os,process,serviceinstance"),
        // The demo waits for the counts: send soon, and drop nothing however fast the load.
        new("OTEL_BSP_SCHEDULE_DELAY", "500"),
        new("OTEL_BSP_MAX_QUEUE_SIZE", "65536"),
        new("OTEL_METRIC_EXPORT_INTERVAL", "10000"),
        new("OTEL_METRIC_EXPORT_TIMEOUT", "5000"),
    ];
}
