using Gantry.Hub.Coverage;
using Gantry.Hub.Tests.Observations;
using Gantry.Protocol.Observations;
using Gantry.Protocol.OpAmp;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Hub.Tests.Coverage;

/// <summary>Who is there, who has gone, and which counts speak for now.</summary>
public class PresenceTests
{
    private static readonly Guid Uid = Guid.CreateVersion7();

    [Fact]
    public async Task An_agent_over_http_is_connected_while_it_polls_and_shown_for_a_day()
    {
        await using var hub = await HubFixture.StartAsync();
        var sick = Reports.Agent(Uid, 1);
        sick.Health = new ComponentHealth { Healthy = false, LastError = "disk full" };
        await hub.SayAsync(sick);
        var polling = await hub.GetAsync<Summary>("summary");
        hub.Time.Advance(TimeSpan.FromMinutes(2));
        var silent = await hub.GetAsync<Summary>("summary");

        Assert.Equal((1, 1), (polling.Agents, polling.ConnectedAgents));
        Assert.Contains(polling.Attention, item => item.Title.Contains("unhealthy", StringComparison.Ordinal));
        Assert.Equal((1, 0), (silent.Agents, silent.ConnectedAgents));
        Assert.DoesNotContain(silent.Attention, item => item.Title.Contains("unhealthy", StringComparison.Ordinal));
        hub.Time.Jump(TimeSpan.FromHours(24));
        Assert.Empty(await hub.GetAsync<AgentRow[]>("agents"));
    }

    [Fact]
    public async Task A_host_whose_metrics_ended_a_day_ago_stays_while_its_agent_is_connected()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.SayAsync(Reports.Agent(Uid, 1));
        await hub.ReportAsync(Reports.Batch(1, full: true).With(ObservationTests.Use(hub.Now, 1)));
        hub.Time.Advance(TimeSpan.FromSeconds(10));
        await hub.ReportAsync(Reports.Batch(2).With(ObservationTests.Use(hub.Now, 2)));
        var poll = TimeSpan.FromSeconds(110);
        for (var i = 2; i * poll < TimeSpan.FromHours(25); i++)
        {
            hub.Time.Advance(poll);
            await hub.SayAsync(new AgentToServer { InstanceUid = Uid.ToByteArray(bigEndian: true), SequenceNum = (ulong)i });
        }

        var host = Assert.Single(await hub.GetAsync<HostRow[]>("hosts"));
        Assert.Equal(("h1", 0, true), (host.Id, host.Rung, host.Stale));
        Assert.Equal("stale", host.Evidence.Single(item => item.Id == "memory.utilization").State);
    }

    [Fact]
    public async Task A_wall_clock_that_is_set_back_does_not_hold_the_page()
    {
        var time = new WallClock();
        await using var hub = await HubFixture.StartAsync(time: time);
        Assert.Empty(await hub.GetAsync<AgentRow[]>("agents"));
        time.Off = TimeSpan.FromHours(-1);
        await hub.SayAsync(Reports.Agent(Uid, 1));

        Assert.Single(await hub.GetAsync<AgentRow[]>("agents"));
    }

    [Theory]
    [InlineData(false, 0, 0, "spans")]
    [InlineData(true, 0, 0, "metrics")]
    [InlineData(true, 0, 20, "spans")]
    [InlineData(false, 6, 0, "metrics")]
    [InlineData(true, 6, 6, "metrics")]
    [InlineData(false, 10, 20, "spans")]
    [InlineData(false, 20, 10, "metrics")]
    public async Task Red_is_of_the_source_that_counts_now(bool sampled, int spansAge, int metricsAge, string source)
    {
        await using var hub = await HubFixture.StartAsync();
        ulong Ago(int minutes) => hub.Now - ((ulong)minutes * 60_000_000_000);
        var emitter = Reports.Source(1, hub.Now);
        emitter.SampledUnixNano = sampled ? Ago(0) : 0;
        await hub.ReportAsync(Reports.Batch(1, full: true).With(
            Reports.Service(1, "shop"), emitter, Reports.Red(1, 60, Ago(spansAge)), Reports.Red(1, 30, Ago(metricsAge), source: RedSource.Metrics)));
        hub.Time.Advance(TimeSpan.FromSeconds(10));

        var shop = await hub.GetAsync<ServiceRow>("services/shop");
        var charted = (await hub.GetAsync<RedPoint[]>($"services/{shop.Id}/red")).Sum(point => point.Rate) * 10;

        Assert.Equal(source == "spans" ? 60 : 30, Math.Round(charted));
        // What ended minutes ago is in the chart; it is not "now".
        var age = source == "spans" ? spansAge : metricsAge;
        Assert.Equal(age == 0 ? source : null, shop.Red?.Source);
    }

    [Fact]
    public async Task A_service_that_once_sampled_counts_its_spans_again_later()
    {
        await using var hub = await HubFixture.StartAsync();
        var emitter = Reports.Source(1, hub.Now);
        emitter.SampledUnixNano = hub.Now;
        await hub.ReportAsync(Reports.Batch(1, full: true).With(Reports.Service(1, "shop"), emitter));
        hub.Time.Advance(TimeSpan.FromMinutes(6));
        await hub.ReportAsync(Reports.Batch(2).With(
            Reports.Service(1, "shop"), Reports.Red(1, 60, hub.Now), Reports.Red(1, 60, hub.Now, source: RedSource.Metrics)));

        Assert.Equal("spans", (await hub.GetAsync<ServiceRow>("services/shop")).Red!.Source);
    }

    [Fact]
    public async Task An_operation_is_its_last_hour()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.ReportAsync(Reports.Batch(1, full: true).With(Reports.Service(1, "shop"), Reports.Red(1, 10, hub.Now)));
        hub.Time.Advance(TimeSpan.FromMinutes(40));
        await hub.ReportAsync(Reports.Batch(2).With(Reports.Service(1, "shop"), Reports.Red(1, 11, hub.Now)));
        hub.Time.Advance(TimeSpan.FromMinutes(40));

        var shop = Assert.Single(await hub.GetAsync<ServiceRow[]>("services"));
        Assert.Equal(1UL, Assert.Single(await hub.GetAsync<OperationRow[]>($"services/{shop.Id}/operations")).Calls);
    }

    /// <summary>A wall clock that somebody sets, beside the monotonic one.</summary>
    private sealed class WallClock() : FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero))
    {
        public TimeSpan Off { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Off;

        // The base class derives it from the wall clock.
        public override long GetTimestamp() => base.GetUtcNow().Ticks;
    }
}
