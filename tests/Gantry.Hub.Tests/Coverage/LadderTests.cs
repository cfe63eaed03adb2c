using Gantry.Hub.Coverage;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Tests.Coverage;

public class LadderTests
{
    [Fact]
    public async Task Evidence_older_than_five_minutes_is_stale_and_no_longer_counts()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.ReportAsync(Reports.Batch(1, full: true).With(Reports.Service(1, "shop"), Reports.Red(1, 10, hub.Now)));
        Assert.Equal(2, (await hub.GetAsync<ServiceRow>("services/shop")).Rung);

        hub.Time.Advance(TimeSpan.FromMinutes(4.9));
        var almost = await hub.GetAsync<ServiceRow>("services/shop");
        hub.Time.Advance(TimeSpan.FromMinutes(0.2));
        var after = await hub.GetAsync<ServiceRow>("services/shop");

        Assert.Equal((2, false), (almost.Rung, almost.Stale));
        Assert.Equal((0, true, false), (after.Rung, after.Stale, after.Dark));
        Assert.Equal("stale", after.Evidence.Single(item => item.Id == "requests.rate").State);
        Assert.NotNull(after.Evidence.Single(item => item.Id == "requests.rate").LastSeen);
    }

    [Theory]
    [InlineData(RedSource.Spans, 0)]
    [InlineData(RedSource.Metrics, 2)]
    public async Task Sampled_spans_are_no_evidence_of_rate_but_request_metrics_are(RedSource counted, int rung)
    {
        await using var hub = await HubFixture.StartAsync();
        var source = Reports.Source(1, hub.Now);
        source.SampledUnixNano = hub.Now;
        await hub.ReportAsync(Reports.Batch(1, full: true).With(Reports.Service(1, "shop"), source, Reports.Red(1, 10, hub.Now, source: counted)));

        Assert.Equal(rung, (await hub.GetAsync<ServiceRow>("services/shop")).Rung);
    }

    [Theory]
    [InlineData("gantry-attach", "metrics")]
    [InlineData("another", "spans")]
    public async Task Of_an_attached_process_the_metrics_are_counted_as_its_runtime_may_drop_spans(string distro, string counted)
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.ReportAsync(Reports.Batch(1, full: true).With(
            Reports.Service(1, "shop"),
            Reports.Source(1, hub.Now, ("telemetry.distro.name", distro)),
            Reports.Red(1, 10, hub.Now),
            Reports.Red(1, 12, hub.Now, source: RedSource.Metrics)));

        Assert.Equal(counted, (await hub.GetAsync<ServiceRow>("services/shop")).Red!.Source);
    }

    [Theory]
    [InlineData("@opentelemetry/instrumentation-http", false)]
    [InlineData("io.opentelemetry.jetty-8.0", false)]
    [InlineData("Microsoft.AspNetCore", false)]
    [InlineData("go.opentelemetry.io/obi", false)]
    [InlineData("", false)]
    [InlineData("shop.checkout", true)]
    public async Task Rung_4_is_a_scope_that_no_automatic_instrumentation_has(string scope, bool custom)
    {
        await using var hub = await HubFixture.StartAsync();
        var source = Reports.Source(1, hub.Now);
        source.Scopes.Add(new ScopeSeen { Name = scope, Signal = Signal.Traces, LastUnixNano = hub.Now });
        await hub.ReportAsync(Reports.Batch(1, full: true).With(
            Reports.Service(1, "shop"), Reports.Service(2, "other"), source, Reports.Red(1, 10, hub.Now),
            Reports.Span(7, 10, 0, 1, 3), Reports.Span(7, 20, 10, 2, 2)));

        Assert.Equal(custom ? 4 : 3, (await hub.GetAsync<ServiceRow>("services/shop")).Rung);
    }

    [Theory]
    [InlineData(Signal.Traces, 4)]
    [InlineData(Signal.Metrics, 4)]
    [InlineData(Signal.Logs, 3)]
    public async Task A_logger_category_is_no_instrumentation(Signal signal, int rung)
    {
        await using var hub = await HubFixture.StartAsync();
        var source = Reports.Source(1, hub.Now);
        source.Scopes.Add(new ScopeSeen { Name = "shop.checkout", Signal = signal, LastUnixNano = hub.Now });
        await hub.ReportAsync(Reports.Batch(1, full: true).With(
            Reports.Service(1, "shop"), Reports.Service(2, "other"), source, Reports.Red(1, 10, hub.Now),
            Reports.Span(7, 10, 0, 1, 3), Reports.Span(7, 20, 10, 2, 2)));

        Assert.Equal(rung, (await hub.GetAsync<ServiceRow>("services/shop")).Rung);
    }

    [Fact]
    public async Task Client_spans_are_no_inbound_requests()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.ReportAsync(Reports.Batch(1, full: true).With(Reports.Service(1, "job"), Reports.Red(1, 10, hub.Now, kind: 3)));

        var job = await hub.GetAsync<ServiceRow>("services/job");

        Assert.Equal((0, false, 0UL), (job.Rung, job.Dark, job.Requests));
        Assert.Equal("Get rate, errors and duration of job", job.Next!.Title);
    }
}
