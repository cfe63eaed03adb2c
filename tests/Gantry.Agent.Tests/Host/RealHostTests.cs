using Gantry.Agent.Host;
using Gantry.Agent.Tests.Support;
using Gantry.Estate.Use;
using Gantry.Protocol.Wire;

namespace Gantry.Agent.Tests.Host;

/// <summary>Against the machine that runs the test, compared with readings made another way.</summary>
public sealed class RealHostTests
{
    private readonly ProcFiles _proc = new("/proc");
    private readonly ProcFiles _sys = new("/sys");

    [Fact]
    public void Shares_of_the_cpu_add_up_to_one()
    {
        var reader = new CpuReader(_proc);
        Batches.Read(reader);
        var spun = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(spun) < TimeSpan.FromMilliseconds(200))
        {
        }

        var batch = Batches.Read(reader);

        Assert.Equal(1, batch.All(SystemMetrics.CpuUtilization).Sum(point => point.Value), 6);
        Assert.True(batch.Value(SystemMetrics.CpuUtilization, "user") > 0.05, "a loop of 200 ms shows as user time");
        Assert.Equal(Environment.ProcessorCount, batch.Value(SystemMetrics.CpuLogicalCount));
    }

    [Fact]
    public void Memory_is_what_an_independent_reading_says()
    {
        var total = File.ReadLines("/proc/meminfo").First(line => line.StartsWith("MemTotal:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];

        var batch = Batches.Read(new MemoryReader(_proc));

        Assert.Equal(long.Parse(total) * 1024, batch.Value(SystemMetrics.MemoryLimit));
        Assert.Equal(batch.Value(SystemMetrics.MemoryLimit), batch.All(SystemMetrics.MemoryUsage).Sum(point => point.Value), 0);
        Assert.InRange(batch.Value(SystemMetrics.MemoryAvailable), 1, batch.Value(SystemMetrics.MemoryLimit));
    }

    [Fact]
    public void The_root_file_system_is_what_the_runtime_says()
    {
        var drive = new DriveInfo("/");

        var batch = Batches.Read(new FilesystemReader(_proc, new FilesystemErrors(_sys), FilesystemReader.SpaceOf));

        // A host whose root is an overlay has none on a device.
        foreach (var limit in batch.All(SystemMetrics.FilesystemLimit, "/"))
        {
            Assert.Equal(drive.TotalSize, limit.Value);
        }
    }

    [Fact]
    public void Uptime_and_boot_time_agree_with_the_clock()
    {
        var batch = Batches.Read(new UptimeReader(_proc));
        var now = DateTimeOffset.UtcNow.ToUnixNano() / 1e9;

        Assert.Equal(now, (BootTime.ReadUnixNano(_proc) / 1e9) + batch.Value(SystemMetrics.Uptime), 5.0);
    }

    [Fact]
    public void A_written_file_shows_in_the_counters_of_the_disk_or_of_nobody()
    {
        var reader = new DiskReader(_proc, _sys);

        var before = Batches.Read(reader).All(SystemMetrics.DiskIo, "write").Sum(point => point.Value);
        var after = Batches.Read(reader).All(SystemMetrics.DiskIo, "write").Sum(point => point.Value);

        Assert.True(after >= before);
        Assert.All(Batches.Read(reader).All(SystemMetrics.DiskIoTime), point => Assert.True(File.Exists($"/sys/block/{point.A.Value}/size"), point.A.Value));
    }

    [Fact]
    public void A_steady_sample_allocates_next_to_nothing()
    {
        var sampler = new HostSampler(_proc, _sys, TimeProvider.System, new RecordedLog());
        var batch = new MetricBatch();
        sampler.Sample(batch);
        sampler.Sample(batch);

        var before = GC.GetAllocatedBytesForCurrentThread();
        sampler.Sample(batch);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // What remains is DriveInfo, for each mount.
        Assert.InRange(allocated, 0, 8192);
    }

    [Fact]
    public void The_host_knows_its_name()
    {
        var identity = HostIdentity.Read(_proc, _sys, new ProcFiles("/etc"));

        Assert.Equal(File.ReadAllText("/proc/sys/kernel/hostname").Trim(), identity.Name);
        Assert.NotEmpty(identity.Id);
        Assert.DoesNotContain(identity.ToResource("1"), pair => pair.Key == "service.name");
    }
}
