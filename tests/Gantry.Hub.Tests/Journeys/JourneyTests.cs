using Gantry.Hub.Coverage;
using Gantry.Hub.Journeys;
using Gantry.Hub.Journeys.Breaks;
using Gantry.Hub.Observations;
using Gantry.Testing;

namespace Gantry.Hub.Tests.Journeys;

/// <summary>A journey from what gateways tell: where it goes, where it breaks and why, and how much of it is whole.</summary>
public class JourneyTests
{
    [Fact]
    public async Task A_journey_is_learnt_hop_by_hop_and_is_whole()
    {
        await using var hub = await HubFixture.StartAsync();
        var shop = new Shop(hub);
        await shop.DeclareAsync();
        await TradeAsync(shop, 20);

        var journey = shop.Purchases();

        Assert.Equal("whole", journey.State);
        Assert.Equal(
            ["storefront", "> cart", "> catalog", "> payments", "> > bank", "> rabbitmq orders", "> > fulfilment"],
            journey.Hops.OrderBy(hop => Way(journey, hop), StringComparer.Ordinal).Select(hop => string.Concat(Enumerable.Repeat("> ", hop.Depth)) + hop.End.Name));
        Assert.All(journey.Hops, hop => Assert.Equal(1, hop.Share));
        Assert.Empty(journey.Breaks);
        Assert.Equal((1.0, 200L, 200UL), (journey.Complete!.Share, journey.Complete.Chosen, journey.Complete.Of));
        Assert.Equal((1.0, 1.0), (journey.Complete.Low, journey.Complete.High));
    }

    [Fact]
    public async Task Three_planted_breaks_are_named_with_their_cause_and_nothing_else_is()
    {
        await using var hub = await HubFixture.StartAsync();
        var shop = new Shop(hub) { CatalogBegins = true, PaymentsDark = true, QueueLoses = true };
        await shop.DeclareAsync();
        await shop.ListenAsync();
        await TradeAsync(shop, 45);

        var journey = shop.Purchases();

        Assert.Equal("broken", journey.State);
        Assert.Equal(
            [
                (BreakCodes.ContextNotContinued, "storefront", "catalog", ""),
                (BreakCodes.HopDark, "storefront", "payments.dll", ""),
                (BreakCodes.QueueLosesContext, "storefront", "fulfilment", "orders"),
            ],
            journey.Breaks.OrderBy(item => item.Code, StringComparer.Ordinal).Select(item => (item.Code, item.From.Name, item.To.Name, item.Queue)));
        Assert.Equal(["bank"], journey.Breaks.Single(item => item.Code == BreakCodes.HopDark).Also);
        Assert.All(journey.Breaks, item => Assert.Equal((1.0, 450UL), (item.Lost!.Share, item.Requests)));
        Assert.All(journey.Breaks, item => Assert.NotEmpty(item.Fix));
        Assert.Equal(0, journey.Complete!.Share);
        // The map goes on behind each break.
        Assert.Equal(["bank", "cart", "catalog", "fulfilment", "payments.dll", "rabbitmq orders", "storefront"], journey.Hops.Select(hop => hop.End.Name).Order(StringComparer.Ordinal));
        Assert.Equal(["catalog", "fulfilment", "payments.dll"], journey.Hops.Where(hop => hop.Break.Length > 0).Select(hop => hop.End.Name).Order(StringComparer.Ordinal));
        Assert.Equal("dark", journey.Hops.Single(hop => hop.End.Name == "payments.dll").State);
        // What is behind a break sends, and has its figures.
        Assert.All(journey.Hops.Where(hop => hop.End.Name is "catalog" or "fulfilment"), hop => Assert.NotNull(hop.Red));
        Assert.Equal(3, hub.Room<JourneyQueries>().Breaks.Count);
    }

    [Fact]
    public async Task A_break_keeps_its_cause_while_nobody_calls()
    {
        await using var hub = await HubFixture.StartAsync();
        var shop = new Shop(hub) { CatalogBegins = true };
        await shop.DeclareAsync();
        await shop.ListenAsync();
        await TradeAsync(shop, 20);

        await shop.SettleAsync(7 * 60);

        // Its spans are old because no request came; that is not what loses the trace.
        Assert.Equal([BreakCodes.ContextNotContinued], shop.Purchases().Breaks.Select(item => item.Code));
    }

