using System.Data.Common;
using System.Net.Http.Json;
using System.Threading.Channels;
using Gantry.Hub.Access;
using Gantry.Hub.Storage;

namespace Gantry.Hub.Fleet.Credentials;

/// <summary>What is told of a revocation.</summary>
/// <param name="Agent">Instance uid.</param>
/// <param name="Credentials">Ids, as lists and the audit log have them.</param>
/// <param name="Destinations">Where the hub offered the agent to send its own telemetry; whatever lets it in there should stop.</param>
public sealed record RevocationNotice(string Agent, IReadOnlyList<string> Credentials, IReadOnlyList<string> Destinations, DateTimeOffset At);

/// <summary>
/// Tells others of an agent's revocation: a POST to the one URL that an operator named, and a line in the audit log on how that went, or that nobody
/// listens. (Specification, "Revoking Access": destinations of other connections must be told.)
/// </summary>
internal sealed class RevocationNotices : BackgroundService
{
    private const int Attempts = 3;
    private const int MostWaiting = 10_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(2);

    private readonly AccessStore _access;
    private readonly FleetOptions _options;
    private readonly HubDatabase _database;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ActivityHeadersPropagator = null }) { Timeout = Patience };
    private readonly Channel<(Guid Agent, IReadOnlyList<string> Ids, DateTimeOffset At)> _waiting =
        Channel.CreateBounded<(Guid, IReadOnlyList<string>, DateTimeOffset)>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly FleetStore _fleet;

    public RevocationNotices(AccessStore access, FleetStore fleet, FleetOptions options, HubDatabase database, TimeProvider time, ILogger<RevocationNotices> logger)
    {
        (_access, _fleet, _options, _database, _time, _logger) = (access, fleet, options, database, time, logger);
        access.AgentRevoked += OnRevoked;
    }

    public override void Dispose()
    {
        _access.AgentRevoked -= OnRevoked;
        _client.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var (agent, ids, at) in _waiting.Reader.ReadAllAsync(stoppingToken))
            {
                var notice = new RevocationNotice(agent.ToString(), ids, _fleet.Connections.Destinations, at);
                var how = _options.RevocationHook is { } hook ? await TellAsync(hook, notice, stoppingToken) : "nobody was told: no --revocation-hook";
                Write(notice, how);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The hub stops; the revocation itself is in the log.
        }
    }

    private void OnRevoked(Guid agent, IReadOnlyList<string> ids) => _waiting.Writer.TryWrite((agent, ids, _time.GetUtcNow()));

    private async Task<string> TellAsync(Uri hook, RevocationNotice notice, CancellationToken stop)
    {
        // Its path or query may be a secret.
        var name = hook.GetLeftPart(UriPartial.Authority);
        var reason = "";
        for (var i = 0; i < Attempts; i++)
        {
            try
            {
                using var body = JsonContent.Create(notice);
                using var response = await _client.PostAsync(hook, body, stop);
                if (response.IsSuccessStatusCode)
                {
                    return $"told {name}";
                }

                reason = $"HTTP {(int)response.StatusCode}";
            }
            catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !stop.IsCancellationRequested))
            {
                reason = exception.Message;
            }

            await Task.Delay(Between, TimeProvider.System, stop);
        }

        return $"{name} could not be told: {reason}";
    }

    private void Write(RevocationNotice notice, string how)
    {
        var destinations = notice.Destinations.Count > 0 ? $"its own telemetry goes to {string.Join(", ", notice.Destinations)}" : "the hub offered no destination";
        try
        {
            using var connection = _database.Open();
            AuditTable.Add(connection, new AuditRow(0, _time.GetUtcNow(), "the hub", "token.revoke.told", $"agent {notice.Agent}", 0, 0, "", $"{how}; {destinations}"));
        }
        catch (DbException exception)
        {
            Log.RevocationNotWritten(_logger, notice.Agent, how, exception.Message);
        }
    }
}
