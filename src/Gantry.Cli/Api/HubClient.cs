using System.Net;
using System.Text.Json;

namespace Gantry.Cli.Api;

/// <summary>The hub's REST API, with its failures as lines and exit codes.</summary>
internal sealed class HubClient : IDisposable
{
    private const int MaxReplyBytes = 256 * 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly HttpClient _http;

    public HubClient(Uri hub) => _http = new HttpClient(new SocketsHttpHandler
    {
        // A proxy in the environment is for the world outside.
        UseProxy = !hub.IsLoopback,
        AllowAutoRedirect = false,
    })
    {
        BaseAddress = hub,
        Timeout = Patience,
        MaxResponseContentBufferSize = MaxReplyBytes,
    };

    public Uri Hub => _http.BaseAddress!;

    /// <summary>One of the lists, "hosts", "services", "agents", or "summary".</summary>
    public async Task<JsonElement> GetJsonAsync(string resource, CancellationToken cancellation) =>
        await GetAsync<JsonElement>(resource, cancellation);

    public async Task<T> GetAsync<T>(string resource, CancellationToken cancellation)
    {
        var path = "api/v1/" + resource;
        try
        {
            using var response = await _http.GetAsync(new Uri(path, UriKind.Relative), cancellation);
            if (!response.IsSuccessStatusCode)
            {
                throw Refusal(response.StatusCode, path);
            }

            var body = await response.Content.ReadAsByteArrayAsync(cancellation);
            return JsonSerializer.Deserialize<T>(body, Json) ?? throw NoHub(path);
        }
        catch (HttpRequestException exception)
        {
            throw Unreachable(exception.InnerException?.Message ?? exception.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Unreachable($"no answer within {Patience.TotalSeconds:0} s");
        }
        catch (JsonException)
        {
            throw NoHub(path);
        }
    }

    public void Dispose() => _http.Dispose();

    private CommandFailure Unreachable(string reason) => new(
        $"no hub at {Address.Show(Hub)} ({reason}); start one with `gantry up`, or name another with --hub URL or GANTRY_HUB",
        ExitCodes.HubUnreachable);

    private CommandFailure NoHub(string path) => new(
        $"what answers at {Address.Show(Hub)} is no Gantry hub (its /{path} is not what a hub sends); check --hub and GANTRY_HUB",
        ExitCodes.Error);

    private CommandFailure Refusal(HttpStatusCode status, string path) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new(
            $"the hub at {Address.Show(Hub)} wants other credentials ({(int)status})", ExitCodes.Authentication),
        HttpStatusCode.NotFound => NoHub(path),
        HttpStatusCode.ServiceUnavailable => new(
            $"the hub at {Address.Show(Hub)} is not ready ({(int)status}); try again in a moment", ExitCodes.HubUnreachable),
        _ => new CommandFailure($"the hub at {Address.Show(Hub)} answered {(int)status} to /{path}; its log says why"),
    };
}
