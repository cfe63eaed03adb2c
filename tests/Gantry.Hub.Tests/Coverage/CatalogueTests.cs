using System.Net;
using System.Text;
using Gantry.Estate.Catalogue;
using Gantry.Hub.Coverage;
using Gantry.Hub.Coverage.Catalogue;
using Gantry.Hub.Coverage.Changes;
using Gantry.Hub.Observations;
using Gantry.Hub.Tests.Pipelines;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Tests.Coverage;

/// <summary>Declared services: how their documents are read, and what they make of the rows.</summary>
public class CatalogueTests
{
    [Fact]
    public void A_document_is_read_whole()
    {
        var service = Documents.Read<Service>(Documents.Head("Service", "cart") + """
              title: Shopping cart
              owner: team-checkout
              criticality: high
              environment: prod
              namespace: shop
              names: [cart-svc, cart.js]
              separate: [cart-worker.js]
              links: [{title: Runbook, url: 'https://wiki.example.com/cart'}]

            """);

        Assert.Equal(("Shopping cart", "team-checkout", "high", "prod", "shop"), (service.Title, service.Owner, service.Criticality, service.Environment, service.Namespace));
        Assert.Equal(["cart", "cart-svc", "cart.js"], service.AllNames);
        Assert.Equal(["cart-worker.js"], service.Separate);
        Assert.Equal(new ServiceLink("Runbook", "https://wiki.example.com/cart"), Assert.Single(service.Links));
    }

