using Gantry.Hub.Access;

namespace Gantry.Hub.Fleet.Credentials;

/// <summary>Who speaks over a connection: the credential that opened it, and the address that it came by.</summary>
/// <param name="Endpoint">As the peer sees it, "wss://hub.example:4320/v1/opamp": where an offer sends it when nothing else is configured.</param>
internal sealed record AgentPeer(Caller Caller, string Endpoint)
{
    /// <summary>Null where nobody is asked who he is: tests without a gate.</summary>
    public static AgentPeer? Of(HttpContext context, bool isWebSocket)
    {
        if (context.Features.Get<Caller>() is not { } caller)
        {
            return null;
        }

        var scheme = (isWebSocket, context.Request.IsHttps) switch { (true, true) => "wss", (true, false) => "ws", (false, true) => "https", _ => "http" };
        return new AgentPeer(caller, TextPool.Shared.Get($"{scheme}://{context.Request.Host.Value}{context.Request.Path}"));
    }
}
