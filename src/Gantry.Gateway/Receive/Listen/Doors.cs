using System.Net;
using Gantry.Gateway.Receive.Access;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace Gantry.Gateway.Receive.Listen;

/// <summary>The two ports. Each speaks HTTP/1.1 and HTTP/2, so that an exporter set to the other one's port is served all the same.</summary>
internal static class Doors
{
    // Kestrel's defaults (96 KiB a stream) make a batch of spans wait for window updates. What waits unread for room is held here.
    private const int StreamWindow = 256 * 1024;
    private const int ConnectionWindow = 1024 * 1024;

    public static void Open(KestrelServerOptions kestrel, GatewayOptions options)
    {
        kestrel.AddServerHeader = false;
        // Bodies are bounded where they are read, so that a refusal can still be answered.
        kestrel.Limits.MaxRequestBodySize = null;
        // StallWatch does it, for the same reason.
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.Http2.InitialStreamWindowSize = StreamWindow;
        kestrel.Limits.Http2.InitialConnectionWindowSize = ConnectionWindow;
        Open(kestrel, options.Grpc, options);
        Open(kestrel, options.Http, options);
    }

    private static void Open(KestrelServerOptions kestrel, IPEndPoint endPoint, GatewayOptions options)
    {
        if (options.Receive.HasTls)
        {
            var tls = kestrel.ApplicationServices.GetRequiredService<ServerTls>();
            kestrel.Listen(endPoint, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.Use(WithoutHandshake);
                listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(tls.Handshake()) });
            });
            return;
        }

        var port = new SharedPort(endPoint, options.Receive.FirstBytesWithin);
        kestrel.Listen(port.Http2, static listen => listen.Protocols = HttpProtocols.Http2);
        kestrel.Listen(port.Http1, static listen => listen.Protocols = HttpProtocols.Http1);
    }

    /// <summary>A peer that begins with a TLS alert, or other bytes that are no hello, makes SslStream complain of a missing certificate, and Kestrel log
    /// that as an error of ours. It is the peer's, and all there is to do is to hang up.</summary>
    private static ConnectionDelegate WithoutHandshake(ConnectionDelegate next) => async connection =>
    {
        try
        {
            await next(connection);
        }
        catch (NotSupportedException)
        {
            connection.Abort();
        }
    };
}