    [Theory]
    [InlineData("criticality: urgent", "expected mission_critical, high, medium or low")]
    [InlineData("names: ['cart-*']", "has a '*'")]
    [InlineData("names: [a, a]", "is there twice")]
    [InlineData("names: [a]\n  separate: [a]", "cannot be both")]
    [InlineData("links: [{url: 'javascript:alert(1)'}]", "expected an http or https address")]
    [InlineData("links: [{url: 'https://me:secret@example.com'}]", "without a password")]
    [InlineData("ownr: me", "did you mean owner?")]
    [InlineData("aliases: [a]", "write names: [...]")]
    public void What_is_wrong_is_said_with_its_fix(string line, string message) =>
        Assert.Contains(message, Assert.Single(Documents.Problems(Documents.Head("Service", "cart") + $"  {line}\n").All).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("", "", true)]
    [InlineData("environment: prod", "environment: staging", false)]
    [InlineData("environment: prod", "", true)]
    [InlineData("environment: prod", "namespace: shop", true)]
    [InlineData("namespace: shop\n  environment: prod", "namespace: games\n  environment: prod", false)]
    public void A_name_is_claimed_once_at_one_place(string one, string other, bool refused)
    {
        var services = new[] { ("cart", one), ("basket", other) }.Select(item => Documents.Read<Service>(Documents.Head("Service", item.Item1) + $"  names: [both]\n  {item.Item2}\n"));

        var conflict = ServiceClaims.Conflict(services);

        Assert.Equal(refused, conflict.Length > 0);
        Assert.Equal(refused, conflict.Contains("Service basket and Service cart both claim the name 'both'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_hub_refuses_the_second_that_claims_a_name()
    {
        await using var hub = await HubFixture.StartAsync();
        await DeclareAsync(hub, "cart", "names: [cart-svc]");

        using var answer = await PutAsync(hub, "basket", "names: [cart-svc]");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("both claim the name", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_whose_names_one_service_claims_are_one_and_no_request_is_counted_twice()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.SayAsync(Reports.AgentOn("h1", "web-1", Guid.CreateVersion7(), 1, Reports.Process(10, "cart.js", 8080), Reports.Process(11, "other.js", 8081)));
        await ReportAsync(hub, 1);
        var before = await hub.GetAsync<ServiceRow[]>("services");
        var old = before.ToDictionary(row => row.Name, row => row.Id);
        Assert.Equal(["cart-sdk", "cart.js", "node", "other.js", "web"], before.Select(row => row.Name));

        await DeclareAsync(hub, "cart", "owner: team-checkout\n  criticality: high\n  names: [cart-sdk, node, cart.js]");
        var rows = await hub.GetAsync<ServiceRow[]>("services");

        Assert.Equal(["cart-sdk", "other.js", "web"], rows.Select(row => row.Name));
        var cart = rows[0];
        Assert.Equal(("team-checkout", "high", "cart"), (cart.Owner, cart.Criticality, cart.Declared));
        // 60 of the SDK and 60 of OBI are the same 60.
        Assert.Equal(60UL, cart.Requests);
        Assert.Equal(10u, Assert.Single(cart.Processes).Pid);
        Assert.False(cart.Dark);
        // Of the SDK's joined trace with web, not of the one of OBI and SDK.
        Assert.Equal(3, cart.Rung);
        Assert.Contains(cart.Names, name => name is { Name: "node", Source: "obi" });
        Assert.Contains(cart.Names, name => name is { Name: "cart-sdk", Source: "telemetry" });
        Assert.Contains(cart.Names, name => name is { Name: "cart.js", Source: "process" });
        Assert.Contains(cart.Names, name => name is { Name: "cart", Source: "declared" });
        // Every id that there was leads to it.
        foreach (var name in new[] { "cart-sdk", "node", "cart.js" })
        {
            Assert.Equal(cart.Id, (await hub.GetAsync<ServiceRow>($"services/{old[name]}")).Id);
            Assert.Equal(HttpStatusCode.OK, (await hub.Client.GetAsync($"/services/{old[name]}")).StatusCode);
        }

        Assert.Equal(60UL, Assert.Single(await hub.GetAsync<OperationRow[]>($"services/{old["node"]}/operations")).Calls);
        Assert.Equal("web", Assert.Single((await hub.GetAsync<ServiceNeighbours>($"services/{old["node"]}/neighbours")).CalledBy).Name);
        var page = WebUtility.HtmlDecode(await hub.Client.GetStringAsync($"/services/{cart.Id}"));
        Assert.Contains("Owner team-checkout", page, StringComparison.Ordinal);
        Assert.Contains("service.name of the telemetry of an eBPF instrumentation", page, StringComparison.Ordinal);
        // The document to correct it with is one.
        var suggested = Documents.Read<Service>(SuggestedService.For(hub.Room<EstateQueries>().Current.FindService(cart.Id)!));
        Assert.Contains("Correct it, or say who owns it", page, StringComparison.Ordinal);
        Assert.Equal(["cart", "cart-sdk", "node", "cart.js"], suggested.AllNames);
        // The edges of all of them are its own: one call, counted once.
        var edges = await hub.GetAsync<EdgeRow[]>("edges");
        var edge = Assert.Single(edges, edge => edge.Caller.ServiceId == cart.Id);
        Assert.Equal(("stock", 30UL), (edge.Callee.Name, edge.Calls));
        Assert.Equal("web", Assert.Single(edges, edge => edge.Callee.ServiceId == cart.Id).Caller.Name);
        // Found by every name of it, as it is itself; by an id of before; and by the name of what is no service.
        foreach (var name in new[] { "cart", "cart-sdk", "node", cart.Id, old["node"] })
        {
            Assert.Equal(edges.Where(edge => edge.Caller.ServiceId == cart.Id || edge.Callee.ServiceId == cart.Id).Select(edge => edge.Id), (await hub.GetAsync<EdgeRow[]>($"edges?name={name}")).Select(edge => edge.Id));
            Assert.Empty(await hub.GetAsync<RegressionRow[]>($"regressions?name={name}"));
        }

        Assert.Equal(edge.Id, Assert.Single(await hub.GetAsync<EdgeRow[]>("edges?name=stock")).Id);
        Assert.Empty(await hub.GetAsync<FindingRow[]>("findings?name=other.js"));
    }

    [Fact]
    public async Task An_sdk_and_obi_in_one_trace_are_no_joined_services()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.ReportAsync(Reports.Batch(1, full: true).With(
            Reports.Service(1, "cart"), Reports.Service(2, "node"), Reports.Red(1, 60, hub.Now), Reports.Red(2, 60, hub.Now),
            Reports.Source(2, hub.Now, ("telemetry.distro.name", "opentelemetry-ebpf-instrumentation")), Reports.Span(7, 10, 0, 2, 2), Reports.Span(7, 20, 10, 1, 2)));
        Assert.All(await hub.GetAsync<ServiceRow[]>("services"), row => Assert.Equal(3, row.Rung));

        await DeclareAsync(hub, "cart", "names: [node]");

        var cart = Assert.Single(await hub.GetAsync<ServiceRow[]>("services"));
        Assert.Equal(2, cart.Rung);
        Assert.Empty(await hub.GetAsync<EdgeRow[]>("edges"));
    }

    [Fact]
    public async Task Two_environments_are_two_services_unless_nobody_says_which()
    {
        await using var hub = await HubFixture.StartAsync();
        ServiceIdentity In(uint id, string name, string environment) => new() { Id = id, Name = name, Environment = environment };
        await hub.ReportAsync(Reports.Batch(1, full: true).With(
            In(1, "cart", "prod"), In(2, "cart", "staging"), In(3, "stock", "prod"), In(4, "stock-obi", ""), Reports.Red(1, 1, hub.Now), Reports.Red(2, 2, hub.Now), Reports.Red(3, 3, hub.Now), Reports.Red(4, 3, hub.Now)));
        await DeclareAsync(hub, "cart", "owner: a");
        await DeclareAsync(hub, "stock", "names: [stock-obi]");

        var rows = await hub.GetAsync<ServiceRow[]>("services");

        Assert.Equal([("cart", "prod", "a"), ("cart", "staging", "a"), ("stock", "prod", "")], rows.Select(row => (row.Name, row.Environment, row.Owner)).Order());
    }

    [Fact]
    public async Task A_process_that_is_said_to_be_another_is_taken_apart()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.SayAsync(Reports.AgentOn("h1", "web-1", Guid.CreateVersion7(), 1, Reports.Process(10, "cart.js", 8080, declared: "cart"), Reports.Process(11, "worker.js", 8081, declared: "cart")));
        await hub.ReportAsync(Reports.Batch(1, full: true).With(Reports.Service(1, "cart"), Reports.Source(1, hub.Now, ("host.id", "h1")), Reports.Red(1, 1, hub.Now)));
        Assert.Equal(2, Assert.Single(await hub.GetAsync<ServiceRow[]>("services")).Processes.Count);

        await DeclareAsync(hub, "cart", "separate: [worker.js]");
        var rows = await hub.GetAsync<ServiceRow[]>("services");

        Assert.Equal([("cart", false, 10u), ("worker.js", true, 11u)], rows.Select(row => (row.Name, row.Dark, Assert.Single(row.Processes).Pid)));
        Assert.Equal("", rows[1].Declared);
    }

    [Fact]
    public async Task What_is_declared_and_never_seen_has_a_row_and_is_not_dark()
    {
        await using var hub = await HubFixture.StartAsync();
        await DeclareAsync(hub, "ledger", "owner: team-money\n  environment: prod");

        var row = Assert.Single(await hub.GetAsync<ServiceRow[]>("services"));

        Assert.Equal(("ledger", "prod", 0, false, false, "team-money"), (row.Name, row.Environment, row.Rung, row.Dark, row.Stale, row.Owner));
        Assert.Null(row.LastSeen);
        Assert.StartsWith("Find where ledger runs", row.Next!.Title, StringComparison.Ordinal);
        Assert.Empty((await hub.GetAsync<Summary>("summary")).Attention);
        // It keeps its id when it comes.
        await hub.ReportAsync(Reports.Batch(1, full: true).With(new ServiceIdentity { Id = 1, Name = "ledger", Environment = "prod" }, Reports.Red(1, 1, hub.Now)));
        Assert.Equal((row.Id, 2), ((await hub.GetAsync<ServiceRow>("services/ledger")).Id, (await hub.GetAsync<ServiceRow>("services/ledger")).Rung));
    }

    [Fact]
    public async Task Links_and_history_stay_while_names_of_it_come_and_go()
    {
        await using var hub = await HubFixture.StartAsync();
        await DeclareAsync(hub, "ledger", "names: [ledger-obi, ledger.js]");
        var ids = new List<string>();
        ServiceIdentity In(uint id, string name) => new() { Id = id, Name = name, Namespace = "money", Environment = "prod" };
        async Task LookAsync()
        {
            hub.Room<ChangeWatch>().Run();
            hub.Time.Jump(TimeSpan.FromMinutes(2));
            hub.Room<ChangeWatch>().Run();
            ids.Add(Assert.Single(await hub.GetAsync<ServiceRow[]>("services")).Id);
        }

        await LookAsync();
        await hub.SayAsync(Reports.AgentOn("h1", "web-1", Guid.CreateVersion7(), 1, Reports.Process(10, "ledger.js", 8080)));
        await LookAsync();
        await hub.ReportAsync(Reports.Batch(1, full: true).With(In(1, "ledger-obi"), Reports.Red(1, 60, hub.Now)));
        await LookAsync();
        await hub.ReportAsync(Reports.Batch(2, full: true).With(In(1, "ledger-obi"), In(2, "ledger"), Reports.Red(1, 120, hub.Now), Reports.Red(2, 60, hub.Now)));
        await LookAsync();
        hub.Time.Jump(ObservationStore.Kept - TimeSpan.FromMinutes(1));
        await hub.ReportAsync(Reports.Batch(3, full: true).With(In(1, "ledger-obi"), Reports.Red(1, 180, hub.Now)));
        hub.Time.Jump(TimeSpan.FromMinutes(2));
        await LookAsync();

        // Since it is known where it is, the id is one; and those of before lead to it.
        Assert.Equal(2, ids.Distinct().Count());
        Assert.Single(ids.Skip(2).Distinct());
        foreach (var id in ids)
        {
            Assert.Equal(ids[^1], (await hub.GetAsync<ServiceRow>($"services/{id}")).Id);
            Assert.Single(await hub.GetAsync<ChangeRow[]>($"changes?subject={id}&kind=rung"), change => change.From.Length == 0);
        }

        // Its counts are those of what sends for it.
        Assert.Equal(180UL, (await hub.GetAsync<ServiceRow>($"services/{ids[0]}")).Requests);
        Assert.NotEmpty(await hub.GetAsync<OperationRow[]>($"services/{ids[0]}/operations"));
    }

    [Fact]
    public async Task Of_many_versions_the_newest_five_are_named()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.ReportAsync(Reports.Batch(1, full: true).With(
            [Reports.Service(1, "cart"), .. Enumerable.Range(0, 8).Select(i => Reports.Source(1, hub.Now, ("service.version", i == 7 ? new string('x', 1000) : $"1.{i}"), ("service.instance.id", $"{i}")))]));

        var cart = await hub.GetAsync<ServiceRow>("services/cart");

        Assert.Equal((5, 3), (cart.Versions.Count, cart.MoreVersions));
        Assert.Equal(200, cart.Versions.Max(version => version.Length));
        Assert.Contains("and 3 more", await hub.Client.GetStringAsync($"/services/{cart.Id}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Telemetry_says_how_critical_it_is_where_nobody_declared_it()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.ReportAsync(Reports.Batch(1, full: true).With(Reports.Service(1, "cart"), Reports.Source(1, hub.Now, ("service.criticality", "critical"), ("service.version", "1.4.0"))));

        var cart = await hub.GetAsync<ServiceRow>("services/cart");

        Assert.Equal(("mission_critical", "1.4.0", 1), (cart.Criticality, Assert.Single(cart.Versions), cart.Instances));
    }

    internal static async Task DeclareAsync(HubFixture hub, string name, string spec)
    {
        using var answer = await PutAsync(hub, name, spec);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<HttpResponseMessage> PutAsync(HubFixture hub, string name, string spec)
    {
        using var content = new StringContent(Documents.Head("Service", name) + $"  {spec}\n", Encoding.UTF8, "application/yaml");
        return await hub.Client.PutAsync($"/api/v1/resources/services/{name}", content);
    }

    private static Task ReportAsync(HubFixture hub, ulong sequence) => hub.ReportAsync(Reports.Batch(sequence, full: true).With(
        Reports.Service(1, "web"), Reports.Service(2, "cart-sdk"), Reports.Service(3, "node"), Reports.Service(4, "stock"),
        Reports.Source(2, hub.Now, ("telemetry.sdk.name", "opentelemetry"), ("telemetry.sdk.language", "nodejs")),
        Reports.Source(3, hub.Now, ("telemetry.distro.name", "opentelemetry-ebpf-instrumentation")),
        Reports.Red(1, 60, hub.Now), Reports.Red(2, 60, hub.Now), Reports.Red(3, 60, hub.Now),
        Reports.Edge(1, 60, hub.Now, PeerType.Service, "cart-sdk"), Reports.Edge(2, 30, hub.Now, PeerType.Service, "stock"), Reports.Edge(3, 30, hub.Now, PeerType.Service, "stock"),
        Reports.Span(7, 10, 0, 1, 3), Reports.Span(7, 20, 10, 2, 2), Reports.Span(8, 30, 0, 3, 2), Reports.Span(8, 40, 30, 2, 2)));
}