    [Fact]
    public async Task A_journey_does_not_become_whole_because_an_agent_fell_silent()
    {
        await using var hub = await HubFixture.StartAsync();
        var shop = new Shop(hub) { PaymentsDark = true };
        await shop.DeclareAsync();
        await shop.ListenAsync();
        await TradeAsync(shop, 20);
        Assert.Equal([BreakCodes.HopDark], shop.Purchases().Breaks.Select(item => item.Code));

        for (var i = 0; i < 7 * 30; i++)
        {
            await shop.TradeAsync(1);
            _ = shop.Purchases();
        }

        var journey = shop.Purchases();
        Assert.Equal(("broken", 0.0), (journey.State, journey.Complete!.Share));
        var found = Assert.Single(journey.Breaks);
        Assert.Equal((BreakCodes.HopDark, "payments.dll"), (found.Code, found.To.Name));
        Assert.Contains("when the agent of its host was last heard, ", found.Cause, StringComparison.Ordinal);
        // An agent that reports, and sees nobody there, knows better.
        await hub.SayAsync(Reports.Agent(Guid.CreateVersion7(), 1, Reports.Process(97, "catalog.js", 5081, declared: "catalog")));
        Assert.Empty(shop.Purchases().Breaks);
    }

    [Fact]
    public async Task A_break_that_is_mended_is_gone_within_seconds_and_its_hop_is_live()
    {
        await using var hub = await HubFixture.StartAsync();
        var shop = new Shop(hub) { CatalogBegins = true, PaymentsDark = true, QueueLoses = true };
        await shop.DeclareAsync();
        await shop.ListenAsync();
        await TradeAsync(shop, 45);
        Assert.Equal(3, shop.Purchases().Breaks.Count);

        shop.CatalogBegins = shop.QueueLoses = false;
        await TradeAsync(shop, 10, settle: false);

        // Twenty seconds, of which a trace needs ten until it is looked at.
        Assert.Equal([BreakCodes.HopDark], shop.Purchases().Breaks.Select(item => item.Code));
        shop.PaymentsDark = false;
        await TradeAsync(shop, 10, settle: false);
        var journey = shop.Purchases();
        Assert.Empty(journey.Breaks);
        Assert.Equal("mending", journey.State);
    }

    [Fact]
    public async Task A_hop_whose_traces_get_lost_for_long_is_not_said_to_be_silent_while_it_sends()
    {
        await using var hub = await HubFixture.StartAsync();
        var shop = new Shop(hub);
        await shop.DeclareAsync();
        await TradeAsync(shop, 20);
        shop.CatalogBegins = true;
        for (var i = 0; i < 4; i++)
        {
            await shop.ListenAsync();
            await TradeAsync(shop, 45);
        }

        var hop = shop.Purchases().Hops.Single(hop => hop.End.Name == "catalog");
        Assert.NotEmpty(hop.Break);
        Assert.True(hub.Room<EstateQueries>().Current.Services.Single(row => row.Name == "catalog").Stale);
        Assert.Equal("live", hop.State);
    }

    [Fact]
    public async Task Since_when_an_operation_is_seen_is_known_after_a_restart_too()
    {
        using var state = new SqliteState();
        await using var hub = await HubFixture.StartAsync(state);
        var (time, start) = (hub.Time, hub.Time.GetUtcNow());
        var shop = new Shop(hub);
        await shop.DeclareAsync();
        await TradeAsync(shop, 20);
        await hub.DisposeAsync();

        await using var second = await HubFixture.StartAsync(state, time);

        var observations = second.Room<ObservationStore>();
        lock (observations.Gate)
        {
            var seen = observations.Services_NeedsLock.SelectMany(service => service.Operations.Values).Select(operation => operation.FirstSeen).ToList();
            Assert.NotEmpty(seen);
            Assert.All(seen, first => Assert.InRange(first, start.AddMinutes(-1), time.GetUtcNow()));
        }
    }

    [Fact]
    public async Task A_link_that_loses_some_calls_stays_broken_between_them()
    {
        await using var hub = await HubFixture.StartAsync();
        var shop = new Shop(hub) { CatalogBegins = true, CatalogShare = 20 };
        await shop.DeclareAsync();
        await shop.ListenAsync();
        await TradeAsync(shop, 20);

        for (var i = 0; i < 20; i++)
        {
            await shop.TradeAsync(2);
            var found = Assert.Single(shop.Purchases().Breaks);
            Assert.InRange(found.Lost!.Share, 0.1, 0.35);
            Assert.InRange(found.Lost.Share, found.Lost.Low, found.Lost.High);
        }
    }

