using Gantry.Agent.Host;
using Gantry.Agent.Tests.Support;
using Gantry.Estate.Use;

namespace Gantry.Agent.Tests.Host;

public sealed class CpuReaderTests
{
    private const string First = """
        cpu  1000 20 300 5000 60 7 8 9 400 0
        cpu0 500 10 150 2500 30 3 4 4 200 0
        cpu1 500 10 150 2500 30 4 4 5 200 0
        intr 12345 0 0 0
        ctxt 99
        btime 1795350289
        processes 4711
        procs_running 3
        procs_blocked 2
        softirq 1 2 3

        """;

    [Fact]
    public void Times_are_seconds_of_all_cpus_and_both_kinds_of_interrupt_are_one_mode()
    {
        using var host = new FakeHost().With("proc/stat", First);

        var batch = Batches.Read(new CpuReader(host.Proc));

        Assert.Equal(10, batch.Value(SystemMetrics.CpuTime, "user"));
        Assert.Equal(0.2, batch.Value(SystemMetrics.CpuTime, "nice"));
        Assert.Equal(0.15, batch.Value(SystemMetrics.CpuTime, "interrupt"));
        Assert.Equal(0.09, batch.Value(SystemMetrics.CpuTime, "steal"));
        Assert.Equal(7, batch.All(SystemMetrics.CpuTime).Count);
        Assert.Equal(2, batch.Value(SystemMetrics.CpuLogicalCount));
        Assert.Equal(3, batch.Value(SystemMetrics.ProcessCount, "running"));
        Assert.Equal(2, batch.Value(SystemMetrics.ProcessCount, "blocked"));
        Assert.Equal(4711, batch.Value(SystemMetrics.ProcessCreated));
    }

    [Fact]
    public void Utilization_needs_two_samples_and_is_the_share_between_them()
    {
        using var host = new FakeHost().With("proc/stat", First);
        var reader = new CpuReader(host.Proc);
        Assert.Empty(Batches.Read(reader).All(SystemMetrics.CpuUtilization));

        // 100 ticks more: 30 user, 10 system, 60 idle.
        host.With("proc/stat", "cpu  1030 20 310 5060 60 7 8 9 400 0\n");
        var batch = Batches.Read(reader);

        Assert.Equal(0.3, batch.Value(SystemMetrics.CpuUtilization, "user"), 9);
        Assert.Equal(0.1, batch.Value(SystemMetrics.CpuUtilization, "system"), 9);
        Assert.Equal(0.6, batch.Value(SystemMetrics.CpuUtilization, "idle"), 9);
        Assert.Equal(1, batch.All(SystemMetrics.CpuUtilization).Sum(point => point.Value), 9);
    }

    [Fact]
    public void A_counter_that_the_kernel_steps_back_does_not_shrink()
    {
        using var host = new FakeHost().With("proc/stat", "cpu  10 0 10 500 60 0 0 0 0 0\n");
        var reader = new CpuReader(host.Proc);
        Batches.Read(reader);

        host.With("proc/stat", "cpu  20 0 10 510 58 0 0 0 0 0\n");
        var batch = Batches.Read(reader);

        Assert.Equal(0.6, batch.Value(SystemMetrics.CpuTime, "iowait"));
        Assert.All(batch.All(SystemMetrics.CpuUtilization), point => Assert.InRange(point.Value, 0, 1));
    }

    [Fact]
    public void Throttling_is_summed_over_cores_and_missing_where_there_is_no_such_file()
    {
        using var host = new FakeHost();
        Assert.Empty(Batches.Read(new ThrottleReader(host.Sys)).Metrics);

        host.With("sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count", "3\n")
            .With("sys/devices/system/cpu/cpu1/thermal_throttle/core_throttle_count", "4\n")
            .With("sys/devices/system/cpu/online", "0-1\n");

        Assert.Equal(7, Batches.Read(new ThrottleReader(host.Sys)).Value(SystemMetrics.CpuThrottles));
    }
}
