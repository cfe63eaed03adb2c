using Gantry.Hub.Ui;

namespace Gantry.Hub.Access;

/// <summary>How a request is turned away: a person is led to the login page, a program gets a status and one sentence.</summary>
internal static class Refusal
{
    public static Task UnauthorizedAsync(HttpContext context, string reason)
    {
        if (IsPerson(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status303SeeOther;
            context.Response.Headers.CacheControl = "no-store";
            context.Response.Headers.Location = $"{DoorRules.Login}?return={Uri.EscapeDataString(context.Request.Path + context.Request.QueryString)}";
            return Task.CompletedTask;
        }

        // Both: Alloy's remotecfg has basic_auth and bearer_token.
        context.Response.Headers.WWWAuthenticate = new(["Bearer realm=\"gantry\"", "Basic realm=\"gantry\""]);
        // Which of unknown, expired and revoked it is, the audit log says; whoever tries tokens need not learn it.
        return ProblemAsync(context, StatusCodes.Status401Unauthorized, reason == "no token"
            ? "this hub wants a token: Authorization: Bearer TOKEN, or Basic with the token as the password"
            : "the token is not one that counts here: unknown, expired or revoked");
    }

    public static Task ForbiddenAsync(HttpContext context, string detail) => ProblemAsync(context, StatusCodes.Status403Forbidden, detail);

    private static bool IsPerson(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
        && !request.Path.StartsWithSegments("/api") && !request.Path.StartsWithSegments("/v1");

    private static Task ProblemAsync(HttpContext context, int status, string detail)
    {
        SecurityHeaders.Apply(context.Response.Headers);
        if (DoorRules.IsConnect(context.Request.Path))
        {
            // Its clients read errors in Connect's own form.
            context.Response.StatusCode = status;
            return context.Response.WriteAsJsonAsync(new { code = status == StatusCodes.Status401Unauthorized ? "unauthenticated" : "permission_denied", message = detail }, options: null, contentType: "application/json", context.RequestAborted);
        }

        // A body that nobody reads must not hold the connection.
        return Results.Problem(statusCode: status, detail: detail).ExecuteAsync(context);
    }
}
