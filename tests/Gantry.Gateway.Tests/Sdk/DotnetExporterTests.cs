using System.Diagnostics;
using System.Diagnostics.Metrics;
using Gantry.Protocol.Observations;
using Gantry.Testing;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Gantry.Gateway.Tests.Sdk;

/// <summary>The OpenTelemetry .NET SDK with its own OTLP exporter, all three signals, both protocols, both compressions.</summary>
public class DotnetExporterTests
{
    [Theory]
    [InlineData(OtlpExportProtocol.Grpc, OtlpExportCompression.None)]
    [InlineData(OtlpExportProtocol.Grpc, OtlpExportCompression.GZip)]
    [InlineData(OtlpExportProtocol.HttpProtobuf, OtlpExportCompression.None)]
    [InlineData(OtlpExportProtocol.HttpProtobuf, OtlpExportCompression.GZip)]
    public async Task Traces_metrics_and_logs_arrive(OtlpExportProtocol protocol, OtlpExportCompression compression)
    {
        await using var gateway = await GatewayFixture.StartAsync(forward: true);
        var name = $"dotnet-{protocol}-{compression}";
        using var source = new ActivitySource(name);
        using var meter = new Meter(name);
        void Configure(OtlpExporterOptions options, string path)
        {
            options.Protocol = protocol;
            options.Compression = compression;
            options.Endpoint = protocol == OtlpExportProtocol.Grpc ? gateway.Grpc : new Uri(gateway.Http, path);
        }

        var resource = ResourceBuilder.CreateDefault().AddService(name);
        using (var traces = OpenTelemetry.Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(name).AddOtlpExporter(options => Configure(options, "v1/traces")).Build())
        using (var metrics = OpenTelemetry.Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(name).AddOtlpExporter(options => Configure(options, "v1/metrics")).Build())
        using (var logs = LoggerFactory.Create(builder => builder.AddOpenTelemetry(options => options.SetResourceBuilder(resource).AddOtlpExporter(exporter => Configure(exporter, "v1/logs")))))
        {
            for (var i = 0; i < 25; i++)
            {
                using var span = source.StartActivity("GET /items", ActivityKind.Server);
                span?.SetStatus(i % 5 == 0 ? ActivityStatusCode.Error : ActivityStatusCode.Unset);
            }

            meter.CreateCounter<long>("orders").Add(1);
            logs.CreateLogger("test").LogInformation("bought");
        }

        await gateway.CountedAsync(25);
        Assert.Equal(5UL, gateway.Sink.Red()[(name, "GET /items", 2, 2, RedSource.Spans)].Calls);
        await Eventually.True("all three signals are seen", () => Signals(gateway).SetEquals([Signal.Traces, Signal.Metrics, Signal.Logs]));
        Assert.Equal(["/v1/logs", "/v1/metrics", "/v1/traces"], gateway.Sink.Requests.Select(request => request.Path).Distinct().Order());
    }

    private static HashSet<Signal> Signals(GatewayFixture gateway) =>
        [.. gateway.Sink.Reports.SelectMany(report => report.Sources).SelectMany(item => item.Signals).Select(seen => seen.Signal)];
}
