using Gantry.Hub.Coverage;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Tests.Observations;

public class ObservationTests
{
    [Fact]
    public async Task Cumulative_counts_add_up_over_gateways_and_survive_loss_and_repetition()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.ReportAsync(Reports.Batch(1, full: true).With(Reports.Service(1, "shop"), Reports.Red(1, 10, hub.Now)));
        // The same report again, because its answer was lost.
        await hub.ReportAsync(Reports.Batch(1, full: true).With(Reports.Service(1, "shop"), Reports.Red(1, 10, hub.Now)));
        await hub.ReportAsync(Reports.Batch(2).With(Reports.Service(1, "shop"), Reports.Red(1, 25, hub.Now)));
        await hub.ReportAsync(Reports.Batch(1, full: true, "gateway-2").With(Reports.Service(9, "shop"), Reports.Red(9, 7, hub.Now)));

        var shop = Assert.Single(await hub.GetAsync<ServiceRow[]>("services"));

        Assert.Equal(32UL, shop.Requests);
        Assert.Equal(32, Math.Round(shop.Red!.Rate * 60));
    }

    [Fact]
    public async Task A_missed_report_makes_the_hub_ask_for_everything()
    {
        await using var hub = await HubFixture.StartAsync();

        Assert.False((await hub.ReportAsync(Reports.Batch(1, full: true))).FullWanted);
        Assert.False((await hub.ReportAsync(Reports.Batch(2))).FullWanted);
        Assert.True((await hub.ReportAsync(Reports.Batch(4))).FullWanted);
        Assert.False((await hub.ReportAsync(Reports.Batch(5, full: true))).FullWanted);
        Assert.True((await hub.ReportAsync(Reports.Batch(8, gateway: "unknown"))).FullWanted);
    }

    [Fact]
    public async Task Spans_and_metrics_of_one_service_are_not_added()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.ReportAsync(Reports.Batch(1, full: true).With(
            Reports.Service(1, "shop"), Reports.Red(1, 60, hub.Now), Reports.Red(1, 60, hub.Now, source: RedSource.Metrics)));

        var shop = Assert.Single(await hub.GetAsync<ServiceRow[]>("services"));

        Assert.Equal(1.0, shop.Red!.Rate, 3);
        Assert.Equal("spans", shop.Red.Source);
        Assert.Equal(60UL, Assert.Single(await hub.GetAsync<OperationRow[]>($"services/{shop.Id}/operations")).Calls);
    }

    [Fact]
    public async Task A_join_is_found_whichever_span_comes_first()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.ReportAsync(Reports.Batch(1, full: true).With(
            Reports.Service(1, "caller"), Reports.Service(2, "callee"), Reports.Service(3, "other"), Reports.Service(4, "alone"),
            Reports.Red(1, 1, hub.Now), Reports.Red(2, 1, hub.Now), Reports.Red(3, 1, hub.Now), Reports.Red(4, 1, hub.Now),
            // The child's batch comes before the parent's.
            Reports.Span(7, 20, parent: 10, service: 2, kind: 2), Reports.Span(7, 10, parent: 0, service: 1, kind: 3),
            Reports.Span(8, 30, parent: 0, service: 1, kind: 3), Reports.Span(8, 40, parent: 30, service: 3, kind: 2),
            // Same span id, another trace; and a parent that never came.
            Reports.Span(9, 50, parent: 10, service: 4, kind: 2)));

        var rows = (await hub.GetAsync<ServiceRow[]>("services")).ToDictionary(row => row.Name);

        Assert.Equal([3, 3, 3, 2], new[] { "caller", "callee", "other", "alone" }.Select(name => rows[name].Rung));
        var neighbours = await hub.GetAsync<ServiceNeighbours>($"services/{rows["caller"].Id}/neighbours");
        Assert.Equal(["callee", "other"], neighbours.Calls.Select(item => item.Name).Order());
        Assert.Empty(neighbours.CalledBy);
    }

    [Fact]
    public async Task Host_metrics_become_use_and_rung_1()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.ReportAsync(Reports.Batch(1, full: true).With(Use(hub.Now, 1)));
        var first = Assert.Single(await hub.GetAsync<HostRow[]>("hosts"));
        hub.Time.Advance(TimeSpan.FromSeconds(9));
        await hub.ReportAsync(Reports.Batch(2).With(Use(hub.Now, 2)));

        var host = Assert.Single(await hub.GetAsync<HostRow[]>("hosts"));

        Assert.Null(first.Use!.CpuSaturation);
        Assert.Equal(1, host.Rung);
        Assert.Equal(("h1", "web-1"), (host.Id, host.Name));
        Assert.Equal(0.25, host.Use!.CpuUtilization!.Value, 6);
        Assert.Equal(0.5, host.Use.CpuSaturation!.Value, 6);
        Assert.Equal(100, host.Use.NetworkBytesIn!.Value, 6);
        Assert.Equal(0, host.Use.NetworkErrors!.Value, 6);
    }

    [Fact]
    public async Task A_host_without_error_counters_is_not_on_rung_1_and_says_what_is_missing()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.ReportAsync(Reports.Batch(1, full: true).With([.. Use(hub.Now, 1).Where(part => part is not HostPoint { Metric: "system.network.errors" })]));

        var host = Assert.Single(await hub.GetAsync<HostRow[]>("hosts"));
        var summary = await hub.GetAsync<Summary>("summary");

        Assert.Equal(0, host.Rung);
        Assert.Equal(["network.errors"], host.Evidence.Where(item => item.State != "fresh").Select(item => item.Id));
        Assert.Equal("Bring host web-1 to rung 1", summary.Next.Title);
        Assert.Contains("network errors", summary.Next.Why, StringComparison.Ordinal);
    }

    internal static Gantry.Protocol.Wire.IWireMessage[] Use(ulong at, int sample) =>
    [
        Reports.Point("system.cpu.logical.count", 2, at),
        Reports.Point("system.cpu.utilization", 0.7, at, false, ("cpu.mode", "idle")),
        Reports.Point("system.cpu.utilization", 0.05, at, false, ("cpu.mode", "iowait")),
        Reports.Point("system.cpu.utilization", 0.25, at, false, ("cpu.mode", "user")),
        Reports.Point("system.cpu.linux.pressure.stall_time", 5 * sample, at, true, ("pressure.stall", "some")),
        Reports.Point("system.process.count", 90, at, false, ("process.state", "running")),
        Reports.Point("system.memory.utilization", 0.5, at, false, ("system.memory.state", "used")),
        Reports.Point("system.paging.faults", 3, at, true, ("system.paging.fault.type", "major")),
        Reports.Point("system.disk.io", 4, at, true, ("disk.io.direction", "read")),
        Reports.Point("system.filesystem.linux.errors", 0, at, true),
        Reports.Point("system.network.io", 1000 * sample, at, true, ("network.io.direction", "receive")),
        Reports.Point("system.network.errors", 0, at, true, ("network.io.direction", "receive")),
    ];
}
