using System.Reflection;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Gantry.Cli.Serve;

/// <summary>Gantry's own request and runtime metrics, sent to its own gateway as any service would: Gantry is no dark process.</summary>
internal sealed class SelfTelemetry : IDisposable
{
    private const int IntervalMilliseconds = 10_000;
    private const int ExportPatienceMilliseconds = 1_000;

    private readonly MeterProvider _meters;

    // By then the first requests are counted: the hub's view of the machine begins with a Gantry that is not dark.
    private static readonly TimeSpan FirstExport = TimeSpan.FromSeconds(1);

    private SelfTelemetry(MeterProvider meters) => _meters = meters;

    public static string Version { get; } =
        typeof(SelfTelemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    /// <param name="gateway">Base address of OTLP/HTTP.</param>
    public static async Task<SelfTelemetry> StartAsync(Uri gateway, TimeProvider time, CancellationToken cancellation)
    {
        var telemetry = Start(gateway);
        await Task.Delay(FirstExport, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        telemetry._meters.ForceFlush(ExportPatienceMilliseconds);
        return telemetry;
    }

    private static SelfTelemetry Start(Uri gateway)
    {
        var meters = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(Resource())
            .AddMeter("Microsoft.AspNetCore.Hosting", "System.Runtime")
            .AddOtlpExporter((exporter, reader) =>
            {
                exporter.Endpoint = new Uri(gateway, "v1/metrics");
                exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = IntervalMilliseconds;
            })
            .Build();
        return new SelfTelemetry(meters);
    }

    public void Dispose()
    {
        _meters.Shutdown(ExportPatienceMilliseconds);
        _meters.Dispose();
    }

    /// <summary>What joins these metrics with the process that the agent finds.</summary>
    private static ResourceBuilder Resource()
    {
        var attributes = new Dictionary<string, object>
        {
            ["host.name"] = Environment.MachineName,
            ["process.pid"] = Environment.ProcessId,
        };
        if (MachineId() is { } id)
        {
            attributes["host.id"] = id;
        }

        return ResourceBuilder.CreateEmpty()
            .AddTelemetrySdk()
            .AddService("gantry", serviceVersion: Version, serviceInstanceId: Guid.CreateVersion7().ToString())
            .AddAttributes(attributes);
    }

    private static string? MachineId()
    {
        const string Path = "/etc/machine-id";
        return File.Exists(Path) && File.ReadAllText(Path).Trim() is { Length: 32 } id ? id : null;
    }
}
