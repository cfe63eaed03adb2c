using Gantry.Estate.Red;
using Gantry.Hub.Coverage;
using Gantry.Hub.Observations;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Tests.Observations;

/// <summary>What a broken or lying sender says costs itself at most.</summary>
public class HostileBatchTests
{
    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(double.MaxValue)]
    public async Task A_value_that_is_no_number_breaks_neither_the_api_nor_the_writing(double value)
    {
        await using var hub = await HubFixture.StartAsync();
        for (ulong sequence = 1; sequence <= 2; sequence++)
        {
            await hub.ReportAsync(Reports.Batch(sequence, full: true).With(
                Reports.Point("system.memory.utilization", 0.5, hub.Now, false, ("system.memory.state", "used")),
                Reports.Point("system.process.count", value, hub.Now, false, ("process.state", "running")),
                Reports.Point("system.process.count", value, hub.Now, false, ("process.state", "running")),
                Reports.Point("system.network.errors", value, hub.Now, true, ("network.io.direction", "receive")),
                Reports.Point("system.network.errors", sequence * value / 2, hub.Now, true, ("network.io.direction", "transmit"))));
            hub.Time.Advance(TimeSpan.FromSeconds(6));
        }

        var host = Assert.Single(await hub.GetAsync<HostRow[]>("hosts"));

        Assert.Equal(0.5, host.Use!.MemoryUtilization);
        Assert.False(hub.Stopped.IsCancellationRequested);
    }

    [Fact]
    public async Task A_hub_that_stops_says_so_to_who_started_it()
    {
        await using var hub = await HubFixture.StartAsync();
        var stopped = hub.Stopped;
        Assert.False(stopped.IsCancellationRequested);

        await hub.DisposeAsync();

        Assert.True(stopped.IsCancellationRequested);
    }

    [Fact]
    public async Task Of_services_with_one_number_the_first_counts()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.ReportAsync(Reports.Batch(1, full: true).With(Reports.Service(1, "shop"), Reports.Service(1, "other"), Reports.Red(1, 10, hub.Now)));

        Assert.Equal(10UL, (await hub.GetAsync<ServiceRow>("services/shop")).Requests);
    }

    [Fact]
    public async Task A_series_that_cannot_be_counted_is_skipped_and_the_rest_is_taken()
    {
        await using var hub = await HubFixture.StartAsync();
        RedSeries noSource = Reports.Red(1, 7, hub.Now, source: (RedSource)2), tooLong = Reports.Red(1, 7, hub.Now), tooShort = Reports.Red(1, 7, hub.Now);
        (tooLong.Buckets, tooShort.Buckets) = (new ulong[DurationBuckets.Count + 1], []);
        await hub.ReportAsync(Reports.Batch(1, full: true).With(Reports.Service(1, "shop"), noSource, tooLong, tooShort));
        await hub.ReportAsync(Reports.Batch(2).With(Reports.Service(1, "shop"), tooLong, Reports.Red(1, 10, hub.Now)));

        Assert.Equal(10UL, (await hub.GetAsync<ServiceRow>("services/shop")).Requests);
    }

    [Fact]
    public void An_id_has_64_bits_of_the_key() => Assert.Matches("^shop-[0-9a-f]{16}$", new ServiceKey("shop", "", "").Id);
}
