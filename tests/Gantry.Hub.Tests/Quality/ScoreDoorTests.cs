using Gantry.Hub.Coverage;
using Gantry.Hub.Quality;
using Gantry.Hub.Tests.Coverage;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Tests.Quality;

/// <summary>A real hub: REST and page say the same, and a restart forgets nothing.</summary>
public class ScoreDoorTests
{
    [Fact]
    public async Task The_score_is_at_every_door_and_outlives_a_restart()
    {
        var folder = HubFixture.NewFolder();
        ScoreDetail before;
        await using (var hub = await HubFixture.StartAsync(folder))
        {
            await hub.ReportAsync(Batch(hub.Now));

            before = await hub.GetAsync<ScoreDetail>("services/shop/score");
            var scores = await hub.GetAsync<List<ScoreRow>>("scores");
            var service = await hub.GetAsync<List<ServiceRow>>("services");
            var page = await hub.Client.GetStringAsync(new Uri($"services/{before.Score.ServiceId}", UriKind.Relative), TestContext.Current.CancellationToken);

            // RES-005 40 and RES-001 20 passed; MET-002 and MET-006 30 and 30 failed, MET-001, MET-003 30 and MET-005 20 passed; LOG-002 30 failed.
            Assert.Equal(100.0 * (40 + 20 + 30 + 30 + 20) / (40 + 20 + 30 + 30 + 20 + 30 + 30 + 30), before.Score.Value!.Value, 6);
            Assert.Equal("Needs Improvement", before.Score.Band);
            Assert.Equal(["MET-002", "MET-006", "LOG-002"], before.Score.Failed);
            Assert.Equal(before.Score.Value, Assert.Single(scores).Value);
            Assert.Equal(new ScoreNow(before.Score.Value.Value, before.Score.Band, 8, 19), Assert.Single(service).Score);
            Assert.Contains("Needs Improvement", page, StringComparison.Ordinal);
            Assert.Contains("http.route has no unit", page, StringComparison.Ordinal);
            Assert.Contains("the specification has not written its criteria", page, StringComparison.Ordinal);
            Assert.Equal(["failed", "failed", "failed", "not-judged"], before.Rules.Take(4).Select(rule => rule.State));
        }

        await using var again = await HubFixture.StartAsync(folder);
        var after = await again.GetAsync<ScoreDetail>("services/shop/score");

        Assert.Equal(before.Score.Value, after.Score.Value);
        Assert.Equal(before.Rules.Select(rule => (rule.Id, rule.State, rule.Finding, rule.LastFailed)), after.Rules.Select(rule => (rule.Id, rule.State, rule.Finding, rule.LastFailed)));
    }

    [Fact]
    public async Task A_declared_service_has_the_score_of_its_telemetry()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.ReportAsync(Batch(hub.Now));
        var telemetry = Assert.Single(await hub.GetAsync<List<ServiceRow>>("services")).Id;
        await CatalogueTests.DeclareAsync(hub, "storefront", "names: [shop]");
        var row = Assert.Single(await hub.GetAsync<List<ServiceRow>>("services"));
        Assert.NotEqual(telemetry, row.Id);

        foreach (var id in new[] { telemetry, row.Id, "shop", "storefront" })
        {
            Assert.Equal(row.Score!.Value, (await hub.GetAsync<ScoreDetail>($"services/{id}/score")).Score.Value);
            Assert.Equal(telemetry, Assert.Single(await hub.GetAsync<List<ScoreRow>>($"scores?name={id}")).ServiceId);
        }
    }

    [Fact]
    public async Task What_a_stranger_reports_is_bounded_and_harms_nobody()
    {
        await using var hub = await HubFixture.StartAsync();
        var batch = Batch(hub.Now);
        batch.QualityFacts.Add(new QualityFact { Service = 1, Check = "invented", LastUnixNano = hub.Now, BadUnixNano = hub.Now });
        batch.QualityFacts.Add(new QualityFact { Service = 99, Check = QualityChecks.InstanceId, LastUnixNano = hub.Now });
        batch.QualityFacts.Add(new QualityFact { Service = 1, Check = QualityChecks.InstanceId, LastUnixNano = ulong.MaxValue, BadUnixNano = ulong.MaxValue, Example = new string('x', 100_000) });
        batch.AttributeSketches.Add(new AttributeSketch { Service = 1, Metric = "m", Key = "k", Hour = ulong.MaxValue, Registers = [1, 2, 3] });
        for (var i = 0; i < 3000; i++)
        {
            batch.MetricFacts.Add(new MetricFact { Service = 1, Name = $"m{i}", Unit = "s", LastUnixNano = hub.Now });
        }

        await hub.ReportAsync(batch);

        var score = await hub.GetAsync<ScoreDetail>("services/shop/score");
        var rule = score.Rules.Single(rule => rule.Id == "RES-001");
        Assert.Equal("failed", rule.State);
        Assert.InRange(rule.Finding.Length, 1, 400);
        Assert.True(rule.LastFailed <= hub.Time.GetUtcNow());
    }

    private static ObservationBatch Batch(ulong now)
    {
        var batch = Reports.Batch(full: true).With(Reports.Service(1, "shop"));
        batch.Sources.Add(new TelemetrySource { Service = 1, Signals = { new SignalSeen { Signal = Signal.Metrics, Items = 1, LastUnixNano = now } } });
        batch.QualityFacts.Add(new QualityFact { Service = 1, Check = QualityChecks.InstanceId, LastUnixNano = now });
        batch.QualityFacts.Add(new QualityFact { Service = 1, Check = QualityChecks.ServiceName, LastUnixNano = now });
        batch.QualityFacts.Add(new QualityFact { Service = 1, Check = QualityChecks.Severity, Seen = 10, Bad = 4, LastUnixNano = now, BadUnixNano = now });
        batch.MetricFacts.Add(new MetricFact { Service = 1, Name = "http.route", LastUnixNano = now });
        return batch;
    }
}
