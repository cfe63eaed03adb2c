using Gantry.Hub.Coverage;
using Gantry.Protocol.Inventory;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Tests.Coverage;

/// <summary>Which service a name or an address is: each rule on its own, and where it must not guess.</summary>
public class EdgeTests
{
    [Fact]
    public async Task A_named_service_is_the_one_of_that_name()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.ReportAsync(Reports.Batch(1, full: true).With(
            Reports.Service(1, "web"), Reports.Service(2, "cart"), Reports.Red(2, 1, hub.Now), Reports.Edge(1, 60, hub.Now, PeerType.Service, "cart", failed: 6)));

        var edge = Assert.Single(await EdgesAsync(hub));

        Assert.Equal(("web", "cart", "service", "service.peer.name"), (edge.Caller.Name, edge.Callee.Name, edge.Callee.Type, edge.JoinedBy));
        Assert.Equal((await hub.GetAsync<ServiceRow>("services/cart")).Id, edge.Callee.ServiceId);
        Assert.Equal((60UL, 6UL, 1.0, 0.1), (edge.Calls, edge.Failed, Math.Round(edge.Red!.Rate, 3), edge.Red.ErrorShare));
        Assert.NotNull(edge.Red.P95);
        Assert.Null(edge.Traced);
        Assert.Equal(["cart"], edge.Told);
    }

    [Fact]
    public async Task A_name_that_nobody_has_stays_a_node_of_its_own()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.ReportAsync(Reports.Batch(1, full: true).With(
            Reports.Service(1, "web"), Reports.Edge(1, 1, hub.Now, PeerType.Service, "partner"), Reports.Edge(1, 1, hub.Now, address: "api.example.com:443")));

        var edges = await EdgesAsync(hub);

        Assert.Equal([("api.example.com:443", "address"), ("partner", "service")], edges.Select(edge => (edge.Callee.Name, edge.Callee.Type)));
        Assert.All(edges, edge => Assert.Null(edge.Callee.ServiceId));
        Assert.All(edges, edge => Assert.Empty(edge.JoinedBy));
        Assert.Equal(["no service is known at this address", "no service is called \"partner\""], edges.Select(edge => edge.Open));
    }

    [Fact]
    public async Task Of_two_services_of_one_name_the_one_of_the_callers_environment_is_meant()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.ReportAsync(Reports.Batch(1, full: true).With(
            In(1, "web", "shop", "prod"), In(2, "cart", "shop", "prod"), In(3, "cart", "shop", "staging"), In(4, "cart", "games", "prod"), In(5, "mail", "", "staging"),
            Reports.Edge(1, 1, hub.Now, PeerType.Service, "cart"), Reports.Edge(1, 1, hub.Now, PeerType.Service, "mail"), Reports.Edge(5, 1, hub.Now, PeerType.Service, "cart"),
            Reports.Red(2, 1, hub.Now), Reports.Red(3, 1, hub.Now), Reports.Red(4, 1, hub.Now), Reports.Red(5, 1, hub.Now)));
        var services = (await hub.GetAsync<ServiceRow[]>("services")).ToDictionary(row => row.Id);

        var edges = await EdgesAsync(hub);

        var web = edges.Single(edge => edge.Caller.Name == "web" && edge.Callee.Name == "cart");
        Assert.Equal(("shop", "prod"), (services[web.Callee.ServiceId!].Namespace, services[web.Callee.ServiceId!].Environment));
        Assert.Equal("staging", services[edges.Single(edge => edge.Caller.Name == "mail").Callee.ServiceId!].Environment);
        // The only one there is, and it is said that it is elsewhere.
        Assert.Equal("service.peer.name, in environment \"staging\"", edges.Single(edge => edge.Callee.Name == "mail").JoinedBy);
    }

    [Fact]
    public async Task Two_that_are_equally_near_are_named_and_none_is_chosen_until_a_trace_or_an_address_does()
    {
        await using var hub = await HubFixture.StartAsync();
        ObservationBatch Batch(ulong sequence, params Gantry.Protocol.Wire.IWireMessage[] more) => Reports.Batch(sequence, full: true).With(
            [In(1, "web", "", "prod"), In(2, "cart", "shop", "prod"), In(3, "cart", "games", "prod"), Reports.Red(2, 1, hub.Now), Reports.Red(3, 1, hub.Now),
             Reports.Edge(1, 1, hub.Now, PeerType.Service, "cart"), .. more]);
        await hub.ReportAsync(Batch(1));

        var open = Assert.Single(await EdgesAsync(hub));
        await hub.ReportAsync(Batch(2, Reports.Span(7, 10, 0, 1, 3), Reports.Span(7, 20, 10, 3, 2)));
        var traced = Assert.Single(await EdgesAsync(hub));

        Assert.Equal(("", "service.peer.name: 2 services"), (open.JoinedBy, open.Open));
        Assert.Null(open.Callee.ServiceId);
        Assert.Equal(["cart (games, prod)", "cart (shop, prod)"], open.Candidates);
        var games = (await hub.GetAsync<ServiceRow[]>("services")).Single(row => row.Namespace == "games");
        Assert.Equal(games.Id, traced.Callee.ServiceId);
        Assert.Contains("among 2 of them the only one that a trace joins with the caller", traced.JoinedBy, StringComparison.Ordinal);
        Assert.NotNull(traced.Traced);
        Assert.Empty(traced.Candidates);
    }

    [Fact]
    public async Task A_loopback_address_is_a_process_on_the_callers_own_host()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.SayAsync(Reports.AgentOn("h1", "web-1", Guid.CreateVersion7(), 1, Reports.Process(10, "web.js", 80), Reports.Process(11, "cart.js", 8080), Reports.Process(12, "dark.js", 9090)));
        await hub.SayAsync(Reports.AgentOn("h2", "web-2", Guid.CreateVersion7(), 1, Reports.Process(20, "other.js", 8080), Reports.Process(21, "third.js", 7070)));
        await hub.ReportAsync(Reports.Batch(1, full: true).With(
            Reports.Service(1, "web"), Reports.Source(1, hub.Now, ("host.id", "h1"), ("process.pid", "10")),
            Reports.Service(2, "cart"), Reports.Source(2, hub.Now, ("host.id", "h1"), ("process.pid", "11")),
            Reports.Service(3, "nowhere"),
            Reports.Edge(1, 1, hub.Now, address: "127.0.0.1:8080"), Reports.Edge(1, 1, hub.Now, address: "localhost:9090"), Reports.Edge(1, 1, hub.Now, address: "[::1]:7070"),
            Reports.Edge(3, 1, hub.Now, address: "localhost:8080")));

        var edges = await EdgesAsync(hub);

        Assert.Equal(
            [("nowhere", "localhost:8080", "address"), ("web", "[::1]:7070", "address"), ("web", "cart", "service"), ("web", "dark.js", "service")],
            edges.Select(edge => (edge.Caller.Name, edge.Callee.Name, edge.Callee.Type)));
        Assert.Contains("the caller's host is not known", edges[0].Open, StringComparison.Ordinal);
        Assert.Contains("no process is known that listens there", edges[1].Open, StringComparison.Ordinal);
        Assert.Contains("port 8080 where the caller runs", edges[2].JoinedBy, StringComparison.Ordinal);
        Assert.StartsWith("dark-", edges[3].Callee.ServiceId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_containers_loopback_is_not_its_hosts()
    {
        await using var hub = await HubFixture.StartAsync();
        var inside = Reports.Process(10, "web.js", 3000);
        inside.ContainerId = new string('a', 64);
        await hub.SayAsync(Reports.AgentOn("h1", "web-1", Guid.CreateVersion7(), 1, inside, Reports.Process(11, "cart.js", 8080)));
        await hub.ReportAsync(Reports.Batch(1, full: true).With(
            Reports.Service(1, "web"), Reports.Source(1, hub.Now, ("host.id", "h1"), ("container.id", inside.ContainerId)), Reports.Edge(1, 1, hub.Now, address: "127.0.0.1:8080")));

        Assert.Null(Assert.Single(await EdgesAsync(hub)).Callee.ServiceId);
    }

    [Theory]
    [InlineData("web-2:8080", "port 8080 of host web-2")]
    [InlineData("WEB-2.example.com:8080", "port 8080 of host web-2, the first label of web-2.example.com")]
    [InlineData("10.0.0.7:8081", "it listens on 10.0.0.7:8081")]
    public async Task An_address_is_who_listens_there(string address, string rule)
    {
        await using var hub = await HubFixture.StartAsync();
        var process = Listening(Reports.Process(20, "cart.js"), ("0.0.0.0", 8080), ("10.0.0.7", 8081));
        // Bound to loopback: nobody from elsewhere reaches it.
        await hub.SayAsync(Reports.AgentOn("h2", "web-2", Guid.CreateVersion7(), 1, process, Listening(Reports.Process(21, "private.js"), ("127.0.0.1", 8080))));
        await hub.ReportAsync(Reports.Batch(1, full: true).With(
            Reports.Service(1, "web"), Reports.Service(2, "cart"), Reports.Source(2, hub.Now, ("host.id", "h2"), ("process.pid", "20")), Reports.Edge(1, 1, hub.Now, address: address)));

        var edge = Assert.Single(await EdgesAsync(hub));

        Assert.Equal("cart", edge.Callee.Name);
        Assert.Contains(rule, edge.JoinedBy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cart.shop.svc.cluster.local:8080", "k8s.namespace.name", "shop", "Kubernetes service DNS: cart in namespace shop")]
    [InlineData("cart.shop:8080", "k8s.namespace.name", "shop", "Kubernetes service DNS: cart in namespace shop")]
    [InlineData("cart.shop.svc:8080", "os.type", "linux", "that it is in namespace shop is not known")]
    [InlineData("cart:8080", "os.type", "linux", "its name is the host name cart")]
    [InlineData("cart-0.cart.shop.svc.cluster.local", "k8s.pod.name", "cart-0", "k8s.pod.name cart-0")]
    [InlineData("0123456789ab:80", "container.id", "0123456789abcdef0123456789abcdef", "container 0123456789ab")]
    [InlineData("node7", "host.name", "node7", "host.name node7")]
    [InlineData("cart.shop.svc:8080", "k8s.namespace.name", "games", null)]
    [InlineData("cart.example.com:8080", "k8s.namespace.name", "example", null)]
    [InlineData("cart.shop:8080", "os.type", "linux", null)]
    public async Task Names_of_a_cluster_are_those_of_services_pods_and_containers(string address, string attribute, string value, string? rule)
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.ReportAsync(Reports.Batch(1, full: true).With(
            Reports.Service(1, "web"), Reports.Service(2, "cart"), Reports.Source(2, hub.Now, (attribute, value)), Reports.Edge(1, 1, hub.Now, address: address)));

        var edge = Assert.Single(await EdgesAsync(hub));

        Assert.Equal(rule is not null, edge.Callee.ServiceId is not null);
        Assert.Contains(rule ?? "", edge.JoinedBy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_services_on_a_host_that_no_agent_sees_are_both_candidates()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.ReportAsync(Reports.Batch(1, full: true).With(
            Reports.Service(1, "web"), Reports.Service(2, "cart"), Reports.Source(2, hub.Now, ("host.name", "node7")), Reports.Service(3, "stock"), Reports.Source(3, hub.Now, ("host.name", "node7")),
            Reports.Edge(1, 1, hub.Now, address: "node7:8080")));

        var edge = Assert.Single(await EdgesAsync(hub));

        Assert.Null(edge.Callee.ServiceId);
        Assert.Equal(["cart", "stock"], edge.Candidates);
    }

    [Fact]
    public async Task An_rpc_service_is_who_answers_its_calls_and_what_all_answer_is_told_apart_by_address()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.ReportAsync(Reports.Batch(1, full: true).With(
            Reports.Service(1, "web"), Reports.Service(2, "cart"), Reports.Service(3, "stock"),
            Reports.Red(2, 1, hub.Now, operation: "shop.Cart/Add"), Reports.Red(2, 1, hub.Now, operation: "grpc.health.v1.Health/Check"), Reports.Red(3, 1, hub.Now, operation: "grpc.health.v1.Health/Check"),
            Reports.Red(3, 1, hub.Now, kind: 3, operation: "shop.Cart/Remove"),
            Reports.Edge(1, 1, hub.Now, PeerType.Rpc, "shop.Cart", "grpc"), Reports.Edge(1, 1, hub.Now, PeerType.Rpc, "grpc.health.v1.Health", "grpc", "stock:50051"),
            Reports.Edge(1, 1, hub.Now, PeerType.Rpc, "grpc.health.v1.Health", "grpc", "unknown:50051"), Reports.Edge(1, 1, hub.Now, PeerType.Rpc, "shop.Nobody", "grpc")));

        var edges = (await EdgesAsync(hub)).ToDictionary(edge => edge.Callee.Name);

        Assert.Equal("rpc.service: it has SERVER spans of shop.Cart", edges["cart"].JoinedBy);
        Assert.Contains("among 2 of them its name is the host name stock", edges["stock"].JoinedBy, StringComparison.Ordinal);
        Assert.Equal(("rpc", 2), (edges["grpc.health.v1.Health"].Callee.Type, edges["grpc.health.v1.Health"].Candidates.Count));
        Assert.Equal("no service answers calls of shop.Nobody", edges["shop.Nobody"].Open);
    }

    [Fact]
    public async Task Databases_are_nodes_and_say_which_process_they_are_when_it_is_known()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.SayAsync(Reports.AgentOn("h9", "db-1", Guid.CreateVersion7(), 1, Listening(Reports.Process(5, "mysqld", language: ""), ("0.0.0.0", 3306))));
        await hub.ReportAsync(Reports.Batch(1, full: true).With(
            Reports.Service(1, "cart"), Reports.Edge(1, 30, hub.Now, PeerType.Database, "productdb", "mysql", "db-1:3306"),
            Reports.Edge(1, 30, hub.Now, PeerType.Database, "productdb", "mysql", "db-2:3306"), Reports.Edge(1, 1, hub.Now, PeerType.Database, "", "redis", "cache:6379")));

        var edges = await EdgesAsync(hub);

        Assert.Equal(["mysql productdb", "mysql productdb", "redis cache:6379"], edges.Select(edge => edge.Callee.Name));
        Assert.All(edges, edge => Assert.Equal("database", edge.Callee.Type));
        var here = edges.Single(edge => edge.Callee.ServiceId is not null);
        Assert.Contains("db-1:3306", here.Told);
        Assert.Contains("port 3306 of host db-1", here.JoinedBy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_queue_joins_who_sends_with_who_takes_and_traces_confirm_both_halves()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.ReportAsync(Reports.Batch(1, full: true).With(
            Reports.Service(1, "checkout"), Reports.Service(2, "mailer"), Reports.Service(3, "billing"),
            Reports.Edge(1, 20, hub.Now, PeerType.Messaging, "orders", "kafka", "broker-1:9092"), Reports.Edge(1, 10, hub.Now, PeerType.Messaging, "orders", "kafka", "broker-2:9092"),
            Reports.Red(2, 30, hub.Now, kind: 5, operation: "process orders"), Reports.Red(3, 30, hub.Now, kind: 5, operation: "process invoices"),
            Reports.Span(7, 10, 0, 1, 4), Reports.Span(7, 20, 10, 2, 5)));

        var edges = await EdgesAsync(hub);

        Assert.Equal([("checkout", "kafka orders"), ("kafka orders", "mailer")], edges.Select(edge => (edge.Caller.Name, edge.Callee.Name)));
        Assert.Equal([30UL, 30UL], edges.Select(edge => edge.Calls));
        Assert.Equal("its CONSUMER operation \"process orders\" names the queue", edges[1].JoinedBy);
        Assert.All(edges, edge => Assert.NotNull(edge.Traced));
    }

    [Fact]
    public async Task A_queue_name_that_two_systems_have_is_not_guessed_unless_the_consumer_calls_one()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.ReportAsync(Reports.Batch(1, full: true).With(
            Reports.Service(1, "checkout"), Reports.Service(2, "mailer"), Reports.Service(3, "billing"),
            Reports.Edge(1, 20, hub.Now, PeerType.Messaging, "orders", "kafka"), Reports.Edge(1, 10, hub.Now, PeerType.Messaging, "orders", "rabbitmq"),
            Reports.Edge(3, 10, hub.Now, PeerType.Messaging, "orders", "rabbitmq"),
            Reports.Red(2, 30, hub.Now, kind: 5, operation: "process orders"), Reports.Red(3, 30, hub.Now, kind: 5, operation: "process orders")));

        var edges = await EdgesAsync(hub);

        var mailer = edges.Single(edge => edge.Callee.Name == "mailer");
        Assert.Equal(("orders", ""), (mailer.Caller.Name, mailer.JoinedBy));
        Assert.Contains("kafka orders, rabbitmq orders", mailer.Open, StringComparison.Ordinal);
        Assert.Equal("rabbitmq orders", edges.Single(edge => edge.Callee.Name == "billing").Caller.Name);
    }

    [Fact]
    public async Task Many_names_of_one_callee_are_one_edge_and_a_join_without_counts_is_one_too()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.ReportAsync(Reports.Batch(1, full: true).With(
            Reports.Service(1, "web"), Reports.Service(2, "cart"), Reports.Source(2, hub.Now, ("k8s.pod.name", "cart-7f")), Reports.Service(3, "stock"), Reports.Red(3, 1, hub.Now),
            Reports.Edge(1, 10, hub.Now, PeerType.Service, "cart", address: "x:1"), Reports.Edge(1, 20, hub.Now, address: "cart:8080"), Reports.Edge(1, 30, hub.Now, address: "cart-7f:8080"),
            Reports.Span(7, 10, 0, 1, 3), Reports.Span(7, 20, 10, 3, 2)));

        var edges = await EdgesAsync(hub);

        Assert.Equal([("cart", 60UL), ("stock", 0UL)], edges.Select(edge => (edge.Callee.Name, edge.Calls)));
        Assert.Equal(["cart", "cart-7f:8080", "cart:8080", "x:1"], edges[0].Told.Order(StringComparer.Ordinal));
        Assert.Equal("its name is the host name cart; k8s.pod.name cart-7f; service.peer.name", edges[0].JoinedBy);
        Assert.Null(edges[1].Red);
        Assert.StartsWith("a trace joins the two", edges[1].JoinedBy, StringComparison.Ordinal);
    }

    private static async Task<EdgeRow[]> EdgesAsync(HubFixture hub) => await hub.GetAsync<EdgeRow[]>("edges");

    private static ServiceIdentity In(uint id, string name, string space, string environment) => new() { Id = id, Name = name, Namespace = space, Environment = environment };

    private static ProcessFact Listening(ProcessFact process, params (string Address, uint Port)[] sockets)
    {
        process.Listening.AddRange(sockets.Select(socket => new ListeningSocket { Address = socket.Address, Port = socket.Port }));
        return process;
    }
}
