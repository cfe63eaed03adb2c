namespace Gantry.Agent.Report;

internal static class HttpHandlers
{
    /// <summary>A plain handler: no cookies, no redirects, no decompression; and no proxy to this very host, which none could reach.</summary>
    public static SocketsHttpHandler Create(Uri target) => new()
    {
        UseCookies = false,
        AllowAutoRedirect = false,
        UseProxy = !target.IsLoopback,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        ActivityHeadersPropagator = null,
    };
}
