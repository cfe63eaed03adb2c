using System.Net;
using Gantry.Gateway;
using Gantry.Gateway.Receive;
using Gantry.Protocol.Observations;
using Microsoft.Extensions.DependencyInjection;

namespace Gantry.Benchmarks.Servers;

/// <summary>
/// The gateway's own doors with nothing behind them: it reads a request, inflates it, and answers that all is well. What this costs, no gateway
/// on this server can save. Runs as a process of its own, under the gateway's runtime settings.
/// </summary>
internal static class FloorServer
{
    public const string Verb = "floor-server";

    public static async Task<int> RunAsync()
    {
        var options = new GatewayOptions { Grpc = new IPEndPoint(IPAddress.Loopback, 0), Http = new IPEndPoint(IPAddress.Loopback, 0) };
        await using var server = new GatewayServer(options, static _ => { }, time: null, static services => services.AddSingleton<IExportPipeline, DiscardingPipeline>());
        await server.StartAsync();
        Console.WriteLine($"OTLP/gRPC {server.Grpc}");
        Console.WriteLine($"OTLP/HTTP {server.Http}");
        await Task.Delay(Timeout.InfiniteTimeSpan);
        return 0;
    }

    private sealed class DiscardingPipeline : IExportPipeline
    {
        public ValueTask<ExportOutcome> ExportAsync(Signal signal, ReadOnlyMemory<byte> request, CancellationToken cancellation) => default;
    }
}
