using Gantry.Agent.Host;
using Gantry.Agent.Tests.Support;

namespace Gantry.Agent.Tests.Host;

public sealed class HostIdentityTests
{
    [Fact]
    public void The_machine_id_wins_then_the_board_then_the_name()
    {
        using var host = new FakeHost().With("proc/sys/kernel/hostname", "web-1.example\n");
        Assert.Equal("web-1.example", HostIdentity.Read(host.Proc, host.Sys, host.Etc).Id);

        host.With("sys/class/dmi/id/product_uuid", "4C4C4544-0038\n");
        Assert.Equal("4C4C4544-0038", HostIdentity.Read(host.Proc, host.Sys, host.Etc).Id);

        host.With("etc/machine-id", "uninitialized\n");
        Assert.Equal("4C4C4544-0038", HostIdentity.Read(host.Proc, host.Sys, host.Etc).Id);

        host.With("etc/machine-id", "0123456789abcdef0123456789abcdef\n");
        Assert.Equal("0123456789abcdef0123456789abcdef", HostIdentity.Read(host.Proc, host.Sys, host.Etc).Id);
    }

    [Fact]
    public void The_system_names_itself_in_os_release()
    {
        using var host = new FakeHost().With("etc/os-release", "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nVERSION_ID=\"12\"\n");

        var identity = HostIdentity.Read(host.Proc, host.Sys, host.Etc);

        Assert.Equal("Debian GNU/Linux 12 (bookworm)", identity.OsDescription);
        Assert.Equal("12", identity.OsVersion);
    }
}