    [Fact]
    public async Task A_call_that_failed_breaks_nothing()
    {
        await using var hub = await HubFixture.StartAsync();
        var shop = new Shop(hub) { PaymentsFails = true };
        await shop.DeclareAsync();
        await shop.ListenAsync();
        await TradeAsync(shop, 20);

        Assert.Equal("whole", shop.Purchases().State);
    }

    [Fact]
    public async Task What_is_counted_and_no_longer_looked_at_is_not_said_to_be_whole()
    {
        await using var hub = await HubFixture.StartAsync();
        var shop = new Shop(hub);
        await shop.DeclareAsync();
        await TradeAsync(shop, 20);
        Assert.Equal("whole", shop.Purchases().State);

        shop.Untraced = true;
        for (var i = 0; i < 6 * 30; i++)
        {
            await shop.TradeAsync(1);
        }

        var journey = shop.Purchases();
        Assert.Equal(("unknown", 1.0), (journey.State, journey.Complete?.Share));
        Assert.InRange(journey.LastSeen!.Value, hub.Time.GetUtcNow().AddSeconds(-10), hub.Time.GetUtcNow());
        shop.Untraced = false;
        await TradeAsync(shop, 5);
        Assert.Equal("whole", shop.Purchases().State);
    }

    [Fact]
    public async Task While_a_gateway_is_silent_the_journey_says_since_when_nothing_is_judged()
    {
        await using var hub = await HubFixture.StartAsync();
        var (shop, other) = (new Shop(hub), new Shop(hub, "gateway-2"));
        await shop.DeclareAsync();
        await other.TradeAsync(0);
        var last = hub.Time.GetUtcNow();
        await TradeAsync(shop, 10);

        var journey = shop.Purchases();
        Assert.Equal(last, journey.UnjudgedSince);
        Assert.Contains($"A gateway has been silent since {last:HH:mm:ss} UTC", await hub.Client.GetStringAsync("/journeys/purchase"), StringComparison.Ordinal);
        hub.Time.Advance(TimeSpan.FromMinutes(5));
        await TradeAsync(shop, 10);
        Assert.Null(shop.Purchases().UnjudgedSince);
        Assert.Equal("whole", shop.Purchases().State);
    }

    [Fact]
    public async Task Where_a_report_is_missing_nothing_is_said_about_traces_of_that_time()
    {
        await using var hub = await HubFixture.StartAsync();
        var (shop, other) = (new Shop(hub), new Shop(hub, "gateway-2"));
        await shop.DeclareAsync();
        for (var i = 0; i < 20; i++)
        {
            await shop.TradeAsync();
            // Empty reports of a second gateway: every fifth is lost with all that it may have held.
            await other.TradeAsync(0, isLost: i % 5 == 4);
        }

        await TradeAsync(shop, 1);

        // Before the first report of the second gateway, and around its holes, nobody can say what is missing.
        var journey = shop.Purchases();
        Assert.InRange(journey.Complete?.Chosen ?? 0, 1, 120);
        Assert.Equal(1, journey.Complete!.Share);
        Assert.Empty(hub.Room<JourneyQueries>().Breaks);
    }

    [Fact]
    public async Task A_declared_hop_that_nothing_reaches_is_a_break_and_an_optional_one_is_not()
    {
        await using var hub = await HubFixture.StartAsync();
        var shop = new Shop(hub);
        await shop.DeclareAsync(Shop.Journey.Replace("entry:", "hops: [{service: cart}, {service: payments}, {service: ledger, from: payments}, {service: gift, optional: true}], entry:", StringComparison.Ordinal));
        await TradeAsync(shop, 20);

        var journey = shop.Purchases();

        Assert.Equal([(BreakCodes.HopUnseen, "payments", "ledger")], journey.Breaks.Select(item => (item.Code, item.From.Name, item.To.Name)));
        Assert.Equal([("cart", "both"), ("gift", "declared"), ("ledger", "declared"), ("payments", "both")], journey.Hops.Where(hop => hop.Origin != "learnt").Select(hop => (hop.End.Name, hop.Origin)).Order());
        Assert.Equal(0, journey.Complete!.Share);
    }

