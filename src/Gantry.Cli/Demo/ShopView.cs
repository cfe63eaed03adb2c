using Gantry.Cli.Api;
using Gantry.Hub.Coverage;

namespace Gantry.Cli.Demo;

/// <summary>The shop as the hub sees it: its services are found by the processes that the demo started, or by the name that they were given.</summary>
internal sealed class ShopView(HubClient hub, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public Task<List<ServiceRow>> ReadAsync(CancellationToken cancellation) => hub.GetAsync<List<ServiceRow>>("services", cancellation);

    /// <summary>Asks until <paramref name="done"/> or out of patience.</summary>
    /// <returns>What was seen last, either way.</returns>
    public async Task<List<ServiceRow>> WaitAsync(TimeSpan patience, Func<List<ServiceRow>, bool> done, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var rows = await ReadAsync(cancellation);
        while (!done(rows) && time.GetElapsedTime(began) < patience)
        {
            await Task.Delay(Pause, time, cancellation);
            rows = await ReadAsync(cancellation);
        }

        return rows;
    }

    /// <summary>Several hosts may have a process of the same number; none has this port with it.</summary>
    public static ServiceRow? OfProcess(IEnumerable<ServiceRow> rows, ShopService service) => rows.FirstOrDefault(row =>
        row.Processes.Any(process => process.Pid == service.Pid && process.Listening.Any(socket => socket.EndsWith($":{service.Plan.Port}", StringComparison.Ordinal))));

    public static ServiceRow? OfTelemetry(IEnumerable<ServiceRow> rows, ServicePlan plan) =>
        rows.FirstOrDefault(row => !row.Dark && row.Name == plan.Name && row.Namespace == Shop.Namespace);
}
