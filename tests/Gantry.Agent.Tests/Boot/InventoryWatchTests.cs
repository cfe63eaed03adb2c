using Gantry.Agent.Boot;
using Gantry.Agent.Host;
using Gantry.Agent.Processes;
using Gantry.Agent.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Agent.Tests.Boot;

public sealed class InventoryWatchTests
{
    private const string CoreClr = "1-2 r-xp 0 08:01 1 /usr/share/dotnet/shared/Microsoft.NETCore.App/10.0.12/libcoreclr.so\n";

    [Fact]
    public void An_inventory_is_due_at_first_on_change_and_each_minute()
    {
        var time = new FakeTimeProvider();
        using var host = new FakeHost().With("proc/uptime", "1000.00 1.00\n").WithProcess(10, maps: CoreClr);
        var builder = new InventoryBuilder(new HostIdentity("id", "name", "amd64", "", ""), 0, time);
        var watch = new InventoryWatch(new ProcessScanner(host.Proc, host.Etc), builder, TimeSpan.FromSeconds(10), time);
        Assert.True(watch.TryTake(out _));

        time.Advance(TimeSpan.FromSeconds(10));
        Assert.False(watch.TryTake(out _));

        host.WithProcess(11, maps: CoreClr);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(watch.TryTake(out var changed));
        Assert.Equal(2, changed.Processes.Count);

        // A process that the hub is not told of is no change.
        host.WithProcess(12);
        time.Advance(TimeSpan.FromSeconds(50));
        Assert.False(watch.TryTake(out _));
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(watch.TryTake(out _));
    }
}
