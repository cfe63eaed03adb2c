using System.Text;
using Gantry.Agent.Host;
using Gantry.Agent.Tests.Support;
using Gantry.Estate.Use;

namespace Gantry.Agent.Tests.Host;

public sealed class FilesystemReaderTests
{
    private const string Table = """
        22 27 0:21 / /proc rw,relatime - proc proc rw
        25 24 0:23 / /dev/shm rw,relatime - tmpfs tmpfs rw,size=24684084k
        26 27 8:1 /etc/hosts /etc/hosts rw,relatime shared:1 - ext4 /dev/sda1 rw
        27 1 8:1 / / rw,relatime shared:1 master:2 - ext4 /dev/sda1 rw,discard
        28 27 8:2 / /mnt/my\040disk ro,noatime - xfs /dev/sdb1 ro
        29 27 7:1 / /snap/core ro - squashfs /dev/loop1 ro
        30 27 0:50 / /net/share rw - nfs4 server:/share rw
        31 27 0:60 /@home /home rw - btrfs /dev/sdc rw
        32 27 0:61 /@ /data rw - btrfs /dev/sdc rw
        33 27 253:0 / /var rw - ext4 /dev/mapper/vg-var rw

        """;

    [Fact]
    public void One_mount_a_device_its_root_first_and_no_pseudo_network_or_image_file_systems()
    {
        var mounts = MountTable.Parse(Encoding.UTF8.GetBytes(Table));

        Assert.Equal(["/", "/mnt/my disk", "/home", "/var"], mounts.Select(mount => mount.Mountpoint));
        Assert.Equal([true, false, true, true], mounts.Select(mount => mount.IsWritable));
        Assert.Equal("/dev/mapper/vg-var", mounts[3].Device);
    }

    [Fact]
    public void Used_free_and_reserved_are_the_whole_and_zero_errors_are_a_point()
    {
        using var host = new FakeHost().With("proc/self/mountinfo", Table)
            .With("sys/fs/ext4/sda1/errors_count", "0\n").With("sys/fs/ext4/dm-0/errors_count", "3\n")
            .WithLink("sys/dev/block/8:1", "../../devices/pci/block/sda/sda1").WithLink("sys/dev/block/253:0", "../../devices/virtual/block/dm-0")
            .With("sys/fs/btrfs/1234-uuid/devices/sdc/size", "1\n")
            .With("sys/fs/btrfs/1234-uuid/devinfo/1/error_stats", "write_errs 1\nread_errs 2\nflush_errs 0\ncorruption_errs 4\ngeneration_errs 0\n");
        var reader = new FilesystemReader(host.Proc, new FilesystemErrors(host.Sys), path => path == "/" ? new Space(1000, 300, 200) : null);

        var batch = Batches.Read(reader);

        Assert.Equal(700, batch.Value(SystemMetrics.FilesystemUsage, "/", "used", "ext4", "rw", "/dev/sda1"));
        Assert.Equal(200, batch.Value(SystemMetrics.FilesystemUsage, "/", "free"));
        Assert.Equal(100, batch.Value(SystemMetrics.FilesystemUsage, "/", "reserved"));
        Assert.Equal(0.7, batch.Value(SystemMetrics.FilesystemUtilization, "/", "used"));
        Assert.Equal(1000, batch.Value(SystemMetrics.FilesystemLimit, "/"));
        Assert.Equal(0, batch.Value(SystemMetrics.FilesystemErrors, "/dev/sda1"));
        Assert.Equal(3, batch.Value(SystemMetrics.FilesystemErrors, "/dev/mapper/vg-var"));
        Assert.Equal(7, batch.Value(SystemMetrics.FilesystemErrors, "/dev/sdc"));
        Assert.Equal(3, batch.All(SystemMetrics.FilesystemErrors).Count);
    }

    [Fact]
    public void A_new_mount_shows_at_the_next_sample()
    {
        using var host = new FakeHost().With("proc/self/mountinfo", "27 1 8:1 / / rw - ext4 /dev/sda1 rw\n");
        var reader = new FilesystemReader(host.Proc, new FilesystemErrors(host.Sys), _ => new Space(10, 5, 5));
        Assert.Single(Batches.Read(reader).All(SystemMetrics.FilesystemLimit));

        host.With("proc/self/mountinfo", "27 1 8:1 / / rw - ext4 /dev/sda1 rw\n28 1 8:2 / /new rw - xfs /dev/sdb rw\n");

        Assert.Equal(2, Batches.Read(reader).All(SystemMetrics.FilesystemLimit).Count);
    }

    [Fact]
    public void The_kernel_is_asked_for_the_space_of_a_real_mount_and_a_missing_one_is_no_error()
    {
        var space = Assert.NotNull(FilesystemReader.SpaceOf("/"));

        Assert.InRange(space.Free, 1UL, space.Total);
        Assert.Null(FilesystemReader.SpaceOf("/no/such/mount"));
    }
}
