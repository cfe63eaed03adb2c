using System.Text;
using Gantry.Hub.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gantry.Hub.Ui;

/// <summary>Answers page requests.</summary>
internal sealed class UiEndpoints(PageResolver pages, PageRenderer renderer, ILogger<UiEndpoints> logger)
{
    public async Task PageAsync(HttpContext context)
    {
        PageView view;
        string html;
        try
        {
            view = pages.Resolve(context.Request.Path, context.Request.Query);
            if (view.IsOfAudit && !MayAudit(context))
            {
                // The gate has said so already to everybody who spelled the address in the usual way.
                await Refusal.ForbiddenAsync(context, $"the audit log needs {DoorRules.Words(Need.Operator)}");
                return;
            }

            html = await DrawAsync(context, view);
        }
        catch (Exception error) when (!context.RequestAborted.IsCancellationRequested)
        {
            Log.PageFailed(logger, error, context.Request.Path);
            view = pages.Error();
            html = await DrawAsync(context, view);
        }

        await WriteAsync(context, view.Status, html);
    }

    /// <summary>A form that could not be done: the page again, with what was typed.</summary>
    public async Task AgainAsync(HttpContext context, PageView view, int status) =>
        await WriteAsync(context, status, await DrawAsync(context, view));

    /// <summary>What no route answers: a page for a person, a bare status for a program.</summary>
    public Task UnknownAsync(HttpContext context)
    {
        var person = (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
            && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
        if (person)
        {
            return PageAsync(context);
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private Task<string> DrawAsync(HttpContext context, PageView view) => renderer.RenderAsync(view, Theme.Of(context.Request), live: false, MayAudit(context));

    /// <summary>Pages of their own, without a gate before them, ask nobody.</summary>
    private static bool MayAudit(HttpContext context) => context.Features.Get<Caller>() is not { } caller || caller.IsAnyone || DoorRules.Allows(Need.Operator, caller.Role);

    private static async Task WriteAsync(HttpContext context, int status, string html)
    {
        var bytes = Encoding.UTF8.GetBytes(html);
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.ContentLength = bytes.Length;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Vary = "Cookie";
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        }
    }
}
