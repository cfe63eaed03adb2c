using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using Gantry.Cli.Api;

namespace Gantry.Cli.Demo;

/// <summary>OpenTelemetry's published auto-instrumentation for Node.js: installed once into the data folder, switched on by environment alone.</summary>
internal static class NodeTelemetry
{
    private const string Package = "@opentelemetry/auto-instrumentations-node";

    private static readonly string[] Files = ["package.json", "package-lock.json", ".npmrc"];

    /// <returns>The folder that has node_modules.</returns>
    /// <exception cref="CommandFailure">npm could not install it.</exception>
    public static async Task<string> InstallAsync(CliContext context, string demoFolder, CancellationToken cancellation)
    {
        var source = Path.Combine(AppContext.BaseDirectory, "shop-telemetry");
        var hash = SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(source, "package-lock.json"), cancellation));
        // Another version's lock file gets another folder: no installation is ever changed under a running service.
        var folder = Path.Combine(demoFolder, $"node-telemetry-{Convert.ToHexStringLower(hash.AsSpan(0, 4))}");
        if (Directory.Exists(folder))
        {
            return folder;
        }

        context.Terminal.Note($"Installing {Package} with npm into {folder} (only once, some 15 s) …");
        // Complete or not there: npm works in a folder of its own, which then gets the name.
        var workshop = $"{folder}.{Environment.ProcessId}";
        Directory.CreateDirectory(workshop);
        try
        {
            foreach (var file in Files)
            {
                File.Copy(Path.Combine(source, file), Path.Combine(workshop, file), overwrite: true);
            }

            await RunNpmAsync(context, workshop, cancellation);
            if (!Directory.Exists(folder))
            {
                Directory.Move(workshop, folder);
            }
        }
        finally
        {
            if (Directory.Exists(workshop))
            {
                Directory.Delete(workshop, recursive: true);
            }
        }

        return folder;
    }

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

    private static async Task RunNpmAsync(CliContext context, string folder, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("npm")
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in new[] { "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error" })
        {
            start.ArgumentList.Add(argument);
        }

        var last = "";
        try
        {
            using var npm = Process.Start(start)!;
            await using var stop = cancellation.Register(() => npm.Kill(entireProcessTree: true));
            npm.OutputDataReceived += (_, line) => Show(line.Data);
            npm.ErrorDataReceived += (_, line) => Show(line.Data);
            npm.BeginOutputReadLine();
            npm.BeginErrorReadLine();
            await npm.WaitForExitAsync(CancellationToken.None);
            cancellation.ThrowIfCancellationRequested();
            if (npm.ExitCode != 0)
            {
                throw new CommandFailure($"npm could not install {Package} (exit code {npm.ExitCode}: {last}); it needs a way to an npm registry, see `npm config get registry`");
            }
        }
        catch (Win32Exception exception)
        {
            throw new CommandFailure($"npm could not be started ({exception.Message})");
        }

        void Show(string? line)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                last = line;
                context.Terminal.Note(context.Terminal.ErrorPaint.Dim("  npm: " + line));
            }
        }
    }
}
