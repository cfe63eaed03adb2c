using Gantry.Gateway.Forward.Routes;
using Gantry.Gateway.Forward.Transport;
using Gantry.Protocol.Observations;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gantry.Gateway.Forward;

/// <summary>
/// Passes accepted requests on to every destination that wants their signal. The result is what the client may be told: accepted means that each
/// required destination has the data, or has it safe in its spool.
/// </summary>
internal sealed class Forwarder : IHostedService, IAsyncDisposable
{
    private const int LastTurn = 2;

    private readonly IRoute[] _routes;
    private readonly IRoute[][] _bySignal;
    private int _disposed;

    public Forwarder(GatewayOptions options, TimeProvider time, ILogger<Forwarder> logger)
    {
        _routes = [.. options.Destinations.Select(destination => Route(destination, time, logger))];
        _bySignal = new IRoute[(int)Signal.Profiles + 1][];
        for (var signal = 0; signal < _bySignal.Length; signal++)
        {
            // In the order in which they are asked, see FanOutAsync.
            _bySignal[signal] = [.. _routes.Where(route => route.Options.Signals.Contains((Signal)signal)).OrderBy(Turn)];
        }
    }

    /// <summary>Is there any destination?</summary>
    public bool IsOn => _routes.Length > 0;

    /// <summary>In the order in which they were configured.</summary>
    public IReadOnlyList<DestinationState> States => [.. _routes.Select(route => route.State)];

    /// <param name="body">A protobuf export request; not touched after the returned task ends. Await it once.</param>
    /// <param name="cancellation">The client went away: a request that only waits for its turn is not sent. One that is under way goes on, as it may share
    /// its way with others; the task ends when it does.</param>
    public ValueTask<ForwardResult> SendAsync(Signal signal, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        var routes = _bySignal[(int)signal];
        return routes.Length switch
        {
            0 => new(new ForwardResult(ForwardVerdict.Accepted)),
            1 when Turn(routes[0]) != LastTurn => routes[0].SendAsync(signal, new Outgoing(body), cancellation),
            _ => FanOutAsync(routes, signal, body, cancellation),
        };
    }

    /// <exception cref="IOException">A spool cannot be opened.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var route in _routes)
        {
            route.Start();
        }

        return Task.CompletedTask;
    }

    /// <summary>The doors are closed by now: no request comes any more.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(_routes.Select(route => route.StopAsync()));

    /// <summary>The container does it twice: for the service, and for the hosted service that is the same.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        foreach (var route in _routes)
        {
            await route.DisposeAsync();
        }
    }

    /// <summary>
    /// Those that may say "not now" come first, so that what the client sends again was not already taken by the others: straight ones at once, then
    /// spools, which only a full disk turns away, then those that no client waits for.
    /// </summary>
    private static int Turn(IRoute route) => route switch
    {
        DirectRoute => 0,
        SpoolRoute => 1,
        _ => LastTurn,
    };

    private static IRoute Route(DestinationOptions options, TimeProvider time, ILogger logger) => options switch
    {
        { Spool: not null } => new SpoolRoute(options, time, logger),
        { Required: true } => new DirectRoute(options, time, logger),
        _ => new BestEffortRoute(options, time, logger),
    };

    private static async ValueTask<ForwardResult> FanOutAsync(IRoute[] routes, Signal signal, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        using var shared = new SharedRequest(body);
        var sum = new ForwardResult(ForwardVerdict.Accepted);
        for (var first = 0; first < routes.Length && sum.Verdict != ForwardVerdict.Unavailable;)
        {
            var turn = Turn(routes[first]);
            var next = first;
            while (next < routes.Length && Turn(routes[next]) == turn)
            {
                next++;
            }

            if (turn == LastTurn)
            {
                // They keep it past the client's answer.
                shared.Own();
            }

            var results = await Task.WhenAll(routes[first..next].Select(route => SendNamedAsync(route, signal, shared, cancellation)));
            sum = results.Aggregate(sum, Worse);
            first = next;
        }

        return sum;
    }

    private static async Task<ForwardResult> SendNamedAsync(IRoute route, Signal signal, SharedRequest shared, CancellationToken cancellation)
    {
        var result = await route.SendAsync(signal, new Outgoing(shared.Body, shared), cancellation);
        return result.Reason.Length == 0 ? result : result with { Reason = $"{route.Options.Name}: {result.Reason}" };
    }

    /// <summary>Any that is away makes the client come again; any that refuses makes it a refusal. Items that two refuse may be the same, so the larger number
    /// is told and not the sum.</summary>
    private static ForwardResult Worse(ForwardResult a, ForwardResult b)
    {
        if (a.Verdict == b.Verdict)
        {
            return a with
            {
                Reason = a.Reason.Length == 0 || b.Reason.Length == 0 ? a.Reason + b.Reason : $"{a.Reason}; {b.Reason}",
                RetryAfter = a.RetryAfter is null || b.RetryAfter > a.RetryAfter ? b.RetryAfter : a.RetryAfter,
                Rejected = Math.Max(a.Rejected, b.Rejected),
            };
        }

        return a.Verdict == ForwardVerdict.Unavailable || b.Verdict == ForwardVerdict.Accepted ? a : b.Verdict == ForwardVerdict.Unavailable ? b
            : a.Verdict == ForwardVerdict.Refused ? a : b;
    }
}
