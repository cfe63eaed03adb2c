using System.Text;
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
            html = await renderer.RenderAsync(view, Theme.Of(context.Request), live: false);
        }
        catch (Exception error) when (!context.RequestAborted.IsCancellationRequested)
        {
            Log.PageFailed(logger, error, context.Request.Path);
            view = pages.Error();
            html = await renderer.RenderAsync(view, Theme.Of(context.Request), live: false);
        }

        await WriteAsync(context, view.Status, html);
    }

    /// <summary>A form that could not be done: the page again, with what was typed.</summary>
    public async Task AgainAsync(HttpContext context, PageView view, int status) =>
        await WriteAsync(context, status, await renderer.RenderAsync(view, Theme.Of(context.Request), live: false));

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
