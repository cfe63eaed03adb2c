using Gantry.Agent.Network;
using Gantry.Agent.Tests.Processes;
using Gantry.Agent.Tests.Support;

namespace Gantry.Agent.Tests.Network;

/// <summary>Two real services that talk: both ends are named, on one host and between network namespaces.</summary>
public sealed class PeerTests : IDisposable
{
    private const int Short = 400;
    private const int Request = 250;
    private const int Response = 1200;

    private const string Catalog = """
        const net = require('net');
        net.createServer(c => { let n = 0; c.on('data', d => { n += d.length; if (n >= 250) { n -= 250; c.write(Buffer.alloc(1200)); } }); c.on('end', () => c.end()); c.on('error', () => {}); })
          .listen(+process.argv[2], process.argv[3], function () { console.log(this.address().port); });
        """;

    /// <summary>Asks over so many short connections, and then once over a connection that it keeps.</summary>
    private const string Storefront = """
        const net = require('net');
        const ask = () => new Promise(done => { const c = net.connect(+process.argv[2], process.argv[3], () => c.write(Buffer.alloc(250))); let n = 0; c.on('data', d => { n += d.length; if (n === 1200) done(c); }); });
        (async () => { for (let i = 0; i < +process.argv[4]; i++) { const c = await ask(); await new Promise(done => { c.on('close', done); c.end(); }); } await ask(); console.log('done'); setInterval(() => 0, 1e6); })();
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gantry-agent-peers-");

    public PeerTests()
    {
        Assert.SkipWhen(ChildProcess.Find("node") is null, "node is not installed");
        File.WriteAllText(Path.Combine(_folder.FullName, "catalog.js"), Catalog);
        File.WriteAllText(Path.Combine(_folder.FullName, "storefront.js"), Storefront);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Storefront_talks_to_catalog_on_one_host()
    {
        using var catalog = await StartAsync([], "catalog", "0", "127.0.0.1");
        using var watched = new Watched();
        using var storefront = await StartAsync([], "storefront", catalog.Line, "127.0.0.1", Short.ToString());

        await CheckAsync(watched, catalog.Line);
    }

    [Fact]
    public async Task Storefront_talks_to_catalog_in_another_network_namespace()
    {
        Assert.SkipWhen(Environment.UserName != "root" || ChildProcess.Find("ip") is null, "needs root and ip: network namespaces must be made");
        var (a, b) = ($"gantry-a{Environment.ProcessId}", $"gantry-b{Environment.ProcessId}");
        var (va, vb) = ($"gva{Environment.ProcessId}", $"gvb{Environment.ProcessId}");
        try
        {
            Assert.SkipWhen((await Commands.RunAsync("ip", "netns", "add", a)).Code != 0, "this root may not make network namespaces");
            await IpAsync($"netns add {b}");
            await IpAsync($"link add {va} netns {a} type veth peer name {vb} netns {b}");
            await IpAsync($"-n {a} addr add 10.213.7.1/24 dev {va}");
            await IpAsync($"-n {b} addr add 10.213.7.2/24 dev {vb}");
            await IpAsync($"-n {a} link set {va} up");
            await IpAsync($"-n {b} link set {vb} up");
            using var catalog = await StartAsync(["ip", "netns", "exec", a], "catalog", "0", "0.0.0.0");
            // A program in the client's namespace, so that it is looked at before the client starts.
            using var sleeper = await ChildProcess.StartAsync("ip", ["netns", "exec", b, "sh", "-c", "echo up; cat"], _folder.FullName);
            using var watched = new Watched();
            using var storefront = await StartAsync(["ip", "netns", "exec", b], "storefront", catalog.Line, "10.213.7.1", Short.ToString());

            await CheckAsync(watched, catalog.Line);
            Assert.Contains(Watched.Tags(Assert.Single(watched.Points(NetworkMetrics.Opened, "client", catalog.Line))), tag => tag.Key == "gantry.network.namespace");
        }
        finally
        {
            await Commands.RunAsync("ip", "netns", "delete", a);
            await Commands.RunAsync("ip", "netns", "delete", b);
        }
    }

    private static async Task CheckAsync(Watched watched, string port)
    {
        string[] names = [port, "storefront", "catalog"];
        await watched.UntilAsync(
            () => watched.Sum(NetworkMetrics.Closed, ["client", .. names]) >= Short && watched.Sum(NetworkMetrics.Closed, ["server", .. names]) >= Short, "both ends have counted, and are named");

        foreach (var (role, sent, received) in ((string, long, long)[])[("client", Request, Response), ("server", Response, Request)])
        {
            Assert.Equal(Short + 1, watched.Sum(NetworkMetrics.Opened, role, port));
            Assert.Equal(1, watched.Sum(NetworkMetrics.Active, role, port));
            Assert.Equal(sent * (Short + 1), watched.Sum(NetworkMetrics.Io, role, port, "transmit"));
            Assert.InRange(watched.Sum(NetworkMetrics.Io, role, port, "receive"), (received - 1) * (Short + 1), received * (Short + 1));
            var tags = Watched.Tags(Assert.Single(watched.Points(NetworkMetrics.Opened, role, port))).ToDictionary(tag => tag.Key, tag => tag.Value);
            Assert.Equal(("storefront", "storefront.js"), (tags["gantry.source.service"], tags["gantry.source.process"]));
            Assert.Equal(("catalog", "catalog.js"), (tags["gantry.destination.service"], tags["gantry.destination.process"]));
        }
    }

    private Task<ChildProcess> StartAsync(string[] prefix, string service, params string[] arguments)
    {
        string[] command = [.. prefix, "node", $"{service}.js", .. arguments];
        return ChildProcess.StartAsync(command[0], command[1..], _folder.FullName, ("OTEL_SERVICE_NAME", service));
    }

    private static async Task IpAsync(string arguments)
    {
        var (code, _, error) = await Commands.RunAsync("ip", arguments.Split(' '));
        Assert.True(code == 0, $"ip {arguments}: {error}");
    }
}
