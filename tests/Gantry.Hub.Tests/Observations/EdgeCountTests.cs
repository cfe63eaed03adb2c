using Gantry.Estate.Red;
using Gantry.Hub.Coverage;
using Gantry.Hub.Observations;
using Gantry.Protocol.Observations;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Hub.Tests.Observations;

/// <summary>Counts of edges and findings come together as those of RED do, whatever is lost, repeated, begun anew or invented.</summary>
public class EdgeCountTests
{
    [Fact]
    public async Task Edges_add_up_over_gateways_and_survive_loss_and_repetition()
    {
        await using var hub = await HubFixture.StartAsync();
        ObservationBatch Batch(ulong sequence, ulong calls, ulong failed, string gateway = "gateway-1") => Reports.Batch(sequence, full: true, gateway).With(
            Reports.Service(1, "web"), Reports.Edge(1, calls, hub.Now, PeerType.Database, "productdb", "mysql", failed: failed));
        await hub.ReportAsync(Batch(1, 10, 1));
        await hub.ReportAsync(Batch(1, 10, 1));
        await hub.ReportAsync(Batch(9, 25, 3));
        await hub.ReportAsync(Batch(1, 7, 7, "gateway-2"));

        var edge = Assert.Single(await hub.GetAsync<EdgeRow[]>("edges"));

        Assert.Equal((32UL, 10UL), (edge.Calls, edge.Failed));
        Assert.Equal(32 / 60.0, edge.Red!.Rate, 6);
        Assert.Equal(10 / 32.0, edge.Red.ErrorShare, 6);
    }

    [Fact]
    public async Task An_edge_that_begins_anew_counts_from_0_and_a_report_that_was_overtaken_changes_nothing()
    {
        await using var hub = await HubFixture.StartAsync();
        ObservationBatch Batch(ulong sequence, ulong calls, ulong start) =>
            Reports.Batch(sequence, full: true).With(Reports.Service(1, "web"), Reports.Edge(1, calls, hub.Now, address: "a:1", start: start));
        await hub.ReportAsync(Batch(1, 10, 100));
        await hub.ReportAsync(Batch(2, 4, 200));
        await hub.ReportAsync(Batch(3, 12, 100));
        await hub.ReportAsync(Batch(4, 6, 200));

        Assert.Equal(16UL, Assert.Single(await hub.GetAsync<EdgeRow[]>("edges")).Calls);
    }

    [Fact]
    public async Task Rate_is_that_of_five_minutes_and_an_idle_edge_has_none()
    {
        await using var hub = await HubFixture.StartAsync();
        for (ulong minute = 1; minute <= 10; minute++)
        {
            await hub.ReportAsync(Reports.Batch(minute, full: true).With(Reports.Service(1, "web"), Reports.Edge(1, minute * 60, hub.Now, address: "a:1")));
            hub.Time.Advance(TimeSpan.FromMinutes(1));
        }

        var busy = Assert.Single(await hub.GetAsync<EdgeRow[]>("edges"));
        hub.Time.Advance(TimeSpan.FromMinutes(10));
        var idle = Assert.Single(await hub.GetAsync<EdgeRow[]>("edges"));

        Assert.Equal(1.0, busy.Red!.Rate, 1);
        Assert.Equal(600UL, busy.Calls);
        Assert.Null(idle.Red);
        Assert.Equal(600UL, idle.Calls);
    }

    [Theory]
    [InlineData(0UL, 10UL, 0UL, 4UL, 10UL)]
    [InlineData(0UL, 10UL, 50UL, 4UL, 10UL)]
    [InlineData(0UL, 10UL, 50UL, 14UL, 14UL)]
    [InlineData(50UL, 10UL, 50UL, 14UL, 14UL)]
    [InlineData(50UL, 10UL, 50UL, 4UL, 10UL)]
    [InlineData(50UL, 10UL, 60UL, 4UL, 14UL)]
    [InlineData(50UL, 10UL, 60UL, 14UL, 24UL)]
    [InlineData(50UL, 10UL, 40UL, 14UL, 10UL)]
    [InlineData(50UL, 10UL, 0UL, 14UL, 14UL)]
    public async Task A_red_series_that_was_forgotten_and_begins_anew_counts_from_0(ulong start, ulong calls, ulong laterStart, ulong laterCalls, ulong expected)
    {
        await using var hub = await HubFixture.StartAsync();
        async Task TellAsync(ulong sequence, ulong began, ulong count)
        {
            var red = Reports.Red(1, count, hub.Now);
            red.StartUnixNano = began;
            await hub.ReportAsync(Reports.Batch(sequence, full: true).With(Reports.Service(1, "shop"), red));
        }

        await TellAsync(1, start, calls);
        await TellAsync(2, laterStart, laterCalls);

        var shop = await hub.GetAsync<ServiceRow>("services/shop");
        Assert.Equal(expected, shop.Requests);
        Assert.Equal(expected, Assert.Single(await hub.GetAsync<OperationRow[]>($"services/{shop.Id}/operations")).Calls);
    }

