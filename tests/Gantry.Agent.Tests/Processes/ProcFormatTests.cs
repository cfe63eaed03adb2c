using System.Text;
using Gantry.Agent.Processes;
using Gantry.Agent.Tests.Support;

namespace Gantry.Agent.Tests.Processes;

public sealed class ProcFormatTests
{
    private const string Id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Fact]
    public void Stat_survives_any_command_name()
    {
        var text = "42 (a) b (c) R 7 1 1 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 123456 1 1 1 2 3 140726 0 0"u8;

        Assert.True(StatLine.TryParse(text, out var stat));
        Assert.Equal(('R', 7u, 123456UL, 140726UL), (stat.State, stat.ParentPid, stat.StartTicks, stat.StartStack));
        Assert.False(stat.IsKernelThread);
        Assert.Equal("a) b (c", Encoding.UTF8.GetString(StatLine.Command(text)));
    }

    [Fact]
    public void Stat_tells_kernel_threads_and_the_dead()
    {
        Assert.True(StatLine.TryParse("2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 5 0 0 0 0 0 0 0"u8, out var thread));
        Assert.True(thread.IsKernelThread);
        Assert.True(StatLine.TryParse("3 (x) Z 1 3 3 0 -1 4228108 0 0 0 0 0 0 0 0 20 0 1 0 5 0 0 0 0 0 0 0"u8, out var zombie));
        Assert.True(zombie.IsDead);
    }

    [Fact]
    public void Stat_cut_at_any_byte_never_throws_and_is_refused_before_the_start_time()
    {
        var text = Encoding.ASCII.GetBytes("42 (app) R 7 1 1 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 123456 1 1");
        var start = Encoding.ASCII.GetString(text).IndexOf("123456", StringComparison.Ordinal);
        for (var length = 0; length < text.Length; length++)
        {
            Assert.Equal(length > start, StatLine.TryParse(text.AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void Status_gives_owner_and_the_inner_pid()
    {
        var status = StatusFile.Parse("Name:\tx\nUid:\t1000\t1001\t1000\t1000\nNSpid:\t4242\t17\t1\n"u8);

        Assert.Equal(new StatusFile(1000, 1), status);
        Assert.Equal(0u, StatusFile.Parse("NSpid:\t4242\n"u8).ContainerPid);
    }

    [Theory]
    [InlineData("0::/system.slice/nginx.service\n", "nginx.service", "")]
    [InlineData("0::/system.slice/docker-" + Id + ".scope\n", "", Id)]
    [InlineData("0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1_2.slice/cri-containerd-" + Id + ".scope\n", "", Id)]
    [InlineData("0::/kubepods.slice/kubepods-pod1.slice/crio-" + Id + ".scope\n", "", Id)]
    [InlineData("0::/machine.slice/libpod-" + Id + ".scope/container\n", "", Id)]
    [InlineData("12:cpu,cpuacct:/docker/" + Id + "\n11:memory:/docker/" + Id + "\n1:name=systemd:/docker/" + Id + "\n", "", Id)]
    [InlineData("11:memory:/kubepods/burstable/podab-cd/" + Id + "\n", "", Id)]
    [InlineData("0::/system.slice/containerd.service/kubepods-pod1.slice:cri-containerd:" + Id + "\n", "containerd.service", Id)]
    [InlineData("9:name=systemd:/system.slice/sshd.service\n8:pids:/other.service\n0::/\n", "sshd.service", "")]
    [InlineData("0::/user.slice/user-1000.slice/user@1000.service/app.slice/dbus.service\n", "user@1000.service", "")]
    [InlineData("0::/lxc.payload.web/system.slice/nginx.service\n", "", "")]
    [InlineData("0::/machine.slice/machine-web.scope/payload/system.slice/nginx.service\n", "", "")]
    [InlineData("0::/user.slice/user-1000.slice/session-2.scope\n", "", "")]
    [InlineData("0::/system.slice/docker-short.scope\n", "", "")]
    [InlineData("0::/\n", "", "")]
    [InlineData("no colons at all", "", "")]
    [InlineData("", "", "")]
    public void Cgroup_paths_of_all_shapes(string text, string unit, string container) =>
        Assert.Equal(new CgroupPath(unit, container), CgroupPath.Parse(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("OTEL_SERVICE_NAME=checkout\0", "checkout", "")]
    [InlineData("SECRET=1\0OTEL_RESOURCE_ATTRIBUTES=a=b,service.name=shop%20web,service.namespace=eu\0", "shop web", "eu")]
    [InlineData("OTEL_RESOURCE_ATTRIBUTES=service.name=a,service.namespace=n\0OTEL_SERVICE_NAME=b\0", "b", "n")]
    [InlineData("MY_OTEL_SERVICE_NAME=no\0OTEL_SERVICE_NAMES=no\0", "", "")]
    [InlineData("OTEL_SERVICE_NAME=", "", "")]
    [InlineData("OTEL_RESOURCE_ATTRIBUTES=,,=,service.name\0", "", "")]
    [InlineData("", "", "")]
    public void Declared_names(string environment, string service, string space) =>
        Assert.Equal(new StartEnvironment(service, space), StartEnvironment.Parse(Encoding.UTF8.GetBytes(environment)));

    [Theory]
    [InlineData("OTEL_SERVICE_NAME=shop-checkout\0GANTRY_DECLARED_SERVICE=checkout\0GANTRY_INSTRUMENTED=1\0", "checkout", "shop-checkout")]
    [InlineData("GANTRY_DECLARED_SERVICE=\0GANTRY_INSTRUMENTED=1\0OTEL_SERVICE_NAME=shop.js\0", "", "shop.js")]
    [InlineData("GANTRY_INSTRUMENTED=1\0OTEL_SERVICE_NAME=own\0", "own", "")]
    public void A_name_that_gantry_gave_is_not_declared(string environment, string service, string given)
    {
        var found = StartEnvironment.Parse(Encoding.UTF8.GetBytes(environment));

        Assert.Equal((service, given), (found.Service, found.Given));
    }

    [Fact]
    public void Users_come_from_passwd_and_others_keep_their_number()
    {
        using var host = new FakeHost().With("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nbroken line\nweb:x:33:33::/var/www:/sbin/nologin\n");
        var users = new UserNames(host.Etc);
        users.Refresh();

        Assert.Equal(("root", "web", "4711", ""), (users.Get(0), users.Get(33), users.Get(4711), users.Get(uint.MaxValue)));
    }
}
