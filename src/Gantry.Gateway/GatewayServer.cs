using System.Net;
using Gantry.Gateway.Forward;
using Gantry.Gateway.Observe;
using Gantry.Gateway.Receive;
using Gantry.Gateway.Report;
using Gantry.Protocol.Observations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gantry.Gateway;

/// <summary>
/// The OTLP data plane as one process-wide server: bytes in, counts out, bytes on. Start, stop, dispose; several may live in one process.
/// </summary>
public sealed class GatewayServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    public GatewayServer(GatewayOptions options, Action<ILoggingBuilder> logging, TimeProvider? time = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        logging(builder.Logging);
        builder.Services.AddSingleton(options).AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddSingleton(_ => new HttpClient(new SocketsHttpHandler
        {
            UseCookies = false,
            AllowAutoRedirect = false,
            UseProxy = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        }));
        builder.Services.AddSingleton(services => new Observer(services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<Forwarder>().AddSingleton<ExportPipeline>().AddSingleton<OtlpHttp>().AddSingleton<OtlpGrpc>();
        builder.Services.AddSingleton<GatewayDoors>().AddHostedService<ObservationReporter>();
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options));
        _app = builder.Build();
        MapDoors(_app);
    }

    /// <summary>Where OTLP/gRPC is served, after start: "http://127.0.0.1:4317".</summary>
    public Uri Grpc => Doors.Grpc;

    /// <summary>Where OTLP/HTTP is served, after start: "http://127.0.0.1:4318".</summary>
    public Uri Http => Doors.Http;

    private GatewayDoors Doors => _app.Services.GetRequiredService<GatewayDoors>();

    /// <exception cref="IOException">A port is taken; the message names it.</exception>
    public Task StartAsync(CancellationToken cancellation = default) => _app.StartAsync(cancellation);

    public Task StopAsync(CancellationToken cancellation = default) => _app.StopAsync(cancellation);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void Listen(KestrelServerOptions kestrel, GatewayOptions options)
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

    private static void MapDoors(WebApplication app)
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
