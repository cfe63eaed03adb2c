using Gantry.Hub.Coverage;
using Gantry.Hub.Observations;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Tests.Observations;

/// <summary>Only the hub's clock decides what is fresh (docs/adr/0007).</summary>
public class ClockTests
{
    [Theory]
    [InlineData(-3600)]
    [InlineData(0)]
    [InlineData(3600)]
    public async Task A_gateway_whose_clock_is_wrong_changes_nothing(int secondsOff)
    {
        await using var hub = await HubFixture.StartAsync();
        ObservationBatch Batch(ulong sequence, ulong calls)
        {
            var its = hub.Now + (ulong)(secondsOff * 1_000_000_000L);
            var batch = Reports.Batch(sequence, full: true).With(Reports.Service(1, "shop"), Reports.Source(1, its), Reports.Red(1, calls, its));
            batch.SentUnixNano = its;
            return batch;
        }

        await hub.ReportAsync(Batch(1, 30));
        hub.Time.Advance(TimeSpan.FromSeconds(10));
        await hub.ReportAsync(Batch(2, 60));
        var seen = hub.Time.GetUtcNow();

        var shop = await hub.GetAsync<ServiceRow>("services/shop");
        Assert.Equal((2, false, seen, 1.0), (shop.Rung, shop.Stale, shop.LastSeen, shop.Red!.Rate));
        hub.Time.Advance(TimeSpan.FromMinutes(6));
        Assert.True((await hub.GetAsync<ServiceRow>("services/shop")).Stale);
    }

    [Fact]
    public async Task A_late_report_keeps_its_ages_and_nothing_is_newer_than_its_receipt()
    {
        await using var hub = await HubFixture.StartAsync();
        var now = hub.Time.GetUtcNow();
        var (old, future) = (hub.Now - 240_000_000_000, hub.Now + 3_600_000_000_000);
        await hub.ReportAsync(Reports.Batch(1, full: true).With(
            Reports.Service(1, "old"), Reports.Source(1, old), Reports.Red(1, 10, old),
            Reports.Service(2, "future"), Reports.Source(2, future), Reports.Red(2, 10, future)));

        Assert.Equal(now.AddMinutes(-4), (await hub.GetAsync<ServiceRow>("services/old")).LastSeen);
        Assert.Equal(now, (await hub.GetAsync<ServiceRow>("services/future")).LastSeen);
    }

    [Theory]
    [InlineData(-90_000)]
    [InlineData(90_000)]
    public async Task A_host_is_as_fresh_as_the_hub_received_it(int secondsOff)
    {
        await using var hub = await HubFixture.StartAsync();
        var its = hub.Now + (ulong)(secondsOff * 1_000_000_000L);
        await hub.ReportAsync(Reports.Batch(1, full: true).With(Reports.Point("system.memory.utilization", 0.5, its, false, ("system.memory.state", "used"))));
        var seen = hub.Time.GetUtcNow();

        var host = Assert.Single(await hub.GetAsync<HostRow[]>("hosts"));
        Assert.Equal((seen, seen), (host.LastSeen, host.Use!.At));
        Assert.Equal(seen, host.Evidence.Single(item => item.Id == "memory.utilization").LastSeen);
        hub.Time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal("stale", Assert.Single(await hub.GetAsync<HostRow[]>("hosts")).Evidence.Single(item => item.Id == "memory.utilization").State);
    }

    [Fact]
    public void A_slot_of_the_future_pushes_nothing_out()
    {
        var now = new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
        var window = new RedWindow(TimeSpan.FromSeconds(10));
        window.At(now.AddMinutes(-30), now).Add(1, 0, []);

        window.At(now.AddDays(30), now).Add(1, 0, []);

        Assert.Equal([now.AddMinutes(-30), now], window.Slots.Select(slot => window.StartOf(slot.Slot)));
    }
}
