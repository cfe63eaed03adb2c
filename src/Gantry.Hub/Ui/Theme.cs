using Microsoft.AspNetCore.Http;

namespace Gantry.Hub.Ui;

/// <summary>Light, dark, or as the viewer's system has it. A cookie, so that the first byte of a page already has the right colours.</summary>
internal static class Theme
{
    public const string Cookie = "gantry-theme";
    public const string System = "system";
    public const string Light = "light";
    public const string Dark = "dark";

    public static string Of(HttpRequest request) => Known(request.Cookies[Cookie]);

    /// <summary>The form behind the toggle, for browsers without our script: remembers the choice and goes back.</summary>
    public static async Task ChooseAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType || context.Request.ContentLength is null or > 8_192)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        context.Response.Cookies.Append(Cookie, Known(form["theme"]), new CookieOptions
        {
            Path = "/",
            MaxAge = TimeSpan.FromDays(365),
            SameSite = SameSiteMode.Lax,
            // The script writes this cookie too. It carries a colour and no authority.
            HttpOnly = false,
            Secure = context.Request.IsHttps,
            IsEssential = true,
        });
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = Links.Local(form["return"]) ?? Links.Home;
    }

    private static string Known(string? value) => value is Light or Dark ? value : System;
}
