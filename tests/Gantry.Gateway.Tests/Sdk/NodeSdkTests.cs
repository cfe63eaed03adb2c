using System.Diagnostics;
using Gantry.Protocol.Observations;
using Gantry.Testing;

namespace Gantry.Gateway.Tests.Sdk;

/// <summary>The OpenTelemetry SDK for Node.js, put into an unmodified HTTP server by its environment, over each of its three protocols and both of its compressions.</summary>
public class NodeSdkTests
{
    private const int Requests = 40;

    // Serves on a free port, calls itself, and goes on serving.
    private const string App = """
        const http = require('node:http');
        const server = http.createServer((request, response) => { response.statusCode = request.url === '/fail' ? 500 : 200; response.end('ok'); });
        server.listen(0, '127.0.0.1', async () => {
          for (let i = 0; i < 40; i++) {
            await new Promise(done => http.get({ port: server.address().port, host: '127.0.0.1', path: i % 10 === 0 ? '/fail' : '/' }, r => { r.resume(); r.on('end', done); }));
          }
        });
        """;

    [Theory]
    [InlineData("http/protobuf", "none")]
    [InlineData("http/json", "none")]
    [InlineData("grpc", "none")]
    [InlineData("http/protobuf", "gzip")]
    [InlineData("http/json", "gzip")]
    [InlineData("grpc", "gzip")]
    public async Task Its_requests_are_counted_to_the_request(string protocol, string compression)
    {
        await using var gateway = await GatewayFixture.StartAsync(forward: true);
        using var node = await StartAsync(gateway, protocol, compression);
        try
        {
            await Eventually.True(
                $"{Requests} SERVER spans over {protocol} with {compression}, of them 4 failed",
                () => Sum(gateway, status: null) == Requests && Sum(gateway, status: 2) == 4);
            await Eventually.True("request metrics and their scope", () => gateway.Sink.Red().Keys.Any(key => key.Source == RedSource.Metrics));
            var source = gateway.Sink.Reports.SelectMany(report => report.Sources).Last();
            Assert.Equal(node.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), source.Find("process.pid"));
            Assert.Equal("nodejs", source.Find("telemetry.sdk.language"));
            Assert.Contains(source.Scopes, scope => scope.Name == "@opentelemetry/instrumentation-http");
            Assert.Contains("/v1/traces", gateway.Sink.Requests.Select(request => request.Path));
        }
        finally
        {
            node.Kill(entireProcessTree: true);
            await node.WaitForExitAsync();
        }
    }

    private static long Sum(GatewayFixture gateway, int? status) => gateway.Sink.Red()
        .Where(item => item.Key is { Kind: 2, Source: RedSource.Spans } && (status is null || item.Key.Status == status))
        .Sum(item => (long)item.Value.Calls);

    private static async Task<Process> StartAsync(GatewayFixture gateway, string protocol, string compression)
    {
        var start = new ProcessStartInfo("node", ["-e", App]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in new Dictionary<string, string>
        {
            ["NODE_OPTIONS"] = $"--require {await NodeTelemetry.RegisterAsync()}",
            ["OTEL_SERVICE_NAME"] = "node-sdk",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol,
            ["OTEL_EXPORTER_OTLP_COMPRESSION"] = compression,
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = (protocol == "grpc" ? gateway.Grpc : gateway.Http).ToString(),
            ["OTEL_METRICS_EXPORTER"] = "otlp",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
            ["OTEL_METRIC_EXPORT_TIMEOUT"] = "900",
            ["OTEL_LOGS_EXPORTER"] = "otlp",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
            // The default set asks cloud metadata addresses.
            ["OTEL_NODE_RESOURCE_DETECTORS"] = "env,host,os,process,serviceinstance",
        })
        {
            start.Environment[key] = value;
        }

        return Process.Start(start)!;
    }
}
