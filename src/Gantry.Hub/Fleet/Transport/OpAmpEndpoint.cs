using Gantry.Hub.Access;
using Gantry.Hub.Fleet.Credentials;
using Gantry.Protocol.WebSockets;
using Microsoft.AspNetCore.Http.Features;

namespace Gantry.Hub.Fleet.Transport;

/// <summary>
/// OpAMP on one path over both transports: a POST of application/x-protobuf is plain HTTP, anything else must be a WebSocket.
/// (OpAMP v0.20, "Communication Model".)
/// </summary>
internal sealed class OpAmpEndpoint(
    FleetStore fleet, FleetOptions options, SocketTable sockets, Admission admission, PlainHttp http, IHostApplicationLifetime lifetime, ILogger<OpAmpEndpoint> logger)
{
    public const string Protobuf = "application/x-protobuf";

    /// <summary>All large messages under way together.</summary>
    private readonly LargeMessages _large = new(Math.Max(512L * 1024 * 1024, options.MaxMessageBytes * 4L));

    public async Task HandleAsync(HttpContext context)
    {
        if (HttpMethods.IsPost(context.Request.Method))
        {
            await http.HandleAsync(context);
        }
        else if (KeyOf(context.Request) is { } key && context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade)
        {
            if (lifetime.ApplicationStopping.IsCancellationRequested)
            {
                Admission.TurnAway(context.Response);
            }
            else if (await admission.TryEnterAsync(context))
            {
                await TalkAsync(context, upgrade, key);
            }
        }
        else
        {
            context.Response.StatusCode = HttpMethods.IsGet(context.Request.Method) ? StatusCodes.Status400BadRequest : StatusCodes.Status405MethodNotAllowed;
            await context.Response.WriteAsync($"OpAMP: open a WebSocket (version 13) here, or POST {Protobuf}\n", context.RequestAborted);
        }
    }

    /// <returns>The client's key when the request is a whole handshake.</returns>
    private static string? KeyOf(HttpRequest request)
    {
        var key = request.Headers.SecWebSocketKey.ToString();
        return HttpMethods.IsGet(request.Method) && request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase)
            && request.Headers.SecWebSocketVersion.ToString() == "13" && Handshake.IsKey(key)
            ? key
            : null;
    }

    private async Task TalkAsync(HttpContext context, IHttpUpgradeFeature upgrade, string key)
    {
        // Extensions are not taken up: compression keeps tens of kilobytes for each connection, and messages here are small.
        context.Response.Headers.Upgrade = "websocket";
        context.Response.Headers.Connection = "Upgrade";
        context.Response.Headers.SecWebSocketAccept = Handshake.Accept(key);
        await using var stream = await upgrade.UpgradeAsync();
        using var socket = new AgentSocket(stream, fleet, options, _large, context.Abort, logger) { Peer = AgentPeer.Of(context, isWebSocket: true) };
        context.Features.Set<IFarewell>(socket);
        sockets.Add(socket);
        try
        {
            await socket.RunAsync();
        }
        finally
        {
            sockets.Remove(socket);
        }
    }
}
