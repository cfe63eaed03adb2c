using System.Net;

namespace Gantry.Hub.Api;

/// <summary>
/// A hub answers no script of another site, and one on loopback answers only to loopback names. Else any web page could reach it through the visitor's
/// browser: by opening a WebSocket, which browsers allow across origins, or by a DNS name that the attacker points at 127.0.0.1.
/// </summary>
internal static class LoopbackHost
{
    private const string AnyHost = "This hub answers to no other page's scripts.\n";
    private const string OnLoopback = "This hub answers to localhost, 127.0.0.1 and [::1] only, and to no other page's scripts.\n";

    public static void UseLoopbackHost(this IApplicationBuilder app, IPAddress listen)
    {
        var onLoopback = IPAddress.IsLoopback(listen);
        app.Use((context, next) =>
        {
            var origin = context.Request.Headers.Origin.ToString();
            if ((!onLoopback || IsLoopback(context.Request.Host.Host)) && (origin is "" || IsSame(origin, context.Request.Host)))
            {
                return next(context);
            }

            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return context.Response.WriteAsync(onLoopback ? OnLoopback : AnyHost, context.RequestAborted);
        });
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static bool IsSame(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority.Equals(host.Value, StringComparison.OrdinalIgnoreCase);
}
