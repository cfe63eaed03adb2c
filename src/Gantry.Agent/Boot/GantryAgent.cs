using Gantry.Agent.Boot;
using Gantry.Agent.Host;
using Gantry.Agent.Instrument;
using Gantry.Agent.Network;
using Gantry.Agent.Processes;
using Gantry.Agent.Report;
using Gantry.Protocol.Wire;
using Microsoft.Extensions.Logging;
using Log = Gantry.Agent.Boot.Log;

namespace Gantry.Agent;

/// <summary>
/// The host agent: measures the host, finds its processes, and reports both. One instance runs once; it may live in a process of its own or in
/// another program's. It needs neither hub nor gateway to start or to go on.
/// </summary>
public sealed class GantryAgent : IDisposable
{
    /// <summary>One second hand for everything that happens in time; no part of the agent has a timer of its own.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private readonly AgentOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly HostRoots _roots;
    private readonly HostSampler _sampler;
    private readonly MetricBatch _batch = new();
    private readonly RemotePlan _plan;
    private readonly ObservedByHub _observed = new();
    private readonly Director _director;
    private readonly InventoryWatch _inventory;
    private readonly OtlpMetricsReporter? _metrics;
    private readonly OpAmpClient? _hub;
    private readonly Schedule _samples;
    private NetworkView? _network;
    private string _networkLimit = "";

    /// <exception cref="ArgumentException">The options are wrong; the message has every problem.</exception>
    public GantryAgent(AgentOptions options, ILoggerFactory loggers, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        ArgumentNullException.ThrowIfNull(time);
        var problems = options.Validate();
        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", problems), nameof(options));
        }

        _options = options;
        _time = time;
        _logger = loggers.CreateLogger("Gantry.Agent");
        _roots = new HostRoots(options);
        _sampler = new HostSampler(_roots.Proc, _roots.Sys, time, _logger);
        _samples = new Schedule(options.Interval, time);
        var scanner = new ProcessScanner(_roots.Proc, _roots.Etc);
        _plan = new RemotePlan(options.StateFolder, _logger);
        _director = Instrumenters.Create(options, _roots, _plan, _observed, time, loggers);
        _inventory = new InventoryWatch(scanner, new InventoryBuilder(_roots.Identity, _roots.BootUnixNano, time), options.Interval, time, _director);
        _metrics = options.Gateway.Length > 0 ? CreateReporter() : null;
        _hub = options.Hub.Length > 0 ? CreateClient() : null;
    }

    /// <summary>The version that the agent reports.</summary>
    public static string Version { get; } = typeof(GantryAgent).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    private static string UserAgent => "gantry-agent/" + Version;

    /// <summary>Works until <paramref name="cancellation"/>, then says goodbye to the hub (2 s at most) and returns; it does not throw for it.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        Log.Started(_logger, Version, _roots.Identity.Name, OrOff(_options.Gateway), OrOff(_options.Hub), _options.Interval.TotalSeconds);
        using var timer = new PeriodicTimer(Beat, _time);
        var hub = _hub?.RunAsync(cancellation) ?? Task.CompletedTask;
        do
        {
            Tick(cancellation);
        }
        while (await NextAsync(timer, cancellation));

        await hub;
        await _director.DisposeAsync();
        await (_metrics?.Completion ?? Task.CompletedTask);
        Log.Stopped(_logger);
    }

    public void Dispose()
    {
        _network?.Dispose();
        _metrics?.Dispose();
        _roots.Dispose();
    }

    private void Tick(CancellationToken cancellation)
    {
        if (_samples.IsDue())
        {
            _sampler.Sample(_batch);
            SampleNetwork();
            _metrics?.Send(_batch, cancellation);
            if (_hub is not null && _inventory.TryTake(out var inventory))
            {
                _hub.Publish(inventory);
            }
        }

        _director.Tick();
        _hub?.Beat();
    }

    /// <summary>The view is there while the plan asks for it: it has a thread and a socket in each network namespace.</summary>
    private void SampleNetwork()
    {
        if (!_plan.Plan.Network)
        {
            _network?.Dispose();
            _network = null;
            return;
        }

        _network ??= new NetworkView(_roots.Proc, _time);
        _network.Sample(_inventory.Processes, _batch);
        if (_network.Limit != _networkLimit)
        {
            _networkLimit = _network.Limit;
            Log.NetworkLimit(_logger, _networkLimit.Length > 0 ? _networkLimit : "everything is seen");
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken cancellation)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private OtlpMetricsReporter CreateReporter()
    {
        var timeout = TimeSpan.FromSeconds(Math.Clamp(_options.Interval.TotalSeconds, 1, 10));
        var encoder = new MetricsEncoder(_roots.Identity.ToResource(Version), Version, _roots.BootUnixNano);
        return new OtlpMetricsReporter(new Uri(_options.Gateway), timeout, UserAgent, encoder, _time, _logger);
    }

    private OpAmpClient CreateClient()
    {
        var uid = new InstanceUid(_options.StateFolder, _time, _logger);
        var messages = new AgentMessages(_roots.Identity, Version, uid, _time.GetUtcNow().ToUnixNano(), _plan);
        var credential = new HubCredential(new Uri(_options.Hub), _options.Token, _options.TokenFile, _options.StateFolder, uid, _logger);
        return new OpAmpClient(new Uri(_options.Hub), UserAgent, messages, uid, new Backoff(Random.Shared), _time, _logger, credential, _plan, _observed);
    }

    private static string OrOff(string address) => address.Length > 0 ? address : "off";
}
