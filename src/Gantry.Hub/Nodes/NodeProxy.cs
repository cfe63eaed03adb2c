using Gantry.Hub.Access;

namespace Gantry.Hub.Nodes;

/// <summary>
/// What one node alone can answer, asked of any: evidence and the pages made of it of the one that observes, orders to an agent of the one that has its
/// connection. The request goes there as it came, with its token, and is judged there again.
/// </summary>
internal sealed class NodeProxy(Node node, FleetSync fleet, ILogger<NodeProxy> logger) : IDisposable
{
    /// <summary>On what a node passes on, so that two nodes that disagree do not pass it to and fro.</summary>
    private const string Passed = "X-Gantry-Passed-On";

    private static readonly string[] Pages = ["/services", "/hosts", "/findings", "/agents", "/campaigns", "/journeys", "/live"];

    private static readonly string[] Evidence =
        ["/api/v1/summary", "/api/v1/hosts", "/api/v1/services", "/api/v1/edges", "/api/v1/findings", "/api/v1/agents", "/api/v1/campaigns", "/api/v1/changes", "/api/v1/regressions", "/api/v1/scores", "/api/v1/journeys", "/api/v1/coverage", "/api/v1/steps", "/api/v1/breaks"];

    private static readonly HashSet<string> HopByHop = new(StringComparer.OrdinalIgnoreCase)
        { "Connection", "Keep-Alive", "Transfer-Encoding", "Upgrade", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer", "Expect" };

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        UseCookies = false,
        AllowAutoRedirect = false,
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(2),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ActivityHeadersPropagator = null,
    });

    public void Dispose() => _http.Dispose();

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!node.IsShared)
        {
            return next(context);
        }

        var request = context.Request;
        var reads = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (!reads && (request.Path.StartsWithSegments("/api/v1/agents", out var rest) || request.Path.StartsWithSegments("/api/v1/access/agents", out rest)))
        {
            var there = Guid.TryParse(rest.Value?.Split('/').ElementAtOrDefault(1), out var agent) ? fleet.NodeOf(agent) : null;
            return there is null || request.Headers.ContainsKey(Passed) ? next(context) : PassOnAsync(context, there);
        }

        if (node.Observes || !(IsReport(request) || (reads && IsEvidence(request.Path))))
        {
            return next(context);
        }

        return node.Observer is { } observer && !request.Headers.ContainsKey(Passed) ? PassOnAsync(context, observer) : AwayAsync(context, node.Observer, "none is known yet");
    }

    private static bool IsReport(HttpRequest request) => HttpMethods.IsPost(request.Method) && request.Path == "/api/v1/observations";

    private static bool IsEvidence(PathString path) =>
        path == "/" || path == "/sampling" || path == "/api/v1/sampling" || Pages.Any(page => path.StartsWithSegments(page)) || Evidence.Any(part => path.StartsWithSegments(part));

    private async Task PassOnAsync(HttpContext context, Uri there)
    {
        var incoming = context.Request;
        using var request = new HttpRequestMessage(new HttpMethod(incoming.Method), new Uri(there, $"{incoming.Path.ToUriComponent()}{incoming.QueryString}"));
        if (incoming.ContentLength > 0 || incoming.Headers.TransferEncoding.Count > 0)
        {
            request.Content = new StreamContent(incoming.Body);
        }

        foreach (var (name, values) in incoming.Headers.Where(header => !HopByHop.Contains(header.Key)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        request.Headers.TryAddWithoutValidation(Passed, node.Id);
        try
        {
            using var response = await _http.SendAsync(request, context.RequestAborted);
            // The node that did it has it in its audit log.
            Actor.Current.IsAudited = true;
            await CopyAsync(response, context);
        }
        catch (HttpRequestException exception) when (!context.Response.HasStarted)
        {
            await AwayAsync(context, there, exception.Message);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            // One of the two ends is gone in the middle: so is this.
            context.Abort();
        }
    }

    private static async Task CopyAsync(HttpResponseMessage response, HttpContext context)
    {
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers).Where(header => !HopByHop.Contains(header.Key)))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        // Streams of live pages go on in small pieces, each at once.
        await using var body = await response.Content.ReadAsStreamAsync(context.RequestAborted);
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await body.ReadAsync(buffer, context.RequestAborted)) > 0)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    private Task AwayAsync(HttpContext context, Uri? there, string reason)
    {
        Log.NodeUnreachable(logger, context.Request.Path, there, reason);
        context.Response.Headers.RetryAfter = "1";
        return Results.Problem(statusCode: StatusCodes.Status503ServiceUnavailable, detail: "the node that observes is not there; another takes over within seconds").ExecuteAsync(context);
    }
}
