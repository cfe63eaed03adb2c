using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Gantry.Hub.Ui.Live;

/// <summary>The stream behind a live page: <c>GET /live?page=%2Fservices%3Fsort%3Drate</c>, as text/event-stream.</summary>
internal sealed class LiveEndpoint(LiveViewers viewers, PageResolver pages, IHostApplicationLifetime lifetime)
{
    private const int MaxUrl = 2_000;

    public async Task StreamAsync(HttpContext context)
    {
        var page = context.Request.Query["page"].ToString();
        if (page.Length > MaxUrl || Links.Local(page) is null)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var (path, query) = LivePage.Split(page);
        var view = pages.Resolve(path, query);
        if (view.Status != StatusCodes.Status200OK || view.IsOfAudit)
        {
            // The audit log does not move, and a viewer who may watch pages may not read it.
            context.Response.StatusCode = view.IsOfAudit ? StatusCodes.Status404NotFound : view.Status;
            return;
        }

        // The view's own URL, not the one that was asked for: two spellings of the same view are one rendering.
        var viewer = viewers.TryEnter(view.Url);
        if (viewer is null)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "30";
            return;
        }

        // A stopping hub ends its streams at once instead of waiting for viewers to leave.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await SendAsync(context.Response, viewer, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The viewer left, or the hub stops.
        }
        finally
        {
            viewers.Leave(viewer);
        }
    }

    private static async Task SendAsync(HttpResponse response, LiveViewer viewer, CancellationToken end)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        // Proxies that collect responses (nginx does by default) would hold the fragments back.
        response.Headers["X-Accel-Buffering"] = "no";
        await response.Body.WriteAsync("retry: 3000\n\n"u8.ToArray(), end);
        await response.Body.FlushAsync(end);

        var sent = 0L;
        await foreach (var _ in viewer.Signals.ReadAllAsync(end))
        {
            var newest = sent;
            foreach (var frame in viewer.Scope.Frames ?? [])
            {
                if (frame.Version > sent)
                {
                    await response.Body.WriteAsync(frame.Bytes, end);
                    newest = Math.Max(newest, frame.Version);
                }
            }

            if (newest == sent)
            {
                // A comment: a sign of life that no listener hears.
                await response.Body.WriteAsync(":\n\n"u8.ToArray(), end);
            }

            sent = newest;
            await response.Body.FlushAsync(end);
        }
    }
}
