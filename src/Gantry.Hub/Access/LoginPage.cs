using System.Text;
using System.Text.Encodings.Web;
using Gantry.Hub.Ui;

namespace Gantry.Hub.Access;

/// <summary>
/// The page on which a person gives a token for a session: a cookie that scripts cannot read and other sites cannot send. The token itself is in no URL and
/// in no storage of the browser.
/// </summary>
internal static class LoginPage
{
    private const int LongestForm = 4096;

    public static void MapLogin(this IEndpointRouteBuilder app)
    {
        app.MapGet(DoorRules.Login, context => ShowAsync(context, context.Request.Query["return"], "", StatusCodes.Status200OK)).ExcludeFromDescription();
        app.MapPost(DoorRules.Login, EnterAsync).ExcludeFromDescription();
        app.MapPost(DoorRules.Logout, LeaveAsync).ExcludeFromDescription();
    }

    private static async Task EnterAsync(HttpContext context)
    {
        var store = context.RequestServices.GetRequiredService<AccessStore>();
        if (!context.Request.HasFormContentType || context.Request.ContentLength is null or > LongestForm)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var (caller, reason) = store.Identify(form["token"].ToString().Trim());
        var isSession = caller is not null && store.IsSession(caller.Id);
        if (caller is null || isSession || !DoorRules.Allows(Need.Viewer, caller.Role) || !IsOwnForm(context.Request))
        {
            context.RequestServices.GetRequiredService<AuditLog>().Denied(context, caller?.Name ?? "", caller is null ? reason : isSession ? "a session opens no other" : "this token is not for people");
            await ShowAsync(context, form["return"], "This token does not count here: it is unknown, expired or revoked, or belongs to a machine.", StatusCodes.Status401Unauthorized);
            return;
        }

        Actor.Set(new Actor(caller.Name, AuditLog.AddressOf(context)));
        context.Response.Cookies.Append(AccessGate.Cookie, store.OpenSession(caller).Token, Options(context.Request, AccessStore.SessionLength));
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = Links.Local(form["return"]) ?? Links.Home;
    }

    private static Task LeaveAsync(HttpContext context)
    {
        if (context.Request.Cookies[AccessGate.Cookie] is { Length: > 0 and <= TokenText.Longest } session && IsOwnForm(context.Request))
        {
            context.RequestServices.GetRequiredService<AccessStore>().CloseSession(session);
            context.Response.Cookies.Delete(AccessGate.Cookie, Options(context.Request, TimeSpan.Zero));
        }

        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = DoorRules.Login;
        return Task.CompletedTask;
    }

    private static CookieOptions Options(HttpRequest request, TimeSpan age) => new()
    {
        HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = request.IsHttps, Path = "/", MaxAge = age, IsEssential = true,
    };

    /// <summary>Another site's form could else log a visitor in as somebody else.</summary>
    private static bool IsOwnForm(HttpRequest request) => request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none";

    private static async Task ShowAsync(HttpContext context, string? back, string problem, int status)
    {
        var html = $"""
            <!DOCTYPE html>
            <html lang="en" data-theme="{Theme.Of(context.Request)}">
            <head>
              <meta charset="utf-8" />
              <meta name="viewport" content="width=device-width, initial-scale=1" />
              <title>Log in · Gantry</title>
              <link rel="icon" type="image/svg+xml" href="{UiAssets.Icon}" />
              <link rel="stylesheet" href="{UiAssets.Style}" />
            </head>
            <body>
              <main id="main">
                <div class="diagnosis">
                  <h1>Log in</h1>
                  <p class="lead">This hub wants a token of a person: viewer, operator or admin.</p>
                  {(problem.Length > 0 ? $"<p class=\"note bad-note\" role=\"alert\">{HtmlEncoder.Default.Encode(problem)}</p>" : "")}
                  <form method="post" action="{DoorRules.Login}">
                    <input type="hidden" name="return" value="{HtmlEncoder.Default.Encode(Links.Local(back) ?? Links.Home)}" />
                    <p><label for="token">Token</label> <input id="token" name="token" type="password" autocomplete="current-password" required autofocus /></p>
                    <p><button type="submit">Log in</button></p>
                  </form>
                  <p class="hint">An admin makes one with <code>gantry access tokens create NAME --role viewer</code>; the first one comes from <code>gantry access bootstrap</code>.</p>
                </div>
              </main>
            </body>
            </html>
            """;
        SecurityHeaders.Apply(context.Response.Headers);
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsync(html, Encoding.UTF8, context.RequestAborted);
    }
}
