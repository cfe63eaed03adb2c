using Gantry.Estate.Sampling;
using Gantry.Hub.Storage;

namespace Gantry.Hub.Sampling;

/// <summary>REST of sampling: what is declared and in force, and the door at which gateways wait for the next policy.</summary>
internal static class SamplingEndpoints
{
    public static void MapSampling(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1/sampling");
        api.MapGet("", (SamplingViews views) => views.Build()).WithSummary("Sampling policies in the order in which they are asked, and what each gateway has in force");
        api.MapGet("/revisions", (HubDatabase database) => RevisionTable.All(database)).WithSummary("Revisions that were in force, newest first, at most 100");
        // A request that waits is no slow request.
        api.MapGet("/active", ActiveAsync).DisableHttpMetrics()
            .Produces(StatusCodes.Status200OK, contentType: SamplingModelJson.ContentType).Produces(StatusCodes.Status304NotModified)
            .WithSummary("The model in force, for gateways. With If-None-Match and Prefer: wait=25 the answer waits, at most 60 s, for another one");
    }

    private static async Task ActiveAsync(HttpContext context, ActivePolicy policy, SamplingWaiters waiters)
    {
        var known = context.Request.Headers.IfNoneMatch.ToString();
        var response = context.Response;
        if (WaitOf(context.Request) is { } wait && known == policy.Current.Tag)
        {
            var next = waiters.Next(wait);
            if (!waiters.TryEnter())
            {
                response.Headers.RetryAfter = "10";
            }
            else
            {
                try
                {
                    response.Headers["Preference-Applied"] = $"wait={wait}";
                    // Asked again after the task was taken: a change in between has not been missed.
                    await (known == policy.Current.Tag ? next.WaitAsync(context.RequestAborted) : Task.CompletedTask);
                }
                catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
                {
                    return;
                }
                finally
                {
                    waiters.Leave();
                }
            }
        }

        var active = policy.Current;
        response.Headers.ETag = active.Tag;
        response.Headers.CacheControl = "no-store";
        if (known == active.Tag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = SamplingModelJson.ContentType;
        response.ContentLength = active.Json.Length;
        await response.Body.WriteAsync(active.Json, context.RequestAborted);
    }

    /// <summary>RFC 7240: <c>Prefer: wait=25</c>, in seconds; null without.</summary>
    private static int? WaitOf(HttpRequest request)
    {
        foreach (var preference in request.Headers["Prefer"].SelectMany(header => (header ?? "").Split([',', ';'], StringSplitOptions.TrimEntries)))
        {
            if (preference.StartsWith("wait=", StringComparison.OrdinalIgnoreCase) && int.TryParse(preference.AsSpan(5), out var seconds) && seconds > 0)
            {
                return Math.Min(seconds, SamplingWaiters.LongestSeconds);
            }
        }

        return null;
    }
}
