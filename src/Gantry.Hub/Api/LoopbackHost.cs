using System.Net;

namespace Gantry.Hub.Api;

/// <summary>
/// A hub on loopback answers only to loopback names. Else any web page could reach it through the visitor's browser: by a DNS name that the
/// attacker points at 127.0.0.1, or by opening a WebSocket, which browsers allow across origins.
/// </summary>
internal static class LoopbackHost
{
    public static void UseLoopbackHost(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        var origin = context.Request.Headers.Origin.ToString();
        if (IsLoopback(context.Request.Host.Host) && (origin.Length == 0 || IsSame(origin, context.Request.Host)))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsync("This hub answers to localhost, 127.0.0.1 and [::1] only, and to no other page's scripts.\n", context.RequestAborted);
    });

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static bool IsSame(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority.Equals(host.Value, StringComparison.OrdinalIgnoreCase);
}
