using Gantry.Gateway.Forward.Transport;
using Gantry.Protocol.Observations;
using Microsoft.Extensions.Logging;

namespace Gantry.Gateway.Forward.Routes;

/// <summary>A required destination without a spool: the client waits for its answer.</summary>
internal sealed class DirectRoute : IRoute
{
    private readonly DestinationHealth _health;
    private readonly OtlpClient _client;
    private readonly Lane?[] _lanes;

    public DirectRoute(DestinationOptions options, TimeProvider time, ILogger logger)
    {
        Options = options;
        _health = new DestinationHealth(options, time, logger);
        _client = new OtlpClient(options, _health, time, logger);
        _lanes = new Lane?[(int)Signal.Profiles + 1];
        foreach (var signal in options.Signals)
        {
            _lanes[(int)signal] = new Lane(signal, _client, _health, time, options.Timeout);
        }
    }

    public DestinationOptions Options { get; }

    public DestinationState State
    {
        get
        {
            var waiting = _lanes.OfType<Lane>().Select(lane => lane.Waiting).ToList();
            return _health.State(new Waiting(waiting.Sum(item => item.Requests), waiting.Sum(item => item.Bytes), waiting.Max(item => item.OldestAge)));
        }
    }

    public void Start()
    {
    }

    public ValueTask<ForwardResult> SendAsync(Signal signal, Outgoing request, CancellationToken cancellation) =>
        _lanes[(int)signal]!.SendAsync(request, cancellation);

    public Task StopAsync() => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