    [Fact]
    public async Task A_hop_of_an_odd_name_is_quoted_in_the_command_that_looks_for_it()
    {
        await using var hub = await HubFixture.StartAsync();
        var shop = new Shop(hub);
        await shop.DeclareAsync(Shop.Journey.Replace("entry:", "hops: [{service: '-x; id'}], entry:", StringComparison.Ordinal));
        await TradeAsync(shop, 5);

        Assert.Equal("gantry get services -- '-x; id'", Assert.Single(shop.Purchases().Breaks, item => item.Code == BreakCodes.HopUnseen).Command);
    }

    [Fact]
    public async Task An_optional_hop_that_was_never_met_says_nothing_of_how_far_the_journey_is()
    {
        await using var hub = await HubFixture.StartAsync();
        var shop = new Shop(hub);
        await shop.DeclareAsync(Shop.Journey.Replace("entry:", "hops: [{service: cart, optional: true}, {service: gift, optional: true}], entry:", StringComparison.Ordinal));
        await TradeAsync(shop, 20);

        var journey = shop.Purchases();

        Assert.Equal(["cart", "gift"], journey.Hops.Where(hop => hop.Optional).Select(hop => hop.End.Name).Order(StringComparer.Ordinal));
        Assert.Equal(journey.Hops.Where(hop => hop.End is { Type: "service", Name: not "gift" }).Min(hop => hop.Rung), journey.Reached);
        Assert.InRange(journey.Reached, 1, 4);
    }

    [Fact]
    public async Task Another_way_begins_anew_and_another_owner_does_not()
    {
        await using var hub = await HubFixture.StartAsync();
        var shop = new Shop(hub);
        await shop.DeclareAsync();
        await TradeAsync(shop, 20);
        await shop.DeclareAsync(Shop.Journey.Replace("team-shop", "team-other", StringComparison.Ordinal));
        Assert.Equal((1.0, 200L), (shop.Purchases().Complete!.Share, shop.Purchases().Complete!.Chosen));

        await shop.DeclareAsync(Shop.Journey.Replace("entry:", "hops: [{service: ledger}], entry:", StringComparison.Ordinal));
        Assert.Null(shop.Purchases().Complete);
        await TradeAsync(shop, 10);
        Assert.Equal((0.0, 100L), (shop.Purchases().Complete!.Share, shop.Purchases().Complete!.Chosen));

        (await hub.Client.DeleteAsync("/api/v1/resources/journeys/purchase")).EnsureSuccessStatusCode();
        await TradeAsync(shop, 1);
        await shop.DeclareAsync(Shop.Journey.Replace("entry:", "hops: [{service: ledger}], entry:", StringComparison.Ordinal));
        Assert.Null(shop.Purchases().Complete);
    }

    [Fact]
    public async Task Calls_by_another_name_that_lose_nothing_count_for_the_share_that_a_link_loses()
    {
        await using var hub = await HubFixture.StartAsync();
        var shop = new Shop(hub) { CatalogBegins = true, CatalogByName = true };
        await shop.DeclareAsync();
        await shop.ListenAsync();
        await TradeAsync(shop, 45);

        var found = Assert.Single(shop.Purchases().Breaks);

        Assert.Equal((0.5, 450UL, 900UL), (found.Lost!.Share, found.Requests, found.Lost.Of));
        Assert.StartsWith("450 of 900 calls", found.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_journey_that_nobody_takes_is_dark_and_one_that_ended_goes_stale()
    {
        await using var hub = await HubFixture.StartAsync();
        var shop = new Shop(hub);
        await shop.DeclareAsync();
        Assert.Equal("dark", shop.Purchases().State);

        await TradeAsync(shop, 5);
        Assert.Equal("whole", shop.Purchases().State);

        hub.Time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal("stale", shop.Purchases().State);
        Assert.DoesNotContain(shop.Purchases().Hops, hop => hop.State == "live");
    }

    private static async Task TradeAsync(Shop shop, int reports, bool settle = true)
    {
        for (var i = 0; i < reports; i++)
        {
            await shop.TradeAsync();
        }

        if (settle)
        {
            await shop.SettleAsync();
        }
    }

    private static string Way(JourneyRow journey, HopRow hop) =>
        (hop.Parent.Length == 0 ? "" : Way(journey, journey.Hops.Single(other => other.Id == hop.Parent)) + "/") + hop.End.Name;
}
