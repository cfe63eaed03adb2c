using Gantry.Gateway.Receive.Access;
using Gantry.Gateway.Receive.Body;
using Gantry.Gateway.Receive.Listen;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace Gantry.Gateway.Receive;

internal static class ReceiveRegistration
{
    public static IServiceCollection AddReceive(this IServiceCollection services, ReceiveOptions options)
    {
        if (options.HasTls)
        {
            services.AddSingleton(new ServerTls(options));
        }

        return services
            // What Kestrel reads ahead of us on a connection, so what a request that waits for room holds; its default is 1 MiB.
            .Configure<SocketTransportOptions>(static sockets => sockets.MaxReadBufferSize = BlockPool.BlockSize)
            .AddSingleton<IMemoryPoolFactory<byte>, BlockPoolFactory>()
            .AddSingleton<IConnectionListenerFactory, SharedPortFactory>()
            .AddSingleton(new AccessTokens(options))
            .AddSingleton(new Cors(options))
            .AddSingleton<ReceiveStats>()
            .AddSingleton(static provider => new ReturnTimes(() => provider.GetRequiredService<ReceiveStats>().Admitted, provider.GetRequiredService<TimeProvider>()))
            .AddSingleton(provider => new Admission(
                options.MaxInFlightBytes, options.MaxWaiting, options.Patience,
                provider.GetRequiredService<ReceiveStats>(), provider.GetRequiredService<TimeProvider>()))
            .AddSingleton(provider => new BodyPool(options.MaxInFlightBytes, provider.GetRequiredService<TimeProvider>()))
            .AddSingleton(provider => new BodyRooms(
                provider.GetRequiredService<Admission>(), provider.GetRequiredService<BodyPool>(), provider.GetRequiredService<TimeProvider>(), options.StallPeriod))
            .AddSingleton<IExportPipeline, ExportPipeline>().AddSingleton<OtlpHttp>().AddSingleton<OtlpGrpc>().AddSingleton<OtlpDoor>()
            .AddHostedService<AccessReloader>();
    }

    public static void Listen(KestrelServerOptions kestrel, GatewayOptions options) => Doors.Open(kestrel, options);

    public static void MapReceive(this WebApplication app) => app.Run(app.Services.GetRequiredService<OtlpDoor>().HandleAsync);
}
