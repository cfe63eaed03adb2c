using Gantry.Agent.Host;
using Gantry.Agent.Tests.Support;
using Gantry.Estate.Use;

namespace Gantry.Agent.Tests.Host;

public sealed class MemoryReaderTests
{
    [Fact]
    public void The_four_states_add_up_to_the_limit_as_the_collectors_do()
    {
        using var host = new FakeHost().With("proc/meminfo", """
            MemTotal:        1000 kB
            MemFree:          400 kB
            MemAvailable:     700 kB
            Buffers:           50 kB
            Cached:           150 kB
            SwapCached:         9 kB
            SwapTotal:        200 kB
            SwapFree:         120 kB
            SReclaimable:      30 kB

            """);

        var batch = Batches.Read(new MemoryReader(host.Proc));

        Assert.Equal(370 * 1024, batch.Value(SystemMetrics.MemoryUsage, "used"));
        Assert.Equal(400 * 1024, batch.Value(SystemMetrics.MemoryUsage, "free"));
        Assert.Equal(180 * 1024, batch.Value(SystemMetrics.MemoryUsage, "cached"));
        Assert.Equal(50 * 1024, batch.Value(SystemMetrics.MemoryUsage, "buffers"));
        Assert.Equal(0.37, batch.Value(SystemMetrics.MemoryUtilization, "used"), 9);
        Assert.Equal(1000 * 1024, batch.Value(SystemMetrics.MemoryLimit));
        Assert.Equal(700 * 1024, batch.Value(SystemMetrics.MemoryAvailable));
        Assert.Equal(80 * 1024, batch.Value(SystemMetrics.PagingUsage, "used"));
        Assert.Equal(120 * 1024, batch.Value(SystemMetrics.PagingUsage, "free"));
    }

    [Fact]
    public void A_kernel_without_an_estimate_gives_no_available_point()
    {
        using var host = new FakeHost().With("proc/meminfo", "MemTotal: 10 kB\nMemFree: 5 kB\n");

        Assert.Empty(Batches.Read(new MemoryReader(host.Proc)).All(SystemMetrics.MemoryAvailable));
    }

    [Fact]
    public void Faults_swapping_and_kills_come_from_vmstat()
    {
        using var host = new FakeHost().With("proc/vmstat", "nr_free_pages 1\npgpgin 5\npswpin 7\npswpout 8\npgfault 100\npgmajfault 30\noom_kill 2\n");

        var batch = Batches.Read(new PagingReader(host.Proc));

        Assert.Equal(30, batch.Value(SystemMetrics.PagingFaults, "major"));
        Assert.Equal(70, batch.Value(SystemMetrics.PagingFaults, "minor"));
        Assert.Equal(7, batch.Value(SystemMetrics.PagingOperations, "in"));
        Assert.Equal(8, batch.Value(SystemMetrics.PagingOperations, "out"));
        Assert.Equal(2, batch.Value(SystemMetrics.MemoryOomKills));
    }

    [Fact]
    public void Module_errors_are_summed_over_controllers()
    {
        using var host = new FakeHost()
            .With("sys/devices/system/edac/mc/mc0/ce_count", "5\n").With("sys/devices/system/edac/mc/mc0/ue_count", "0\n")
            .With("sys/devices/system/edac/mc/mc1/ce_count", "2\n").With("sys/devices/system/edac/mc/mc1/ue_count", "1\n");

        var batch = Batches.Read(new MemoryErrorReader(host.Sys));

        Assert.Equal(7, batch.Value(SystemMetrics.MemoryErrors, "corrected"));
        Assert.Equal(1, batch.Value(SystemMetrics.MemoryErrors, "uncorrected"));
    }

    [Fact]
    public void Pressure_has_some_for_the_cpu_and_both_for_the_others()
    {
        using var host = new FakeHost()
            .With("proc/pressure/cpu", "some avg10=0.07 avg60=0.42 avg300=0.54 total=12198699\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n")
            .With("proc/pressure/memory", "some avg10=0.00 avg60=0.00 avg300=0.00 total=2000000\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=1000000\n");

        var batch = Batches.Read(new PressureReader(host.Proc));

        Assert.Equal(12.198699, batch.Value(SystemMetrics.CpuPressure, "some"), 9);
        Assert.Single(batch.All(SystemMetrics.CpuPressure));
        Assert.Equal(2, batch.Value(SystemMetrics.MemoryPressure, "some"));
        Assert.Equal(1, batch.Value(SystemMetrics.MemoryPressure, "full"));
        Assert.Empty(batch.All(SystemMetrics.DiskPressure));
    }
}
