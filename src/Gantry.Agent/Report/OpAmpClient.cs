using System.Net;
using System.Net.WebSockets;
using Gantry.Agent.Instrument;
using Gantry.Protocol.Inventory;
using Gantry.Protocol.Wire;
using Microsoft.Extensions.Logging;

namespace Gantry.Agent.Report;

/// <summary>Keeps a connection to the hub: connects, lets a session run, waits, connects again, until the agent stops. The agent never waits for it.</summary>
internal sealed class OpAmpClient
{
    private static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(10);

    /// <summary>A connection that lasted so long was a good one: the next attempt is quick. Others keep the back-off growing.</summary>
    private static readonly TimeSpan GoodSession = TimeSpan.FromSeconds(30);

    private readonly Uri _endpoint;
    private readonly string _userAgent;
    private readonly AgentMessages _messages;
    private readonly InstanceUid _uid;
    private readonly HubCredential? _credential;
    private readonly RemotePlan? _plan;
    private readonly ObservedByHub? _observed;
    private readonly Backoff _backoff;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Outbox _outbox = new();
    private volatile OpAmpSession? _session;
    private HubState _state;

    /// <param name="hub">Base address, http or https; /v1/opamp is added.</param>
    /// <param name="plan">Takes what the hub gives; null: the agent takes nothing.</param>
    /// <param name="credential">What it shows to the hub; null: nothing.</param>
    public OpAmpClient(Uri hub, string userAgent, AgentMessages messages, InstanceUid uid, Backoff backoff, TimeProvider time, ILogger logger, HubCredential? credential = null,
        RemotePlan? plan = null, ObservedByHub? observed = null)
    {
        _credential = credential;
        (_plan, _observed) = (plan, observed);
        _endpoint = new UriBuilder(hub)
        {
            Scheme = hub.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs,
            Path = hub.AbsolutePath.TrimEnd('/') + "/v1/opamp",
        }.Uri;
        _userAgent = userAgent;
        _messages = messages;
        _uid = uid;
        _backoff = backoff;
        _time = time;
        _logger = logger;
    }

    private enum HubState
    {
        Unknown,
        Connected,
        Lost,
    }

    /// <summary>Sends the inventory as soon as there is a hub; a newer one replaces it.</summary>
    public void Publish(ProcessInventory inventory) => _outbox.Put(inventory.ToArray());

    /// <summary>To be called about each second.</summary>
    public void Beat() => _session?.Beat();

    /// <summary>Runs until <paramref name="stop"/>; it does not throw.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var start = _time.GetTimestamp();
            var end = await ConnectAsync(stop);
            if (stop.IsCancellationRequested)
            {
                return;
            }

            if (_time.GetElapsedTime(start) >= GoodSession)
            {
                _backoff.Reset();
            }

            var wait = end.RetryAfter ?? _backoff.Next();
            // The wait is armed before it is told: whoever reads of it may count on it.
            var waiting = WaitAsync(wait, stop);
            LogLost(end.Reason, wait);
            if (!await waiting)
            {
                return;
            }
        }
    }

    private async Task<SessionEnd> ConnectAsync(CancellationToken stop)
    {
        using var web = new ClientWebSocket();
        // Heartbeats of OpAMP keep the connection alive; a second kind would only wake the agent more often.
        web.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
        web.Options.CollectHttpResponseDetails = true;
        web.Options.SetRequestHeader("User-Agent", _userAgent);
        web.Options.SetRequestHeader("OpAMP-Instance-UID", _uid.Value.ToString());
        using var invoker = new HttpMessageInvoker(HttpHandlers.Create(_endpoint));
        try
        {
            using var limit = new CancellationTokenSource(HandshakeLimit, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
            if (_credential is not null && await _credential.GetAsync(either.Token) is { } token)
            {
                web.Options.SetRequestHeader("Authorization", "Bearer " + token);
            }

            await web.ConnectAsync(_endpoint, invoker, either.Token);
        }
        catch (Exception error) when (error is WebSocketException or HttpRequestException or OperationCanceledException or IOException)
        {
            return Refused(web, error);
        }

        return await RunSessionAsync(web, stop);
    }

    private async Task<SessionEnd> RunSessionAsync(ClientWebSocket web, CancellationToken stop)
    {
        using var socket = new HubSocket(web);
        var session = new OpAmpSession(socket, _messages, _uid, _outbox, _time, _logger, _plan, _observed) { Greeted = LogConnected };
        _session = session;
        try
        {
            return await session.RunAsync(stop);
        }
        finally
        {
            _session = null;
            if (_observed is not null)
            {
                _observed.IsConnected = false;
            }
        }
    }

    private SessionEnd Refused(ClientWebSocket web, Exception error)
    {
        var status = web.HttpStatusCode;
        if (status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests)
        {
            string? header = null;
            if (web.HttpResponseHeaders?.TryGetValue("Retry-After", out var values) == true)
            {
                header = values.FirstOrDefault();
            }

            return new SessionEnd($"HTTP {(int)status}", RetryAfter.Read(header, _time));
        }

        if (status is HttpStatusCode.Unauthorized)
        {
            _credential?.Refused();
        }

        var inner = error.GetBaseException();
        return new SessionEnd(status != default ? $"HTTP {(int)status}" : inner is OperationCanceledException ? "no answer in time" : inner.Message);
    }

    private async Task<bool> WaitAsync(TimeSpan wait, CancellationToken stop)
    {
        try
        {
            await Task.Delay(wait, _time, stop);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void LogConnected()
    {
        if (_state != HubState.Connected)
        {
            _state = HubState.Connected;
            Log.HubConnected(_logger, _endpoint, _uid.Value);
        }
    }

    private void LogLost(string reason, TimeSpan wait)
    {
        if (_state != HubState.Lost)
        {
            _state = HubState.Lost;
            Log.HubLost(_logger, _endpoint, reason);
        }

        Log.HubRetry(_logger, wait, reason);
    }
}
