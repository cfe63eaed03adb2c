using System.Net;
using System.Net.Http.Headers;
using Gantry.Estate.Sampling;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gantry.Gateway.Sample;

/// <summary>
/// Keeps the policy in force. At the start, before the doors open, by the first of these that there is: (1) the last one that the hub gave, from the state
/// folder; (2) the file of <c>--sampling</c>; (3) the hub's, if it answers at once; (4) none, everything is kept. From then on one request waits at the hub
/// for the next one. Only a policy that somebody declared replaces another: a hub with an empty data folder takes nothing away.
/// </summary>
internal sealed class PolicyWatch(
    SamplerState state, PolicyFile file, GatewayOptions options, HttpClient http, TimeProvider time, ILogger<PolicyWatch> logger) : BackgroundService
{
    /// <summary>How long the hub holds the request. Below what proxies cut off idle requests at.</summary>
    private const int WaitSeconds = 25;

    private static readonly TimeSpan FirstAnswer = TimeSpan.FromSeconds(2);

    /// <summary>The hub's time to answer, and some for the way.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(WaitSeconds + 10);

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>What the hub gave last, whatever became of it: only another one is news. Null before its first answer.</summary>
    private string? _given;
    private int _failures;
    private bool _lost;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if ((file.Load() ?? options.Sampling) is { } model)
        {
            _given = model.Revision;
            state.Swap(model);
            Log.PolicyFromBefore(logger, model.Revision, model.Rules.Count);
        }
        else
        {
            // A new gateway of an estate with a policy must not keep everything for its first moments; one whose hub is away must start all the same.
            await AskAsync(wait: false, FirstAnswer, cancellationToken);
        }

        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                var pause = await AskAsync(wait: true, Patience, stoppingToken);
                if (pause > TimeSpan.Zero)
                {
                    await Task.Delay(pause, time, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The gateway stops.
        }
    }

    /// <returns>How long to pause before the next question.</returns>
    private async Task<TimeSpan> AskAsync(bool wait, TimeSpan patience, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(options.Hub, "api/v1/sampling/active"));
        if (_given is not null)
        {
            request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue($"\"{_given}\""));
        }

        if (wait)
        {
            request.Headers.Add("Prefer", $"wait={WaitSeconds}");
        }

        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            switch (response.StatusCode)
            {
                case HttpStatusCode.NotModified:
                    Found();
                    // A hub that holds nobody back (it stops, or has too many who wait) says when to come again, or is asked once in a while.
                    return response.Headers.RetryAfter?.Delta is { } asked && asked < Patience ? Jitter(asked) : Jitter(ShortestPause);
                case HttpStatusCode.OK:
                    await response.Content.LoadIntoBufferAsync(SamplingModelJson.Longest, either.Token);
                    Found();
                    return Take(await response.Content.ReadAsByteArrayAsync(either.Token), response.Headers.ETag?.Tag.Trim('"'));
                default:
                    return Lost($"it answered {(int)response.StatusCode}");
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return Lost(exception is HttpRequestException ? exception.Message : $"no answer within {patience.TotalSeconds:0} s");
        }
    }

    /// <param name="tag">The revision by its header: what a model that cannot be read is known by.</param>
    private TimeSpan Take(byte[] bytes, string? tag)
    {
        if (SamplingModelJson.TryRead(bytes, out var error) is not { } model)
        {
            _given = tag is not null && IsRevision(tag) ? tag : _given;
            Log.PolicyRefused(logger, options.Hub, tag ?? "", state.Current.Revision, error);
            return Jitter(LongestPause);
        }

        if (model.Revision == _given)
        {
            return Jitter(ShortestPause);
        }

        _given = model.Revision;
        if (model.Revision.Length == 0)
        {
            if (state.Current.Revision.Length > 0)
            {
                Log.HubHasNoPolicy(logger, options.Hub, state.Current.Revision);
            }

            return TimeSpan.Zero;
        }

        if (model.Revision != state.Current.Revision)
        {
            state.Swap(model);
            Log.PolicyInForce(logger, model.Revision, model.Rules.Count);
        }

        file.Save(bytes);
        return TimeSpan.Zero;
    }

    private void Found()
    {
        _failures = 0;
        if (_lost)
        {
            _lost = false;
            Log.HubAnswersAgain(logger, options.Hub);
        }
    }

    private TimeSpan Lost(string reason)
    {
        if (!_lost)
        {
            _lost = true;
            Log.HubAway(logger, options.Hub, reason, state.Current.Revision);
        }

        var pause = ShortestPause * Math.Pow(2, Math.Min(_failures++, 10));
        return Jitter(pause < LongestPause ? pause : LongestPause);
    }

    /// <summary>Half of it to all of it: gateways that lost the hub together do not come back together.</summary>
    private static TimeSpan Jitter(TimeSpan pause) => pause * (0.5 + (Random.Shared.NextDouble() / 2));

    /// <summary>It goes into the header of the next question.</summary>
    private static bool IsRevision(string tag) => tag.Length <= 64 && tag.All(char.IsAsciiHexDigitLower);
}
