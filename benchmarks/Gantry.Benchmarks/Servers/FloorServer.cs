using System.Net;
using Gantry.Gateway;
using Gantry.Gateway.Receive;
using Gantry.Protocol.Observations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

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
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(options).AddSingleton(TimeProvider.System);
        builder.Services.AddReceive(options.Receive);
        builder.Services.AddSingleton<IExportPipeline, DiscardingPipeline>();
        builder.WebHost.ConfigureKestrel(kestrel => ReceiveRegistration.Listen(kestrel, options));
        await using var app = builder.Build();
        app.MapReceive();
        await app.StartAsync();
        var doors = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToArray();
        Console.WriteLine($"OTLP/gRPC {doors[0]}");
        Console.WriteLine($"OTLP/HTTP {doors[1]}");
        await app.WaitForShutdownAsync();
        return 0;
    }

    private sealed class DiscardingPipeline : IExportPipeline
    {
        public ValueTask<ExportOutcome> ExportAsync(Signal signal, ReadOnlyMemory<byte> request, CancellationToken cancellation) => default;
    }
}
