using System.Net;
using System.Net.Sockets;
using Gantry.Agent.Network;

namespace Gantry.Agent.Tests.Network;

/// <summary>What the view counts against what really was sent.</summary>
public sealed class GroundTruthTests
{
    [Theory]
    [InlineData(1500, 300, 2000, true)]
    [InlineData(1500, 300, 2000, false)]
    [InlineData(3, 40_000_000, 1000, true)]
    public async Task Bytes_and_connections_of_a_load_are_counted_at_both_ends(int connections, long request, int response, bool isServerFirst)
    {
        using var watched = new Watched();
        using var listener = Talk.Listen();
        var port = Talk.PortOf(listener);
        watched.Sample();

        var serving = Talk.ServeAsync(listener, connections, request, response, waitsForEnd: !isServerFirst);
        await Talk.AskAsync(listener.LocalEndpoint, connections, request, response, waitsForEnd: isServerFirst);
        await serving;
        await watched.UntilAsync(
            () => watched.Sum(NetworkMetrics.Closed, "client", port) + watched.Sum(NetworkMetrics.Closed, "server", port) >= 2 * connections, "every connection is closed at both ends");

        foreach (var (role, sent, received) in ((string, long, long)[])[("client", request, response), ("server", response, request)])
        {
            Assert.Equal(connections, watched.Sum(NetworkMetrics.Opened, role, port));
            Assert.Equal(connections, watched.Sum(NetworkMetrics.Closed, role, port));
            Assert.Equal(0, watched.Sum(NetworkMetrics.Failed, role, port));
            Assert.Equal(0, watched.Sum(NetworkMetrics.Active, role, port));
            Assert.Equal(sent * connections, watched.Sum(NetworkMetrics.Io, role, port, "transmit"));
            // A byte a connection may be the end of the stream: the kernel counts it, and does not always tell.
            Assert.InRange(watched.Sum(NetworkMetrics.Io, role, port, "receive"), (received - 1) * connections, received * connections);
        }
    }

    [Fact]
    public async Task An_open_connection_counts_while_it_is_open_and_only_what_came_after_the_start()
    {
        using var listener = Talk.Listen();
        var port = Talk.PortOf(listener);
        using var old = await Talk.ConnectAsync(listener.LocalEndpoint);
        using var oldPeer = await listener.AcceptSocketAsync();
        await Talk.SendAsync(old, 5000);
        await Talk.ReadAsync(oldPeer, 5000);
        using var watched = new Watched();

        await Talk.SendAsync(old, 700);
        await Talk.ReadAsync(oldPeer, 700);
        using var young = await Talk.ConnectAsync(listener.LocalEndpoint);
        using var youngPeer = await listener.AcceptSocketAsync();
        await Talk.SendAsync(youngPeer, 90);
        await Talk.ReadAsync(young, 90);
        watched.Sample();

        Assert.Equal((700, 90), (watched.Sum(NetworkMetrics.Io, "client", port, "transmit"), watched.Sum(NetworkMetrics.Io, "client", port, "receive")));
        Assert.Equal((90, 700), (watched.Sum(NetworkMetrics.Io, "server", port, "transmit"), watched.Sum(NetworkMetrics.Io, "server", port, "receive")));
        Assert.Equal((1, 2, 0), (watched.Sum(NetworkMetrics.Opened, "client", port), watched.Sum(NetworkMetrics.Active, "client", port), watched.Sum(NetworkMetrics.Closed, "client", port)));
        var rtt = Assert.Single(watched.Points(NetworkMetrics.Rtt, "client", port)).Value;
        Assert.InRange(rtt, 1e-6, 1);
        Assert.Equal(0, watched.Sum(NetworkMetrics.Retransmits, "client", port));

        watched.Sample();
        Assert.Equal(700, watched.Sum(NetworkMetrics.Io, "client", port, "transmit"));
    }

    [Fact]
    public async Task A_row_names_this_process_at_both_ends_and_the_server_has_no_row_for_each_port_of_its_clients()
    {
        using var watched = new Watched();
        using var listener = Talk.Listen();
        var port = Talk.PortOf(listener);
        var pairs = new List<Socket>();
        for (var i = 0; i < 20; i++)
        {
            pairs.Add(await Talk.ConnectAsync(listener.LocalEndpoint));
            pairs.Add(await listener.AcceptSocketAsync());
        }

        watched.Sample();

        foreach (var role in (string[])["client", "server"])
        {
            var tags = Watched.Tags(Assert.Single(watched.Points(NetworkMetrics.Active, role, port))).ToDictionary(tag => tag.Key, tag => tag.Value);
            Assert.Equal(20, watched.Sum(NetworkMetrics.Active, role, port));
            Assert.Equal(tags["gantry.source.process"], tags["gantry.destination.process"]);
            Assert.Contains("Gantry.Agent.Tests", tags["gantry.source.process"], StringComparison.Ordinal);
            Assert.Equal("127.0.0.1", tags[role == "client" ? "destination.address" : "source.address"]);
        }

        pairs.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task Refused_connects_are_failures_of_whom_they_were_for_and_no_connections()
    {
        using var watched = new Watched();
        var closed = Talk.Listen();
        var address = (IPEndPoint)closed.LocalEndpoint;
        closed.Stop();
        var before = watched.Sum(NetworkMetrics.HostFailures);

        for (var i = 0; i < 25; i++)
        {
            await Assert.ThrowsAsync<SocketException>(() => Talk.ConnectAsync(address));
        }

        await watched.UntilAsync(() => watched.Sum(NetworkMetrics.Failed, address.Port.ToString()) >= 25, "each refused connect is a failure");
        Assert.Equal(25, watched.Sum(NetworkMetrics.Failed, "client", address.Port.ToString()));
        Assert.Equal(0, watched.Sum(NetworkMetrics.Opened, address.Port.ToString()));
        Assert.True(watched.Sum(NetworkMetrics.HostFailures) - before >= 25, "the host's own counter agrees");
    }

    [Fact]
    public async Task Rows_beyond_the_bound_are_told_together_and_no_byte_is_lost()
    {
        const int Servers = 30;
        using var watched = new Watched(mostRows: 10);
        long sent = 0;
        for (var i = 0; i < Servers; i++)
        {
            using var listener = Talk.Listen();
            var bytes = 200_000 * (i + 1);
            sent += bytes;
            var serving = Talk.ServeAsync(listener, 1, bytes, 1, waitsForEnd: false);
            await Talk.AskAsync(listener.LocalEndpoint, 1, bytes, 1, waitsForEnd: true);
            await serving;
        }

        // Which rows are told by name may change from sample to sample: every byte is told once, in one of the series, and no series goes back.
        var series = new Dictionary<string, long>();
        long told = 0;
        await watched.UntilAsync(
            () =>
            {
                foreach (var point in watched.Points(NetworkMetrics.Io, "transmit"))
                {
                    var name = string.Join(",", Watched.Tags(point));
                    var news = (long)point.Value - series.GetValueOrDefault(name);
                    Assert.True(news >= 0, $"{name} went back by {-news}");
                    series[name] = (long)point.Value;
                    told += news;
                }

                return told >= sent + Servers;
            },
            "every byte is told, by name or with the others");
        Assert.Equal(10, watched.Points(NetworkMetrics.Opened).Count(point => Watched.Tags(point).All(tag => tag.Value != "other")));
        Assert.True(watched.Sum(NetworkMetrics.Io, "other") > 0);
        Assert.True(watched.Sum(NetworkMetrics.OtherPeers) >= (2 * Servers) - 10);
    }
}
