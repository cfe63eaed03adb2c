using Gantry.Hub.Coverage;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Tests.Observations;

/// <summary>A requirement of rung 1 is met by a number, not by a name.</summary>
public class HostEvidenceTests
{
    [Theory]
    [InlineData("system.cpu.utilization", "cpu.mode", "user", false, "cpu.utilization", false)]
    [InlineData("system.cpu.utilization", "cpu.mode", "idle", false, "cpu.utilization", true)]
    [InlineData("system.cpu.utilization", "state", "idle", false, "cpu.utilization", true)]
    [InlineData("system.cpu.time", "state", "user", true, "cpu.utilization", false)]
    [InlineData("system.cpu.time", "state", "idle", true, "cpu.utilization", true)]
    [InlineData("system.process.count", "process.state", "sleeping", false, "cpu.saturation", false)]
    [InlineData("system.process.count", "process.state", "running", false, "cpu.saturation", true)]
    [InlineData("system.cpu.linux.pressure.stall_time", "pressure.stall", "full", true, "cpu.saturation", false)]
    [InlineData("system.memory.usage", "system.memory.state", "used", false, "memory.utilization", false)]
    [InlineData("system.memory.utilization", "state", "used", false, "memory.utilization", true)]
    [InlineData("system.paging.faults", "system.paging.fault.type", "minor", true, "memory.saturation", false)]
    [InlineData("system.paging.faults", "type", "major", true, "memory.saturation", true)]
    [InlineData("system.filesystem.utilization", "state", "free", false, "disk.activity", false)]
    [InlineData("system.filesystem.utilization", "state", "used", false, "disk.activity", true)]
    [InlineData("system.network.io", "direction", "receive", true, "network.activity", true)]
    [InlineData("system.network.io", "direction", "receive", false, "network.activity", false)]
    [InlineData("system.network.errors", "direction", "receive", false, "network.errors", false)]
    public async Task Evidence_needs_a_value_that_can_be_used(string metric, string key, string value, bool counter, string requirement, bool met)
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.ReportAsync(Reports.Batch(1, full: true).With(Reports.Point(metric, 0.5, hub.Now, counter, (key, value))));

        var host = Assert.Single(await hub.GetAsync<HostRow[]>("hosts"));

        Assert.Equal(met ? "fresh" : "missing", host.Evidence.Single(item => item.Id == requirement).State);
    }

    [Fact]
    public async Task Gauges_of_each_cpu_are_averaged()
    {
        var host = await ReportAsync(
            ("system.cpu.utilization", 0.9, "cpu.logical_number=0;cpu.mode=idle"), ("system.cpu.utilization", 0.5, "cpu.logical_number=1;cpu.mode=idle"),
            ("system.cpu.utilization", 0.1, "cpu.logical_number=0;cpu.mode=iowait"), ("system.cpu.utilization", 0.1, "cpu.logical_number=1;cpu.mode=iowait"),
            ("system.process.count", 6, "process.state=running"));

        Assert.Equal(0.2, host.Use!.CpuUtilization!.Value, 6);
        Assert.Equal(2, host.Use.CpuSaturation!.Value, 6);
    }

    [Theory]
    [InlineData("system.memory.usage", "state=used", "system.memory.limit", "", 0.25)]
    [InlineData("system.memory.usage", "system.memory.state=used", "system.memory.usage", "system.memory.state=free", 0.2)]
    [InlineData("system.memory.usage", "state=cached", "system.memory.limit", "", null)]
    public async Task Memory_is_used_by_limit_where_no_share_is_sent(string first, string attributes, string second, string otherAttributes, double? share)
    {
        var host = await ReportAsync((first, 1e9, attributes), (second, 4e9, otherAttributes));

        Assert.Equal(share, host.Use!.MemoryUtilization);
    }

    private static async Task<HostRow> ReportAsync(params (string Metric, double Value, string Attributes)[] gauges)
    {
        await using var hub = await HubFixture.StartAsync();
        var batch = Reports.Batch(1, full: true);
        foreach (var (metric, value, attributes) in gauges)
        {
            var point = Reports.Point(metric, value, hub.Now);
            point.Attributes.AddRange(attributes.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(pair => new StringPair { Key = pair.Split('=')[0], Value = pair.Split('=')[1] }));
            batch.HostPoints.Add(point);
        }

        await hub.ReportAsync(batch);
        return Assert.Single(await hub.GetAsync<HostRow[]>("hosts"));
    }
}
