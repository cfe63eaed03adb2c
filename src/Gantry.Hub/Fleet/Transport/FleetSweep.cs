using Gantry.Hub.Rollouts;

namespace Gantry.Hub.Fleet.Transport;

/// <summary>
/// One second hand for the whole fleet, instead of a timer for each agent: looks at the deadlines of connections, compares what agents run with what they
/// should, and asks for all agents anew what they should run when that may have changed.
/// </summary>
internal sealed class FleetSweep(FleetStore fleet, SocketTable sockets, IAssignments assignments, IHostApplicationLifetime lifetime, ILogger<FleetSweep> logger) : BackgroundService
{
    /// <summary>How long a peer may take to answer a goodbye.</summary>
    public static readonly TimeSpan GoodbyeTime = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);

    // Changes come in bursts; the fleet is gone through once for all of them.
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim _changed = new(0, 1);
    private readonly AgentSocket[] _slice = new AgentSocket[512];

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        assignments.Changed += OnChanged;
        lifetime.ApplicationStopping.Register(SayGoodbye);
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        assignments.Changed -= OnChanged;
        _changed.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(LookAsync(stoppingToken), AssignAsync(stoppingToken));

    private async Task LookAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Every, TimeProvider.System);
        var calm = new CalmCollector();
        var start = TimeProvider.System.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                Each(static socket => socket.Look());
                fleet.CompareSome();
                calm.Look(TimeProvider.System.GetElapsedTime(start));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private async Task AssignAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await _changed.WaitAsync(stop);
                await Task.Delay(Gather, TimeProvider.System, stop);
                try
                {
                    fleet.Reassign();
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    // What was assigned before stays; the next change tries again.
                    Log.NotAssigned(logger, error.Message);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private void OnChanged()
    {
        try
        {
            _changed.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is due already.
        }
    }

    private void SayGoodbye()
    {
        Each(static socket => _ = socket.CloseAsync(CloseCode.GoingAway, "the hub is stopping"));
        // Nobody looks at the deadlines after the stop: whoever does not answer is cut off.
        _ = Task.Run(async () =>
        {
            while (sockets.Count > 0)
            {
                await Task.Delay(Every, TimeProvider.System);
                Each(static socket => socket.Look());
            }
        });
    }

    private void Each(Action<AgentSocket> act)
    {
        lock (_slice)
        {
            var start = 0;
            while (true)
            {
                var count = sockets.Copy(start, _slice);
                for (var i = 0; i < count; i++)
                {
                    act(_slice[i]);
                }

                start += count;
                if (count < _slice.Length)
                {
                    Array.Clear(_slice);
                    return;
                }
            }
        }
    }
}