    [Fact]
    public async Task Findings_add_up_and_each_missing_attribute_is_one_of_its_own()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.ReportAsync(Reports.Batch(1, full: true).With(
            Reports.Service(1, "web"), Reports.Finding(1, FindingCodes.MissingResourceAttribute, 2, hub.Now, "service.version"),
            Reports.Finding(1, FindingCodes.MissingResourceAttribute, 3, hub.Now, "service.name"), Reports.Finding(1, FindingCodes.InvalidIds, 5, hub.Now, "span_id is all zeros"),
            Reports.Finding(1, "from_the_future", 1, hub.Now, "x")));
        await hub.ReportAsync(Reports.Batch(2, full: true).With(Reports.Service(1, "web"), Reports.Finding(1, FindingCodes.InvalidIds, 9, hub.Now, "trace_id is empty")));
        await hub.ReportAsync(Reports.Batch(2, full: true, "gateway-2").With(Reports.Service(7, "web"), Reports.Finding(7, FindingCodes.InvalidIds, 1, hub.Now)));

        var findings = await hub.GetAsync<FindingRow[]>("findings");

        Assert.Equal(["high", "medium", "low", "low"], findings.Select(row => row.Severity));
        Assert.Equal((10UL, "trace_id is empty", "Spans without a valid id"), (findings[0].Count, findings[0].Example, findings[0].Title));
        Assert.Equal(("service.name is missing", "OTEL_SERVICE_NAME=…"), (findings[1].Title, findings[1].Setting));
        Assert.Equal("from_the_future", findings[2].Title);
        Assert.Equal(("Resource attribute service.version is missing", "OTEL_RESOURCE_ATTRIBUTES=service.version=…"), (findings[3].Title, findings[3].Setting));
        Assert.All(findings, row => Assert.Equal("web", row.Service));
    }

    [Fact]
    public async Task Only_findings_that_cost_something_need_attention_and_one_line_a_kind()
    {
        await using var hub = await HubFixture.StartAsync();
        var batch = Reports.Batch(1, full: true);
        for (uint id = 1; id <= 30; id++)
        {
            batch.With(Reports.Service(id, $"s{id}"), Reports.Source(id, hub.Now), Reports.Finding(id, FindingCodes.InvalidIds, 1, hub.Now), Reports.Finding(id, FindingCodes.FoldedOperations, 1, hub.Now));
        }

        await hub.ReportAsync(batch.With(Reports.Finding(3, FindingCodes.ClockAhead, 1, hub.Now)));

        var attention = (await hub.GetAsync<Summary>("summary")).Attention.Where(item => !item.Title.Contains("requests", StringComparison.Ordinal)).ToList();
        hub.Time.Jump(TimeSpan.FromHours(2));
        var later = (await hub.GetAsync<Summary>("summary")).Attention;

        Assert.Equal(["30 services: spans without a valid id", "s3: the clock is ahead"], attention.Select(item => item.Title));
        Assert.Equal(["high", "medium"], attention.Select(item => item.Severity));
        Assert.DoesNotContain(later, item => item.Title.Contains("valid id", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_setting_never_carries_what_a_sender_wrote_into_a_shell()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.ReportAsync(Reports.Batch(1, full: true).With(Reports.Service(1, "web"), Reports.Finding(1, FindingCodes.MissingResourceAttribute, 1, hub.Now, "x;rm -rf ~")));

        Assert.Empty(Assert.Single(await hub.GetAsync<FindingRow[]>("findings")).Setting);
    }

    [Fact]
    public void A_gateway_that_invents_edges_and_findings_without_end_meets_bounds_and_totals_stay_true()
    {
        const int Invented = 100_000;
        var example = new string('x', 1000);
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        var store = new ObservationStore(time);
        var now = (ulong)time.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000;
        ObservationBatch Batch(ulong sequence, ulong calls)
        {
            var batch = Reports.Batch(sequence, full: true).With(Reports.Service(1, "web"));
            for (var i = 0; i < Invented; i++)
            {
                batch.Edges.Add(Reports.Edge(1, calls, now, address: $"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}:80"));
                batch.Findings.Add(Reports.Finding(1, $"code_{i}", calls, now, example));
            }

            return batch;
        }

        store.Take(Batch(1, 1));
        store.Take(Batch(2, 3));

        var service = Assert.Single(store.Services_NeedsLock);
        Assert.Equal(ObservationStore.MaxEdgesPerService + 1, service.Edges.Count);
        Assert.Equal(3UL * Invented, service.Edges.Values.SelectMany(edge => edge.Window.Slots).Aggregate(0UL, (sum, slot) => sum + slot.Calls));
        Assert.Equal(3UL * (Invented - ObservationStore.MaxEdgesPerService), service.Edges[PeerKey.Overflow].Window.Slots.Single().Calls);
        Assert.Equal(ObservationStore.MaxFindingsPerService, service.Findings.Count);
        Assert.All(service.Findings.Values, finding => Assert.Equal((3UL, 512), (finding.Count, finding.Example.Length)));
        Assert.Equal(ObservationStore.MaxFindingsPerService, Assert.Single(store.Gateways_NeedsLock).FindingTotals.Count);
    }

    [Fact]
    public void A_hundred_thousand_edges_of_a_thousand_services_are_all_joined_in_every_snapshot()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        var store = new ObservationStore(time);
        var now = (ulong)time.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000;
        var batch = Reports.Batch(1, full: true);
        for (uint id = 1; id <= 1000; id++)
        {
            batch.With(Reports.Service(id, $"s{id}"), Reports.Source(id, now, ("k8s.pod.name", $"pod-{id}"), ("k8s.namespace.name", "shop")));
            for (uint to = 0; to < 100; to++)
            {
                batch.Edges.Add(Reports.Edge(id, 1, now, address: $"s{((id + to) % 1000) + 1}.shop.svc.cluster.local:8080"));
            }
        }

        store.Take(batch);
        var view = new EstateView(store, new Hub.Fleet.FleetStore(time), null!, static () => Hub.Sampling.SamplingView.None, new Hub.Quality.Scores(store, time), static () => Hub.Coverage.Catalogue.ServiceIndex.Empty, new Hub.Coverage.Changes.RegressionBoard(), time);
        var first = view.Current;
        var took = new List<TimeSpan>();
        for (var i = 0; i < 5; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            var start = Environment.CpuUsage.TotalTime;
            Assert.Equal(100_000, view.Current.Edges.Count);
            took.Add(Environment.CpuUsage.TotalTime - start);
        }

        took.Sort();
        // For people: -showLiveOutput, alone. How long it may take depends on what else the machine does.
        TestContext.Current.TestOutputHelper?.WriteLine($"A snapshot with 100,000 edges took {took[0].TotalMilliseconds:0} to {took[^1].TotalMilliseconds:0} ms of CPU.");
        Assert.All(first.Edges, edge => Assert.NotNull(edge.Callee.ServiceId));
    }

    [Fact]
    public async Task What_is_not_sound_is_skipped_and_what_is_old_is_no_news()
    {
        await using var hub = await HubFixture.StartAsync();
        EdgeSeries noBuckets = Reports.Edge(1, 1, hub.Now, address: "a:1"), nameless = Reports.Edge(1, 1, hub.Now), strange = Reports.Edge(1, 1, hub.Now, (PeerType)9, "x");
        EdgeSeries old = Reports.Edge(1, 1, hub.Now - (25UL * 3600 * 1_000_000_000), address: "old:1"), lying = Reports.Edge(1, 2, hub.Now, PeerType.Service, new string('n', 5000), failed: 99);
        noBuckets.Buckets = new ulong[DurationBuckets.Count - 1];
        await hub.ReportAsync(Reports.Batch(1, full: true).With(
            Reports.Service(1, "web"), noBuckets, nameless, strange, old, lying, Reports.Edge(42, 1, hub.Now, address: "b:1"), Reports.Finding(42, FindingCodes.InvalidIds, 1, hub.Now),
            Reports.Finding(1, "", 1, hub.Now), Reports.Finding(1, FindingCodes.ClockAhead, 1, hub.Now - (25UL * 3600 * 1_000_000_000))));

        var edge = Assert.Single(await hub.GetAsync<EdgeRow[]>("edges"));

        Assert.Equal((2UL, 2UL, 256), (edge.Calls, edge.Failed, edge.Callee.Name.Length));
        Assert.Empty(await hub.GetAsync<FindingRow[]>("findings"));
    }
}
