using System.Net;
using Gantry.Hub.Coverage;
using Gantry.Hub.Quality;
using Gantry.Hub.Quality.Company;
using Gantry.Hub.Tests.Pipelines;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Tests.Quality.Company;

/// <summary>A real hub: own rules over what was reported to it, at REST and on the page.</summary>
public class CompanyDoorTests
{
    [Fact]
    public async Task Own_rules_stand_apart_and_leave_the_official_score_as_it_is()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.ReportAsync(Batch(hub.Now));
        var before = await hub.GetAsync<ScoreDetail>("services/shop/score");
        Assert.Null(before.Company);

        await DeclareAsync(hub, "impact: critical\n  require: {rung: transactions}\n  title: Is traced\n  fix: Attach it.", "traced");
        await DeclareAsync(hub, "impact: normal\n  require: {attribute: service.version}\n  fix: Set it.", "version");
        await DeclareAsync(hub, "impact: important\n  require: {attribute: host.name}\n  fix: Set it.", "host");
        await DeclareAsync(hub, "impact: important\n  require: {noFinding: sampled_at_source}\n  fix: Sample at the gateway.", "sampled");
        await DeclareAsync(hub, "impact: low\n  require: {noFinding: clock_ahead}\n  fix: Use NTP.", "clock");
        await DeclareAsync(hub, "impact: low\n  require: {score: 60}\n  fix: See its rules.", "official");
        await DeclareAsync(hub, "impact: low\n  require: {owner: true}\n  match: {service: other}\n  fix: Own it.", "owned");

        var after = await hub.GetAsync<ScoreDetail>("services/shop/score");
        Assert.Equal(Official(before), Official(after));
        Assert.Equal(before.Rules, after.Rules);
        Assert.Equal(
            [("traced", "failed"), ("sampled", "failed"), ("version", "failed"), ("host", "passed"), ("clock", "passed"), ("official", "passed")],
            after.Company!.Rules.Select(rule => (rule.Name, rule.State)));
        // 30 + 10 + 10 of 40 + 30 + 20 + 30 + 10 + 10.
        Assert.Equal(100.0 * 50 / 140, after.Company.Score.Value!.Value, 6);
        var row = Assert.Single(await hub.GetAsync<List<ScoreRow>>("scores"));
        Assert.Equal((before.Score.Value, after.Company.Score.Value), (row.Value, row.Company!.Value));
        Assert.Equal(["traced", "sampled", "version"], row.Company.Failed);

