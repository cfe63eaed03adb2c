using System.Net;
using Gantry.Gateway.Forward;
using Gantry.Gateway.Metrics;
using Gantry.Gateway.Observe;
using Gantry.Gateway.Receive;
using Gantry.Gateway.Report;
using Gantry.Gateway.Sample;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gantry.Gateway;

/// <summary>
/// The OTLP data plane as one process-wide server: bytes in, counts out, bytes on. Start, stop, dispose; several may live in one process.
/// </summary>
public sealed class GatewayServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    public GatewayServer(GatewayOptions options, Action<ILoggingBuilder> logging, TimeProvider? time = null)
        : this(options, logging, time, static _ => { })
    {
    }

    /// <param name="replace">Puts other services in the place of ours; for measuring what the server costs without them.</param>
    internal GatewayServer(GatewayOptions options, Action<ILoggingBuilder> logging, TimeProvider? time, Action<IServiceCollection> replace)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        logging(builder.Logging);
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>().AddSingleton(options).AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddSingleton(_ => new HttpClient(new HubToken(options, new SocketsHttpHandler
        {
            UseCookies = false,
            AllowAutoRedirect = false,
            UseProxy = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        })));
        builder.Services.AddSingleton<GatewayDoors>();
        builder.Services.AddReceive(options.Receive).AddObserve().AddSample().AddForward().AddReport().AddSpanMetrics();
        replace(builder.Services);
        builder.WebHost.ConfigureKestrel(kestrel => ReceiveRegistration.Listen(kestrel, options));
        _app = builder.Build();
        _app.MapReceive();
    }

    /// <summary>Where OTLP/gRPC is served, after start: "http://127.0.0.1:4317".</summary>
    public Uri Grpc => Doors.Grpc;

    /// <summary>Where OTLP/HTTP is served, after start: "http://127.0.0.1:4318".</summary>
    public Uri Http => Doors.Http;

    internal IServiceProvider Services => _app.Services;

    private GatewayDoors Doors => _app.Services.GetRequiredService<GatewayDoors>();

    /// <exception cref="IOException">A port is taken; the message names it.</exception>
    public Task StartAsync(CancellationToken cancellation = default) => _app.StartAsync(cancellation);

    public Task StopAsync(CancellationToken cancellation = default) => _app.StopAsync(cancellation);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
