using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Gantry.Cli.Api;

/// <summary>The hub's REST API, with its failures as lines and exit codes.</summary>
internal sealed class HubClient : IDisposable
{
    private const int MaxReplyBytes = 256 * 1024 * 1024;

    private const string ProblemType = "application/problem+json";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly HttpClient _http;

    /// <param name="patience">For one answer; null: ten seconds.</param>
    /// <exception cref="CommandFailure">The token file cannot be read.</exception>
    public HubClient(CliContext context, Uri hub, TimeSpan? patience = null)
    {
        _http = new HttpClient(new SocketsHttpHandler
        {
            // A proxy in the environment is for the world outside.
            UseProxy = !hub.IsLoopback,
            AllowAutoRedirect = false,
        })
        {
            BaseAddress = hub,
            Timeout = patience ?? Patience,
            MaxResponseContentBufferSize = MaxReplyBytes,
        };
        if (context.HubToken.Read() is { } token)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    public Uri Hub => _http.BaseAddress!;

    /// <summary>One of the lists, "hosts", "services", "agents", or "summary".</summary>
    public async Task<JsonElement> GetJsonAsync(string resource, CancellationToken cancellation) =>
        await GetAsync<JsonElement>(resource, cancellation);

    public Task<T> GetAsync<T>(string resource, CancellationToken cancellation) => AskAsync<T>(HttpMethod.Get, resource, body: null, cancellation);

    /// <summary>Changes something; what the hub has against it is said in its own words.</summary>
    /// <exception cref="CommandFailure">With <see cref="ExitCodes.Refused"/> or <see cref="ExitCodes.Conflict"/> among others.</exception>
    public Task<JsonElement> ChangeAsync(HttpMethod method, string resource, HttpContent? body, CancellationToken cancellation) =>
        AskAsync<JsonElement>(method, resource, body, cancellation);

    /// <summary>Asks for something whose refusal is an answer too.</summary>
    /// <param name="answers">Statuses, besides success, whose body is an answer and no problem.</param>
    public Task<T> AskAsync<T>(string resource, object body, CancellationToken cancellation, params HttpStatusCode[] answers) =>
        AskAsync<T>(HttpMethod.Post, resource, JsonContent.Create(body, options: Json), cancellation, answers);

    private async Task<T> AskAsync<T>(HttpMethod method, string resource, HttpContent? body, CancellationToken cancellation, params HttpStatusCode[] answers)
    {
        var path = "api/v1/" + resource;
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = body };
            using var response = await _http.SendAsync(request, cancellation);
            var bytes = await response.Content.ReadAsByteArrayAsync(cancellation);
            if (!response.IsSuccessStatusCode && !(answers.Contains(response.StatusCode) && response.Content.Headers.ContentType?.MediaType != ProblemType))
            {
                throw (response.Content.Headers.ContentType?.MediaType == ProblemType ? Refusal(response.StatusCode, bytes) : null) ?? Refusal(response.StatusCode, path.Split('?')[0]);
            }

            return JsonSerializer.Deserialize<T>(bytes, Json) ?? throw NoHub(path);
        }
        catch (HttpRequestException exception)
        {
            throw Unreachable(exception.InnerException?.Message ?? exception.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Unreachable($"no answer within {_http.Timeout.TotalSeconds:0} s");
        }
        catch (JsonException)
        {
            throw NoHub(path.Split('?')[0]);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>What the hub says itself (RFC 9457); null where it says nothing.</summary>
    private static CommandFailure? Refusal(HttpStatusCode status, byte[] problem)
    {
        using var document = JsonDocument.Parse(problem);
        if (!document.RootElement.TryGetProperty("detail", out var detail) || detail.GetString() is not { Length: > 0 } words)
        {
            return null;
        }

        // It may repeat what somebody else wrote.
        var line = string.Concat(words.ReplaceLineEndings("; ").Where(c => !char.IsControl(c)));
        return status switch
        {
            HttpStatusCode.BadRequest => new CommandFailure(line, ExitCodes.Refused),
            HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict => new CommandFailure(line, ExitCodes.Conflict),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new CommandFailure($"{line}; give it one with GANTRY_TOKEN or --token-file FILE", ExitCodes.Authentication),
            HttpStatusCode.NotFound => new CommandFailure(line),
            HttpStatusCode.ServiceUnavailable => new CommandFailure(line, ExitCodes.HubUnreachable),
            _ => null,
        };
    }

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
