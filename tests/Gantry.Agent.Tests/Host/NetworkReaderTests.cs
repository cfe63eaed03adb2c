using Gantry.Agent.Host;
using Gantry.Agent.Tests.Support;
using Gantry.Estate.Use;

namespace Gantry.Agent.Tests.Host;

public sealed class NetworkReaderTests
{
    private const string Devices = """
        Inter-|   Receive                                                |  Transmit
         face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
            lo:    3193      29    0    0    0     0          0         0     3193      29    0    0    0     0       0          0
          eth0: 600380541   12226    1    2    0     0          0         0   598246    8048    3    4    0     0       0          0
          ifb0:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0
          eno1:0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0
        veth12ab:    5       5    0    0    0     0          0         0        5       5    0    0    0     0       0          0

        """;

    [Fact]
    public void Cards_are_measured_in_both_directions_loopback_container_ends_and_idle_virtual_ones_are_not()
    {
        using var host = new FakeHost().With("proc/net/dev", Devices).With("sys/class/net/eno1/device/vendor", "0x8086\n");

        var batch = Batches.Read(new NetworkReader(host.Proc, host.Sys));

        Assert.Equal(600380541, batch.Value(SystemMetrics.NetworkIo, "eth0", "receive"));
        Assert.Equal(598246, batch.Value(SystemMetrics.NetworkIo, "eth0", "transmit"));
        Assert.Equal(12226, batch.Value(SystemMetrics.NetworkPackets, "eth0", "receive"));
        Assert.Equal(1, batch.Value(SystemMetrics.NetworkErrors, "eth0", "receive"));
        Assert.Equal(2, batch.Value(SystemMetrics.NetworkDropped, "eth0", "receive"));
        Assert.Equal(3, batch.Value(SystemMetrics.NetworkErrors, "eth0", "transmit"));
        Assert.Equal(4, batch.Value(SystemMetrics.NetworkDropped, "eth0", "transmit"));
        Assert.Equal(0, batch.Value(SystemMetrics.NetworkIo, "eno1", "receive"));
        Assert.Equal(["eth0", "eth0", "eno1", "eno1"], batch.All(SystemMetrics.NetworkIo).Select(point => point.A.Value));
    }

    [Fact]
    public void Connections_are_counted_without_listing_them()
    {
        using var host = new FakeHost()
            .With("proc/net/snmp", "Ip: Forwarding DefaultTTL\nIp: 1 64\nTcp: RtoAlgorithm RtoMin MaxConn CurrEstab InSegs\nTcp: 1 200 -1 42 7\n")
            .With("proc/net/sockstat", "sockets: used 10\nTCP: inuse 1 orphan 0 tw 17 alloc 1 mem 106\nUDP: inuse 0 mem 0\n");

        var batch = Batches.Read(new ConnectionReader(host.Proc));

        Assert.Equal(42, batch.Value(SystemMetrics.NetworkConnections, "tcp", "established"));
        Assert.Equal(17, batch.Value(SystemMetrics.NetworkConnections, "tcp", "time_wait"));
    }
}
