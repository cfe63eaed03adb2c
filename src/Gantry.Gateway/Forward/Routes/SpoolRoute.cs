using Gantry.Gateway.Forward.Spool;
using Gantry.Gateway.Forward.Transport;
using Gantry.Protocol.Observations;
using Microsoft.Extensions.Logging;

namespace Gantry.Gateway.Forward.Routes;

/// <summary>A destination with a spool: the client is answered when its request is safe on disk, and the destination gets it from there.</summary>
internal sealed class SpoolRoute : IRoute
{
    private readonly DestinationHealth _health;
    private readonly OtlpClient _client;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private DiskSpool? _spool;
    private Pump? _pump;

    public SpoolRoute(DestinationOptions options, TimeProvider time, ILogger logger)
    {
        Options = options;
        _time = time;
        _logger = logger;
        _health = new DestinationHealth(options, time, logger);
        _client = new OtlpClient(options, _health, time, logger);
    }

    public DestinationOptions Options { get; }

    public DestinationState State => _health.State(_spool?.Waiting ?? default);

    public void Start()
    {
        _spool = DiskSpool.Open(Options.Spool!, _health, _time, _logger);
        _pump = new Pump(_spool.Backlog, _client, _health, _time, _logger);
        _pump.Start();
    }

    public async ValueTask<ForwardResult> SendAsync(Signal signal, Outgoing request, CancellationToken cancellation)
    {
        var result = await _spool!.AppendAsync(signal, request);
        if (Options.Required || result.Verdict == ForwardVerdict.Accepted)
        {
            return result;
        }

        _health.Lost(1, result.Reason);
        return new ForwardResult(ForwardVerdict.Accepted);
    }

    public async Task StopAsync()
    {
        if (_pump is not null)
        {
            await _pump.StopAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_pump is not null)
        {
            await _pump.DisposeAsync();
        }

        _spool?.Dispose();
        _client.Dispose();
    }
}
