using Gantry.Gateway.Forward.Transport;
using Gantry.Protocol.Observations;
using Microsoft.Extensions.Logging;

namespace Gantry.Gateway.Forward.Routes;

/// <summary>A destination that no client waits for. What it does not take in time is dropped, counted and said.</summary>
internal sealed class BestEffortRoute : IRoute
{
    public const long MaxWaitingBytes = 32 * 1024 * 1024;

    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FarewellStep = TimeSpan.FromMilliseconds(20);

    private readonly DestinationHealth _health;
    private readonly OtlpClient _client;
    private readonly MemoryBacklog _backlog;
    private readonly Pump _pump;
    private readonly TimeProvider _time;

    public BestEffortRoute(DestinationOptions options, TimeProvider time, ILogger logger)
    {
        Options = options;
        _time = time;
        _health = new DestinationHealth(options, time, logger);
        _client = new OtlpClient(options, _health, time, logger);
        _backlog = new MemoryBacklog(MaxWaitingBytes, time);
        _pump = new Pump(_backlog, _client, _health, time, logger);
    }

    public DestinationOptions Options { get; }

    public DestinationState State => _health.State(_backlog.Waiting);

    public void Start() => _pump.Start();

    /// <summary>Ends at once; keeps a copy that all best-effort destinations share.</summary>
    public ValueTask<ForwardResult> SendAsync(Signal signal, Outgoing request, CancellationToken cancellation)
    {
        if (!_backlog.TryAdd(signal, request.Shared!))
        {
            _health.Lost(1, $"it does not keep up and {MaxWaitingBytes >> 20} MiB wait already");
        }

        return new(new ForwardResult(ForwardVerdict.Accepted));
    }

    /// <summary>A destination that is well gets what waits; for one that is not, nobody waits.</summary>
    public async Task StopAsync()
    {
        var began = _time.GetTimestamp();
        while (_backlog.Waiting.Requests > 0 && State.Problem is null && _time.GetElapsedTime(began) < Farewell)
        {
            await Task.Delay(FarewellStep, _time, CancellationToken.None);
        }

        await _pump.StopAsync();
        _health.Lost(_backlog.Waiting.Requests, "the gateway stopped before they were sent");
    }

    public async ValueTask DisposeAsync()
    {
        await _pump.DisposeAsync();
        _backlog.Dispose();
        _client.Dispose();
    }
}
