using Gantry.Agent.Host;
using Gantry.Agent.Tests.Support;
using Gantry.Estate.Use;

namespace Gantry.Agent.Tests.Host;

public sealed class DiskReaderTests
{
    private const string Stats = """
           7       0 loop0 1 1 1 1 1 1 1 1 0 1 1 0 0 0 0 0 0
         252       0 zram0 1 1 1 1 1 1 1 1 0 1 1 0 0 0 0 0 0
           8       0 sda 100 9 2000 300 50 9 4000 500 1 600 800 0 0 0 0 0 0
           8       1 sda1 90 9 1900 290 40 9 3900 490 0 590 780 0 0 0 0 0 0
         253       0 dm-0 10 0 20 30 40 0 50 60 0 70 80

        """;

    [Fact]
    public void Disks_and_mapped_devices_are_measured_partitions_and_memory_are_not()
    {
        using var host = new FakeHost().With("proc/diskstats", Stats)
            .With("sys/class/block/sda1/partition", "1\n").With("sys/class/block/sda/device/ioerr_cnt", "0x1f\n");

        var batch = Batches.Read(new DiskReader(host.Proc, host.Sys));

        Assert.Equal(100, batch.Value(SystemMetrics.DiskOperations, "sda", "read"));
        Assert.Equal(50, batch.Value(SystemMetrics.DiskOperations, "sda", "write"));
        Assert.Equal(2000 * 512, batch.Value(SystemMetrics.DiskIo, "sda", "read"));
        Assert.Equal(4000 * 512, batch.Value(SystemMetrics.DiskIo, "sda", "write"));
        Assert.Equal(0.3, batch.Value(SystemMetrics.DiskOperationTime, "sda", "read"));
        Assert.Equal(0.5, batch.Value(SystemMetrics.DiskOperationTime, "sda", "write"));
        Assert.Equal(0.6, batch.Value(SystemMetrics.DiskIoTime, "sda"));
        Assert.Equal(31, batch.Value(SystemMetrics.DiskErrors, "sda"));
        Assert.Equal(0.07, batch.Value(SystemMetrics.DiskIoTime, "dm-0"));
        Assert.Equal(2, batch.All(SystemMetrics.DiskIoTime).Count);
        Assert.Single(batch.All(SystemMetrics.DiskErrors));
    }

    [Fact]
    public void A_second_sample_uses_the_same_strings()
    {
        using var host = new FakeHost().With("proc/diskstats", Stats);
        var reader = new DiskReader(host.Proc, host.Sys);

        var first = Batches.Read(reader).All(SystemMetrics.DiskIoTime, "sda")[0].A.Value;
        var second = Batches.Read(reader).All(SystemMetrics.DiskIoTime, "sda")[0].A.Value;

        Assert.Same(first, second);
    }
}
