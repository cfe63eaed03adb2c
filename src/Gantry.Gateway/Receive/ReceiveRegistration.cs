using Gantry.Protocol.Observations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Gantry.Gateway.Receive;

internal static class ReceiveRegistration
{
    public static IServiceCollection AddReceive(this IServiceCollection services) =>
        services.AddSingleton<IExportPipeline, ExportPipeline>().AddSingleton<OtlpHttp>().AddSingleton<OtlpGrpc>();

    public static void Listen(KestrelServerOptions kestrel, GatewayOptions options)
    {
        kestrel.AddServerHeader = false;
        // As sent, with the prefix of a gRPC message; RequestBody bounds what comes out of decompression.
        kestrel.Limits.MaxRequestBodySize = options.MaxRequestBytes + OtlpGrpc.PrefixLength;
        // Kestrel's defaults (96 KiB a stream) make a batch of spans wait for window updates.
        kestrel.Limits.Http2.InitialStreamWindowSize = 1024 * 1024;
        kestrel.Limits.Http2.InitialConnectionWindowSize = 4 * 1024 * 1024;
        kestrel.Listen(options.Grpc, listen => listen.Protocols = HttpProtocols.Http2);
        kestrel.Listen(options.Http, listen => listen.Protocols = HttpProtocols.Http1);
    }

    public static void MapReceive(this WebApplication app)
    {
        var http = app.Services.GetRequiredService<OtlpHttp>();
        var grpc = app.Services.GetRequiredService<OtlpGrpc>();
        foreach (var (signal, path, service) in new[]
        {
            (Signal.Traces, "traces", "trace.v1.TraceService"),
            (Signal.Metrics, "metrics", "metrics.v1.MetricsService"),
            (Signal.Logs, "logs", "logs.v1.LogsService"),
        })
        {
            app.MapPost($"/v1/{path}", context => http.HandleAsync(context, signal));
            app.MapPost($"/opentelemetry.proto.collector.{service}/Export", context => grpc.HandleAsync(context, signal));
        }

        app.MapFallback("{**path}", OtlpGrpc.UnknownAsync);
        app.MapGet("/healthz", static () => Results.Text("ok\n"));
        app.MapGet("/readyz", static () => Results.Text("ready\n"));
    }
}
