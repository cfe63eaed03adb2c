namespace Gantry.Cli.Demo;

/// <summary>Services of samples/shop, and the promise that none outlives the demo.</summary>
internal sealed class Shop : IAsyncDisposable
{
    /// <summary>service.namespace of the shop: a real "cart" of the user's is another service.</summary>
    public const string Namespace = "shop";

    private readonly string _logFolder;
    private readonly TimeProvider _time;
    private readonly List<ShopService> _running = [];

    /// <param name="plans">In the order in which a purchase meets them.</param>
    /// <param name="logFolder">Where the access logs go.</param>
    public Shop(IReadOnlyList<ServicePlan> plans, string logFolder, TimeProvider time)
    {
        _logFolder = logFolder;
        _time = time;
        Plans = plans;
        AppDomain.CurrentDomain.ProcessExit += KillAll;
    }

    /// <summary>In the order in which a purchase meets them.</summary>
    public IReadOnlyList<ServicePlan> Plans { get; }

    public Uri Purchases => new($"http://127.0.0.1:{Plans.Single(plan => plan.Name == "storefront").Port}/purchase");

    /// <summary>Those that run, in the order of <see cref="Plans"/>.</summary>
    public IReadOnlyList<ShopService> Running
    {
        get
        {
            lock (_running)
            {
                return [.. Plans.Select(plan => _running.Find(service => service.Plan == plan)).OfType<ShopService>()];
            }
        }
    }

    /// <summary>Starts the chosen services (again), and returns when they listen.</summary>
    /// <param name="telemetry">Environment to add, by service.</param>
    public async Task StartAsync(
        Func<ServicePlan, bool> which, Func<ServicePlan, IEnumerable<KeyValuePair<string, string>>> telemetry, CancellationToken cancellation)
    {
        var plans = Plans.Where(which).ToList();
        await StopAsync(service => plans.Contains(service.Plan));
        foreach (var plan in plans)
        {
            var service = ShopService.Start(plan, _logFolder, telemetry(plan), _time);
            lock (_running)
            {
                _running.Add(service);
            }
        }

        foreach (var service in Running.Where(service => plans.Contains(service.Plan)))
        {
            await service.WaitUntilListeningAsync(cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(_ => true);
        AppDomain.CurrentDomain.ProcessExit -= KillAll;
    }

    private async Task StopAsync(Predicate<ShopService> which)
    {
        List<ShopService> stopping;
        lock (_running)
        {
            stopping = _running.FindAll(which);
        }

        await Task.WhenAll(stopping.Select(service => service.DisposeAsync().AsTask()));
        lock (_running)
        {
            _running.RemoveAll(stopping.Contains);
        }
    }

    private void KillAll(object? sender, EventArgs e)
    {
        foreach (var service in Running)
        {
            service.Kill();
        }
    }
}
