using System.Net;
using System.Net.Sockets;
using Gantry.Agent.Host;
using Gantry.Agent.Network;
using Gantry.Agent.Processes;
using Gantry.Agent.Tests.Support;
using Space = Gantry.Agent.Network.Space;

namespace Gantry.Agent.Tests.Network;

/// <summary>What a view keeps of all that ever talked.</summary>
public class BoundsTests
{
    [Fact]
    public void Addresses_of_a_namespace_are_bounded()
    {
        var space = new Space(1, null!, isFirst: false);

        for (var i = 0; i < 100_000; i++)
        {
            space.Saw(V4(127, i));
        }

        Assert.Empty(space.Addresses);
        Assert.True(space.IsOwn(V4(127, 77)));
        for (var i = 0; i < 100_000; i++)
        {
            space.Saw(V4(10, i));
        }

        Assert.Equal(Space.MostAddresses, space.Addresses.Count);
    }

    [Fact]
    public async Task After_any_number_of_containers_a_new_service_has_a_name()
    {
        using var proc = new ProcFiles("/proc");
        using var view = new NetworkView(proc, TimeProvider.System);
        var batch = new MetricBatch();
        view.Sample([], batch);
        Assert.SkipWhen(view.Limit.Contains("no socket diagnostics", StringComparison.Ordinal), view.Limit);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var (port, inode) = (((IPEndPoint)listener.LocalEndpoint).Port.ToString(), InodeOf(listener.Server));

        const int AtOnce = 200;
        for (var i = 0; i < Parties.Most + AtOnce; i += AtOnce)
        {
            var containers = Enumerable.Range(i, AtOnce).Select(n => Process(10_000_000 + n, $"job{n}", $"{n:x64}", inode)).ToList();
            Sample(containers);
        }

        var late = Process(30_000_000, "late", "", inode);
        Sample([late]);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, ((IPEndPoint)listener.LocalEndpoint).Port, TestContext.Current.CancellationToken);
        using var served = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);

        await Eventually.True(
            () =>
            {
                Sample([late]);
                return Labels().Any(tags => tags.Contains(new Tag("destination.port", port)) && tags.Contains(new Tag("gantry.destination.service", "late")));
            },
            "the late one is named");
        Assert.DoesNotContain(Labels(), tags => tags.Any(tag => tag.Value.StartsWith("job", StringComparison.Ordinal)) && tags.Contains(new Tag("gantry.destination.service", "late")));

        void Sample(List<TrackedProcess> processes)
        {
            batch.Restart(1);
            view.Sample(processes, batch);
        }

        List<Tag[]> Labels() => [.. batch.Points.ToArray().Select(point => point.Labels?.Tags ?? [])];
    }

    [Fact]
    public void A_row_of_a_party_that_is_gone_gives_its_place_up_and_no_other_does()
    {
        var table = new TrafficTable(10);
        RowKey key = new(1, 5, Role.Server, V4(10, 1), 80, 0);
        var (living, gone, open, untold) = (table.Get(key), table.Get(key with { Peer = 6 }), table.Get(key with { Local = 7 }), table.Get(key with { Local = 8 }));
        (living.Counters.Sent, gone.Counters.Sent, open.Counters.Active) = (1, 1, 1);
        table.Settle();
        untold.Counters.Sent = 1;

        table.KeepParties([5]);

        Assert.Equal([living, open, untold], table.Rows);
        HashSet<int> used = [];
        table.AddParties(used);
        Assert.Equal([0, 5, 7, 8], used.Order());
    }

    private static Address V4(byte first, int rest) => Address.Read([first, (byte)(rest >> 16), (byte)(rest >> 8), (byte)rest], isV4: true);

    private static TrackedProcess Process(int pid, string name, string container, ulong socket) =>
        new(pid, default, name, new ProcessDetails { DisplayName = name, Cgroup = new CgroupPath("", container) }) { Sockets = [socket] };

    private static ulong InodeOf(Socket socket)
    {
        var link = new FileInfo($"/proc/self/fd/{socket.Handle}").LinkTarget!;
        return ulong.Parse(link["socket:[".Length..^1]);
    }
}
