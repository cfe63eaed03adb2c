using System.Text;
using Gantry.Agent.Host;
using Gantry.Agent.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gantry.Agent.Tests.Host;

/// <summary>Whatever the files hold, a sample is taken: no reader throws, none reads past what is there.</summary>
public sealed class BrokenFilesTests
{
    private static readonly string[] Files =
    [
        "stat", "meminfo", "vmstat", "diskstats", "net/dev", "net/snmp", "net/sockstat", "pressure/cpu", "pressure/io", "self/mountinfo", "uptime",
    ];

    [Fact]
    public void Truncated_at_every_byte()
    {
        foreach (var file in Files)
        {
            using var host = new FakeHost();
            var whole = File.ReadAllBytes("/proc/" + file);
            var sampler = Readers(host);
            for (var length = 0; length <= Math.Min(whole.Length, 1500); length++)
            {
                host.With("proc/" + file, whole[..length]);

                Batches.Read(sampler);
            }
        }
    }

    [Fact]
    public void Filled_with_garbage()
    {
        var random = new Random(4711);
        foreach (var file in Files)
        {
            using var host = new FakeHost();
            var readers = Readers(host);
            for (var round = 0; round < 50; round++)
            {
                var garbage = new byte[random.Next(3000)];
                random.NextBytes(garbage);
                host.With("proc/" + file, garbage);

                Batches.Read(readers);
            }
        }
    }

    [Fact]
    public void Nothing_at_all_gives_no_points()
    {
        using var host = new FakeHost();
        var log = new RecordedLog();
        var batch = new MetricBatch();

        new HostSampler(host.Proc, host.Sys, TimeProvider.System, log).Sample(batch);

        Assert.Empty(batch.Metrics);
        Assert.Empty(log.Entries);
    }

    [Fact]
    public void A_file_larger_than_the_buffer_is_read_whole()
    {
        var text = new StringBuilder("cpu  100 0 0 0 0 0 0 0 0 0\n");
        for (var cpu = 0; cpu < 1024; cpu++)
        {
            text.Append("cpu").Append(cpu).Append(" 100000000 2000000 3000000 40000000 500000 600000 700000 800000 900000 100000\n");
        }

        using var host = new FakeHost().With("proc/stat", text.Append("processes 5\n").ToString());

        var batch = Batches.Read(new CpuReader(host.Proc));

        Assert.Equal(1024, batch.Value("system.cpu.logical.count"));
        Assert.Equal(5, batch.Value("system.process.created"));
    }

    private static IHostReader[] Readers(FakeHost host) =>
    [
        new CpuReader(host.Proc), new MemoryReader(host.Proc), new PagingReader(host.Proc), new DiskReader(host.Proc, host.Sys),
        new NetworkReader(host.Proc, host.Sys), new ConnectionReader(host.Proc), new PressureReader(host.Proc), new UptimeReader(host.Proc),
        new FilesystemReader(host.Proc, new FilesystemErrors(host.Sys), _ => new Space(3, 2, 1)),
    ];
}
