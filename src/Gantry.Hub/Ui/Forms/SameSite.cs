using Microsoft.AspNetCore.Http;

namespace Gantry.Hub.Ui.Forms;

/// <summary>
/// Lets through only forms that this site's own pages sent. Browsers say where a request comes from (Fetch Metadata, or Origin before it) and no page can
/// make them lie, so there is no token to keep and any node can take any form. Who sends neither is no browser, and has the API.
/// </summary>
internal static class SameSite
{
    public static RequestDelegate Only(RequestDelegate next) => context =>
    {
        if (IsOwn(context.Request))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync("This form takes what a page of this hub sends, and the request does not say that it comes from one. Programs use /api/v1.\n", context.RequestAborted);
    };

    private static bool IsOwn(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var origin = request.Headers.Origin.ToString();
        var fits = Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase);
        return site.Length > 0 ? site == "same-origin" : fits;
    }
}
