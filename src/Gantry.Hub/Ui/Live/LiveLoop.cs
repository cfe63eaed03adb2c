using Microsoft.AspNetCore.WebUtilities;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gantry.Hub.Ui.Live;

/// <summary>
/// The one loop behind all live pages: on each tick it renders each watched view once and wakes the viewers of those that changed. No viewer
/// has a timer; a view that nobody watches costs nothing.
/// </summary>
internal sealed class LiveLoop(
    LiveViewers viewers,
    PageResolver pages,
    PageRenderer renderer,
    IOptions<UiOptions> options,
    TimeProvider time,
    ILogger<LiveLoop> logger) : BackgroundService
{
    private int _quietTicks;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.LiveInterval, time);
        var tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
        var arrival = viewers.Arrivals.ReadAsync(stoppingToken).AsTask();
        try
        {
            while (true)
            {
                var first = await Task.WhenAny(tick, arrival);
                await first;
                if (arrival.IsCompleted)
                {
                    arrival = viewers.Arrivals.ReadAsync(stoppingToken).AsTask();
                }

                // A tick renders everything; an arrival only what has never been rendered, so that it does not speed up the others.
                var onTick = tick.IsCompleted;
                if (onTick)
                {
                    tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
                    _quietTicks++;
                }

                await RenderAsync(onTick, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The hub stops.
        }
    }

    private async Task RenderAsync(bool onTick, CancellationToken stop)
    {
        var signOfLife = onTick && _quietTicks >= options.Value.TicksPerSignOfLife;
        _quietTicks = signOfLife ? 0 : _quietTicks;
        foreach (var scope in viewers.Scopes())
        {
            stop.ThrowIfCancellationRequested();
            if (!onTick && scope.Frames is not null)
            {
                continue;
            }

            var changed = false;
            try
            {
                changed = await DrawAsync(scope);
            }
            catch (Exception error)
            {
                Log.LiveRenderFailed(logger, error, scope.Url);
            }

            if (changed || signOfLife)
            {
                viewers.Wake(scope);
            }
        }
    }

    /// <summary>Draws a view again, unless it could only come out the same. True when a region differs.</summary>
    private async Task<bool> DrawAsync(LiveScope scope)
    {
        var (path, query) = LivePage.Split(scope.Url);
        var view = pages.Resolve(path, query);
        if (!view.ReadsMore && ReferenceEquals(scope.DrawnFrom, view.Snapshot))
        {
            return false;
        }

        var html = await renderer.RenderAsync(view, Theme.System, live: true);
        scope.DrawnFrom = view.Snapshot;
        return scope.Publish(LiveRegions.Cut(html));
    }
}

/// <summary>A page's URL, taken apart.</summary>
internal static class LivePage
{
    public static (string Path, IQueryCollection Query) Split(string url)
    {
        var mark = url.IndexOf('?');
        return mark < 0
            ? (url, QueryCollection.Empty)
            : (url[..mark], new QueryCollection(QueryHelpers.ParseQuery(url[mark..])));
    }
}
