using Gantry.Estate.Journeys;
using Gantry.Hub.Coverage;
using Gantry.Hub.Journeys;
using Gantry.Hub.Journeys.Hops;
using Gantry.Hub.Journeys.Ways;
using Gantry.Hub.Objectives;
using Gantry.Hub.Observations;
using Gantry.Hub.Observations.Traces;
using Gantry.Hub.Tests.Campaigns;
using Gantry.Hub.Tests.Coverage;

namespace Gantry.Hub.Tests.Journeys;

/// <summary>Journeys whose documents call services as a declared Service does, or as their telemetry.</summary>
public class DeclaredNameTests
{
    [Theory]
    [InlineData("shop", "pay")]
    [InlineData("storefront", "payments")]
    public async Task An_entry_a_hop_and_an_objective_are_met_by_either_name(string entry, string hop)
    {
        await using var hub = await HubFixture.StartAsync();
        await CatalogueTests.DeclareAsync(hub, "shop", "names: [storefront]");
        await CatalogueTests.DeclareAsync(hub, "pay", "names: [payments]");
        var shop = new Shop(hub);
        await shop.DeclareAsync($$"""
            apiVersion: gantry/v1
            kind: Journey
            metadata: {name: purchase}
            spec:
              entry: {service: {{entry}}, operation: POST}
              hops: [{service: {{hop}}, from: {{entry}}}, {service: cart}]
              objectives:
              - {name: all, indicator: errors, target: 99%, window: 1h}
              - {name: paid, indicator: errors, target: 99%, window: 1h, service: {{hop}}}

            """);
        for (var i = 0; i < 20; i++)
        {
            await shop.TradeAsync();
        }

        await shop.SettleAsync();
        hub.Time.Advance(TimeSpan.FromMinutes(1));
        hub.Room<ObjectiveAccumulator>().Run();
        var journey = shop.Purchases();

        Assert.Equal((0, 1.0, 200UL), (journey.Breaks.Count, journey.Complete?.Share, journey.Complete?.Of));
        Assert.Equal(["cart", "payments"], journey.Hops.Where(item => item.Origin == "both").Select(item => item.End.Name).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(journey.Hops, item => item.Origin == "declared");
        Assert.Equal("storefront", journey.Entry.Name);
        Assert.Equal([200UL, 200UL], journey.Objectives.Select(objective => objective.Requests));
    }

    [Fact]
    public async Task Two_names_of_one_service_that_tell_of_the_same_requests_are_counted_once()
    {
        await using var hub = await HubFixture.StartAsync();
        await CatalogueTests.DeclareAsync(hub, "basket", "names: [cart-sdk, node]");
        var shop = new Shop(hub);
        await shop.DeclareAsync("apiVersion: gantry/v1\nkind: Journey\nmetadata: {name: purchase}\nspec: {objectives: [{name: all, indicator: errors, target: 99%, window: 1h}], entry: {service: basket}}\n");
        await hub.ReportAsync(Reports.Batch(1, full: true, "gateway-2").With(Reports.Service(1, "cart-sdk"), Reports.Service(2, "node"), Reports.Red(1, 60, hub.Now), Reports.Red(2, 59, hub.Now)));
        hub.Time.Advance(TimeSpan.FromMinutes(1));
        hub.Room<ObjectiveAccumulator>().Run();

        Assert.Equal(60UL, Assert.Single(shop.Purchases().Objectives).Requests);
    }

    [Theory]
    [InlineData("beside", false)]
    [InlineData("around", false)]
    [InlineData("beside", true)]
    [InlineData("around", true)]
    public async Task A_request_that_two_names_of_one_service_tell_of_in_one_trace_is_judged_once(string twice, bool broken)
    {
        await using var hub = await HubFixture.StartAsync();
        await CatalogueTests.DeclareAsync(hub, "shop", "names: [storefront, node]");
        var shop = new Shop(hub) { Twice = twice, CatalogBegins = broken };
        await shop.DeclareAsync(Shop.Journey.Replace("storefront", "shop", StringComparison.Ordinal));
        await shop.ListenAsync();
        for (var i = 0; i < 20; i++)
        {
            await shop.TradeAsync();
        }

        await shop.SettleAsync();
        var journey = shop.Purchases();

        // Who saw nothing behind the entry cannot say that all of it was there.
        Assert.Equal((broken ? 0.0 : 1.0, 200L, 200UL), (journey.Complete!.Share, journey.Complete.Chosen, journey.Complete.Of));
        Assert.All(journey.Hops.Where(hop => hop.Depth == 1), hop => Assert.Equal(1, hop.Share));
    }

    [Theory]
    [InlineData(3, 9UL, 9UL, 1)]
    [InlineData(3, 9UL, 8UL, 2)]
    [InlineData(1, 9UL, 9UL, 2)]
    public void Between_two_requests_of_one_service_there_is_a_call(int kind, ulong one, ulong other, int requests)
    {
        var (web, sdk, ebpf) = (Of("web"), Of("storefront"), Of("node"));
        List<ChosenSpan> entries = [Span(1, one, sdk, 2), Span(2, other, ebpf, 2)];
        var trace = new TraceTree(new ChosenTrace(1, 2, [Span(7, 0, web, 2), Span(8, 7, web, kind), Span(9, 7, web, kind), .. entries], default));

        Assert.Equal(requests, EntryRequests.Of(trace, entries, key => key with { Name = key.Name == "web" ? "web" : "shop" }).Count());

        static ServiceState Of(string name) => new(new ServiceKey(name, "", ""));
        static ChosenSpan Span(ulong id, ulong parent, ServiceState service, int kind) => new(id, parent, service, kind, "POST", null, IsLink: false, HasLink: false, Failed: false, 1);
    }

    [Theory]
    [InlineData("prod", "shop", "prod-ledger")]
    [InlineData("staging", "", "staging-ledger")]
    [InlineData("test", "", null)]
    public void A_hop_is_looked_for_where_the_entry_is(string environment, string space, string? found)
    {
        var snapshot = FakeJourneys.Snapshot(Ledger("staging", "shop"), Ledger("prod", "games"), Ledger("prod", "shop"));
        var journey = new Journey("j", "j", "", new JourneyEntry("front", space, environment, ""), [new ExpectedHop("ledger", "", "", false)], []);
        var root = new HopDraft(null, new HopEnd("front", "front", "service", null), "");

        var row = Assert.Single(DeclaredHops.Add(root, journey, new ServicesById(snapshot), snapshot.At));

        Assert.Equal(found, row.To.ServiceId);
    }

    [Fact]
    public void Where_the_entry_leaves_its_environment_open_a_hop_is_where_its_requests_are()
    {
        var snapshot = FakeJourneys.Snapshot(Ledger("staging", "shop"), Ledger("prod", "shop"));
        var journey = new Journey("j", "j", "", new JourneyEntry("front", "", "", ""), [new ExpectedHop("ledger", "", "", false)], []);
        var root = new HopDraft(null, new HopEnd("front", "front", "service", "front"), "") { Row = FakeJourneys.Service("front", 3) with { Environment = "prod" } };

        Assert.Equal("prod-ledger", Assert.Single(DeclaredHops.Add(root, journey, new ServicesById(snapshot), snapshot.At)).To.ServiceId);
    }

    private static ServiceRow Ledger(string environment, string space) =>
        FakeJourneys.Service("ledger", 3, @namespace: space) with { Id = space == "shop" ? $"{environment}-ledger" : $"{environment}-{space}-ledger", Environment = environment };
}