        var page = await hub.Client.GetStringAsync(new Uri($"services/{after.Score.ServiceId}", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains("Company score", page, StringComparison.Ordinal);
        Assert.Contains("Is traced", page, StringComparison.Ordinal);
        Assert.Contains("1 of 2 that send for it lacks service.version: host.name web-2", page, StringComparison.Ordinal);
        Assert.Contains("Sample at the gateway.", page, StringComparison.Ordinal);

        (await hub.Client.DeleteAsync(new Uri("api/v1/resources/qualityrules/traced", UriKind.Relative), TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        Assert.Equal(100.0 * 50 / 100, (await hub.GetAsync<ScoreDetail>("services/shop/score")).Company!.Score.Value!.Value, 6);
    }

    [Fact]
    public async Task What_falls_silent_is_not_green_any_more()
    {
        await using var hub = await HubFixture.StartAsync();
        await DeclareAsync(hub, "impact: critical\n  require: {rung: baseline}\n  fix: Attach it.", "baseline");
        await DeclareAsync(hub, "impact: normal\n  require: {attribute: host.name}\n  fix: Set it.", "host");
        await DeclareAsync(hub, "impact: normal\n  require: {noFinding: clock_ahead}\n  fix: Use NTP.", "clock");
        await hub.ReportAsync(Batch(hub.Now));
        var live = (await hub.GetAsync<ScoreDetail>("services/shop/score")).Company!;
        Assert.All(live.Rules, rule => Assert.Equal("passed", rule.State));

        hub.Time.Jump(TimeSpan.FromMinutes(20));

        var silent = (await hub.GetAsync<ScoreDetail>("services/shop/score")).Company!;
        Assert.Equal([("baseline", "failed"), ("clock", "not-judged"), ("host", "not-judged")], silent.Rules.Select(rule => (rule.Name, rule.State)));
        Assert.Contains("nothing came from it for 20 min", silent.Rules[0].Finding, StringComparison.Ordinal);
        Assert.Equal(0, silent.Score.Value);
    }

    [Fact]
    public async Task Of_a_service_that_sends_nothing_own_rules_say_what_they_can()
    {
        await using var hub = await HubFixture.StartAsync();
        await DeclareAsync(hub, "impact: critical\n  require: {owner: true}\n  fix: Own it.", "owned");
        await DeclareAsync(hub, "impact: low\n  require: {rung: baseline}\n  fix: Attach it.", "baseline");
        using var service = new StringContent(Documents.Head("Service", "ledger") + "  title: Ledger\n");
        (await hub.Client.PutAsync(new Uri("api/v1/resources/services/ledger", UriKind.Relative), service, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

        var detail = await hub.GetAsync<ScoreDetail>("services/ledger/score");

        Assert.Equal((null, 0, 19), (detail.Score.Value, detail.Score.Judged, detail.Score.Rules));
        Assert.All(detail.Rules, rule => Assert.Equal("not-judged", rule.State));
        Assert.Equal([("owned", "failed"), ("baseline", "not-judged")], detail.Company!.Rules.Select(rule => (rule.Name, rule.State)));
        var id = Assert.Single(await hub.GetAsync<List<ServiceRow>>("services")).Id;
        var page = await hub.Client.GetStringAsync(new Uri($"services/{id}", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains("no owner is declared for it", page, StringComparison.Ordinal);
        Assert.Contains("so there is no score", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_that_a_declared_service_made_one_counts()
    {
        await using var hub = await HubFixture.StartAsync();
        await DeclareAsync(hub, "impact: normal\n  require: {attribute: service.version}\n  fix: Set it.", "version");
        await DeclareAsync(hub, "impact: normal\n  require: {noFinding: sampled_at_source}\n  fix: Sample at the gateway.", "sampled");
        var batch = Batch(hub.Now).With(Reports.Service(2, "shop-ebpf"), Reports.Red(2, 5, hub.Now), Reports.Source(2, hub.Now, ("host.name", "web-3")));
        await hub.ReportAsync(batch);
        using var service = new StringContent(Documents.Head("Service", "shop") + "  names: [shop-ebpf]\n");
        (await hub.Client.PutAsync(new Uri("api/v1/resources/services/shop", UriKind.Relative), service, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

        var detail = await hub.GetAsync<ScoreDetail>("services/shop-ebpf/score");

        Assert.Contains("2 of 3 that send for it lack service.version", detail.Company!.Rules.Single(rule => rule.Name == "version").Finding, StringComparison.Ordinal);
        Assert.Equal("failed", detail.Company.Rules.Single(rule => rule.Name == "sampled").State);
    }

    [Fact]
    public async Task Where_no_rule_is_for_it_there_is_none()
    {
        await using var hub = await HubFixture.StartAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await hub.Client.GetAsync(new Uri("api/v1/services/ledger/score", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode);
    }

    private static object Official(ScoreDetail detail) => (detail.Score with { Company = null, Failed = [] }, string.Join(',', detail.Score.Failed));

    private static async Task DeclareAsync(HubFixture hub, string spec, string name)
    {
        using var content = new StringContent(Documents.Head("QualityRule", name) + $"  {spec}\n");
        using var response = await hub.Client.PutAsync(new Uri($"api/v1/resources/qualityrules/{name}", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Two emitters, of which one has no version; requests; and spans that were sampled.</summary>
    private static ObservationBatch Batch(ulong now)
    {
        var batch = Reports.Batch(full: true).With(
            Reports.Service(1, "shop"),
            Reports.Red(1, 10, now),
            Reports.Source(1, now, ("host.name", "web-1"), ("service.version", "1.0")),
            Reports.Source(1, now, ("host.name", "web-2")),
            Reports.Finding(1, FindingCodes.SampledAtSource, 3, now));
        batch.QualityFacts.Add(new QualityFact { Service = 1, Check = QualityChecks.InstanceId, LastUnixNano = now });
        batch.QualityFacts.Add(new QualityFact { Service = 1, Check = QualityChecks.ServiceName, LastUnixNano = now });
        batch.QualityFacts.Add(new QualityFact { Service = 1, Check = QualityChecks.Severity, Seen = 10, Bad = 4, LastUnixNano = now, BadUnixNano = now });
        return batch;
    }
}
