using System.Net;
using Gantry.Hub.Campaigns;
using Gantry.Hub.Tests.Pipelines;
using Gantry.Testing;

namespace Gantry.Hub.Tests.Campaigns;

/// <summary>Campaigns over time, with a real hub, on both engines.</summary>
public abstract class CampaignTests<TState>
    where TState : TestState, new()
{
    // No owner is needed where nothing says a namespace: telemetry says the environment.
    private const string Spec = "  title: The shop\n  services: {namespace: shop}\n  target: baseline\n  by: 2026-12-18\n";

    [Fact]
    public async Task It_becomes_done_falls_back_when_evidence_goes_and_keeps_its_points()
    {
        using var state = new TState();
        await using var hub = await HubFixture.StartAsync(state);
        await DeclareAsync(hub, Spec);
        await ReportAsync(hub, 1, "cart", "stock");
        hub.Time.Jump(TimeSpan.FromMinutes(6));
        await ReportAsync(hub, 2, "cart", "stock");
        hub.Time.Jump(TimeSpan.FromSeconds(1));
        hub.Room<CampaignRecorder>().Run();
        var done = await hub.GetAsync<CampaignRow>("campaigns/shop");
        Assert.Equal(("done", 2, 2, ""), (done.State, done.Reached, done.Services, done.Regressed));

        // The stock falls silent: its evidence is stale, so it is not done any more, and an hour later that is a point.
        hub.Time.Jump(TimeSpan.FromHours(1));
        await ReportAsync(hub, 3, "cart");
        hub.Time.Jump(TimeSpan.FromSeconds(1));
        hub.Room<CampaignRecorder>().Run();
        var fallen = await hub.GetAsync<CampaignRow>("campaigns/shop");
        Assert.Equal(("in progress", 1, null), (fallen.State, fallen.Reached, fallen.DoneSince));
        Assert.Contains("1 of 2 services are", fallen.Regressed, StringComparison.Ordinal);
        Assert.Equal("stock", Assert.Single(Assert.Single(fallen.Teams).Services).Name);

        Assert.Equal([(2, 2), (1, 2)], (await hub.GetAsync<CampaignPoint[]>("campaigns/shop/points")).Select(point => (point.Reached, point.Services)));
        var time = hub.Time;
        await hub.DisposeAsync();

        await using var second = await HubFixture.StartAsync(state, time);
        var again = await second.GetAsync<CampaignRow>("campaigns/shop");
        Assert.Equal((fallen.State, fallen.Regressed, fallen.RegressedAt), (again.State, again.Regressed, again.RegressedAt));
        Assert.Equal(2, (await second.GetAsync<CampaignPoint[]>("campaigns/shop/points")).Length);

        // Whole again: since now, and nothing is said of before.
        await ReportAsync(second, 4, "cart", "stock");
        second.Time.Jump(TimeSpan.FromSeconds(1));
        second.Room<CampaignRecorder>().Run();
        var whole = await second.GetAsync<CampaignRow>("campaigns/shop");
        Assert.Equal(("done", ""), (whole.State, whole.Regressed));
        Assert.True(whole.DoneSince > done.DoneSince);
    }

    [Fact]
    public async Task A_hub_that_was_off_does_not_take_its_own_silence_for_a_regression()
    {
        using var state = new TState();
        await using var hub = await HubFixture.StartAsync(state);
        await DeclareAsync(hub, Spec);
        await ReportAsync(hub, 1, "cart");
        hub.Time.Jump(TimeSpan.FromSeconds(1));
        hub.Room<CampaignRecorder>().Run();
        var done = await hub.GetAsync<CampaignRow>("campaigns/shop");
        var time = hub.Time;
        await hub.DisposeAsync();
        time.Jump(TimeSpan.FromHours(2));

        await using var second = await HubFixture.StartAsync(state, time);
        Assert.Equal("in progress", (await second.GetAsync<CampaignRow>("campaigns/shop")).State);
        Assert.Single(await second.GetAsync<CampaignPoint[]>("campaigns/shop/points"));
        await ReportAsync(second, 2, "cart");
        second.Time.Jump(TimeSpan.FromSeconds(1));
        second.Room<CampaignRecorder>().Run();

        var after = await second.GetAsync<CampaignRow>("campaigns/shop");
        Assert.Equal(("done", done.DoneSince), (after.State, after.DoneSince));
        Assert.Equal([(1, 1), (1, 1)], (await second.GetAsync<CampaignPoint[]>("campaigns/shop/points")).Select(point => (point.Reached, point.Services)));
    }

    [Fact]
    public async Task What_is_no_longer_declared_leaves_nothing_and_a_draft_has_no_points()
    {
        using var state = new TState();
        await using var hub = await HubFixture.StartAsync(state);
        await DeclareAsync(hub, Spec);
        await DeclareAsync(hub, "  services: {namespace: shop}\n  target: baseline\n", "draft");
        hub.Room<CampaignRecorder>().Run();
        Assert.Single(await hub.GetAsync<CampaignPoint[]>("campaigns/shop/points"));
        Assert.Empty(await hub.GetAsync<CampaignPoint[]>("campaigns/draft/points"));

        (await hub.Client.DeleteAsync("/api/v1/resources/campaigns/shop")).EnsureSuccessStatusCode();
        hub.Room<CampaignRecorder>().Run();

        Assert.Empty(hub.Room<CampaignView>().Points("shop"));
        Assert.Equal(HttpStatusCode.NotFound, (await hub.Client.GetAsync("/api/v1/campaigns/shop")).StatusCode);
    }

    [Fact]
    public async Task The_pages_say_how_far_it_is_who_is_behind_and_what_to_declare_when_there_is_none()
    {
        using var state = new TState();
        await using var hub = await HubFixture.StartAsync(state);
        var empty = await PageAsync(hub, "/campaigns");
        Assert.Contains("No campaign is declared yet", empty, StringComparison.Ordinal);
        Assert.Contains("kind: Campaign", empty, StringComparison.Ordinal);

        await DeclareAsync(hub, Spec);
        await ReportAsync(hub, 1, "cart");
        for (var i = 0; i < 3; i++)
        {
            hub.Time.Jump(TimeSpan.FromHours(1));
            hub.Room<CampaignRecorder>().Run();
        }

        var list = await PageAsync(hub, "/campaigns");
        var page = await PageAsync(hub, "/campaigns/shop");

        Assert.Contains("href=\"/campaigns/shop\"", list, StringComparison.Ordinal);
        Assert.Contains("0 of 1 service is on Baseline", list, StringComparison.Ordinal);
        Assert.Contains("id=\"burn-up-chart\"", page, StringComparison.Ordinal);
        Assert.Contains("Nobody owns these", page, StringComparison.Ordinal);
        Assert.Contains(">cart</a>", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await hub.Client.GetAsync("/campaigns/other")).StatusCode);
    }

    private static async Task DeclareAsync(HubFixture hub, string spec, string name = "shop")
    {
        using var content = new StringContent(Documents.Head("Campaign", name) + spec);
        using var response = await hub.Client.PutAsync($"/api/v1/resources/campaigns/{name}", content);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private static async Task ReportAsync(HubFixture hub, ulong sequence, params string[] services)
    {
        var batch = Reports.Batch(sequence, full: true);
        foreach (var (name, id) in services.Select((name, index) => (name, (uint)index + 1)))
        {
            // The host is visible, so that the rung below is there too.
            batch.With(new Gantry.Protocol.Observations.ServiceIdentity { Id = id, Name = name, Namespace = "shop" }, Reports.Source(id, hub.Now, ("host.id", "h1")), Reports.Red(id, sequence * 10, hub.Now));
        }

        batch.With(
            Reports.Point("system.cpu.utilization", 0.5, hub.Now, false, ("cpu.mode", "idle")), Reports.Point("system.memory.utilization", 0.5, hub.Now, false, ("system.memory.state", "used")));
        await hub.ReportAsync(batch);
    }

    private static async Task<string> PageAsync(HubFixture hub, string path)
    {
        hub.Time.Advance(TimeSpan.FromSeconds(1));
        return WebUtility.HtmlDecode(await hub.Client.GetStringAsync(path));
    }
}

public sealed class CampaignOnSqliteTests : CampaignTests<SqliteState>;

public sealed class CampaignOnPostgresTests : CampaignTests<PostgresState>;
