using Gantry.Estate.Journeys;
using Gantry.Estate.Red;
using Gantry.Hub.Objectives;
using Gantry.Hub.Tests.Pipelines;
using Gantry.Protocol.Observations;
using Gantry.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Hub.Tests.Objectives;

/// <summary>From a gateway's reports to the counts of an objective, on both engines.</summary>
public abstract class AccumulatorTests<TState>
    where TState : TestState, new()
{
    private const string Purchase = """
          entry: {service: storefront, operation: POST /purchase}
          objectives:
          - {name: available, indicator: errors, target: 99%, window: 28d}
          - {name: fast, indicator: duration, threshold: 100ms, target: 90%, window: 4h}
          - {name: stock, indicator: errors, target: 99%, window: 28d, service: stock}

        """;

    private static readonly Journey Journey = Documents.Read<Journey>(Documents.Head("Journey", "purchase") + Purchase);

    [Fact]
    public async Task Each_request_is_counted_once_also_when_it_comes_late_or_the_hub_starts_again()
    {
        using var state = new TState();
        var random = new Random(11);
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        var hub = await StartAsync(state, time);
        // Cumulative, as a gateway tells: [operation, status].
        var calls = new Dictionary<(string Operation, int Status), ulong[]>();
        var requests = new List<(string Operation, DateTimeOffset At, int Status, int Bucket)>();
        ulong sequence = 0;
        for (var step = 0; step < 150; step++)
        {
            time.Jump(TimeSpan.FromSeconds(random.Next(1, 180)));
            var batch = Reports.Batch(++sequence, full: true).With(Reports.Service(1, "storefront"), Reports.Service(2, "stock"));
            foreach (var (service, operation) in ((uint, string)[])[(1, "POST /purchase"), (1, "GET /other"), (2, "GET /stock")])
            {
                foreach (var status in (int[])[0, 2])
                {
                    var at = time.GetUtcNow() - TimeSpan.FromSeconds(random.Next(4) == 0 ? random.Next(0, 1200) : random.Next(0, 20));
                    if (!calls.TryGetValue((operation, status), out var total))
                    {
                        calls.Add((operation, status), total = new ulong[DurationBuckets.Count]);
                        at = time.GetUtcNow();
                    }

                    for (var i = random.Next(status == 2 ? 3 : 12); i > 0; i--)
                    {
                        var bucket = random.Next(DurationBuckets.Count);
                        total[bucket]++;
                        requests.Add((operation, at, status, bucket));
                    }

                    var sum = total.Aggregate(0UL, (a, b) => a + b);
                    batch.Red.Add(new RedSeries { Service = service, Calls = sum, LastUnixNano = (ulong)at.ToUnixTimeMilliseconds() * 1_000_000, Kind = 2, Status = status, Operation = operation, Source = RedSource.Spans, Buckets = [.. total] });
                }
            }

            await hub.ReportAsync(batch);
            for (var i = random.Next(3); i > 0; i--)
            {
                hub.Room<ObjectiveAccumulator>().Run();
            }

            if (step % 50 == 49)
            {
                await hub.DisposeAsync();
                hub = await HubFixture.StartAsync(state, time);
            }
        }

        time.Jump(TimeSpan.FromMinutes(1));
        hub.Room<ObjectiveAccumulator>().Run();
        await AssertCountsAsync(hub, requests);
        await hub.DisposeAsync();

        // Nothing but the table is left to know it from: RED of all this is older than an hour.
        time.Jump(TimeSpan.FromHours(2));
        await using var last = await HubFixture.StartAsync(state, time);
        await AssertCountsAsync(last, requests);
    }

    [Fact]
    public async Task What_a_crash_took_from_the_evidence_and_the_gateway_tells_again_is_not_counted_twice()
    {
        using var state = new TState();
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        await using var first = await StartAsync(state, time);
        await first.ReportAsync(Reports.Batch(1, full: true).With(Reports.Service(1, "storefront"), Reports.Red(1, 10, first.Now, operation: "POST /purchase")));
        await first.DisposeAsync();
        await using var crashed = await HubFixture.StartAsync(state, time);
        time.Jump(TimeSpan.FromMinutes(2));
        await crashed.ReportAsync(Reports.Batch(2).With(Reports.Service(1, "storefront"), Reports.Red(1, 15, crashed.Now, operation: "POST /purchase")));
        time.Jump(TimeSpan.FromMinutes(1));
        crashed.Room<ObjectiveAccumulator>().Run();
        Assert.Equal(15UL, Row(crashed, "available").Requests);

        // Its evidence was not written, its objectives were.
        await using var second = await HubFixture.StartAsync(state, time);
        if (!second.Room<Hub.Nodes.Node>().IsShared)
        {
            Assert.Equal(10UL, Row(second, "available").Requests);
            await second.ReportAsync(Reports.Batch(3, full: true).With(Reports.Service(1, "storefront"), Reports.Red(1, 15, second.Now, operation: "POST /purchase")));
            time.Jump(TimeSpan.FromMinutes(1));
            second.Room<ObjectiveAccumulator>().Run();
            Assert.Equal(15UL, Row(second, "available").Requests);
        }
    }

    [Fact]
    public async Task Minutes_become_hours_after_three_days_and_go_after_ninety()
    {
        using var state = new TState();
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        await using var hub = await StartAsync(state, time);
        for (ulong i = 1; i <= 3; i++)
        {
            await hub.ReportAsync(Reports.Batch(i, full: true).With(Reports.Service(1, "storefront"), Reports.Red(1, i * 10, hub.Now, operation: "POST /purchase"), Reports.Red(1, i, hub.Now, status: 2, operation: "POST /purchase")));
            time.Jump(TimeSpan.FromMinutes(1));
            hub.Room<ObjectiveAccumulator>().Run();
        }

        Assert.Equal((3L, 0L), Rows(hub));
        time.Jump(TimeSpan.FromDays(3.5));
        hub.Room<ObjectiveAccumulator>().Run();
        Assert.Equal((0L, 1L), Rows(hub));
        Assert.Equal((33UL, 3UL), (Row(hub, "available").Requests, Row(hub, "available").Bad));
        await hub.DisposeAsync();

        await using var again = await HubFixture.StartAsync(state, time);
        Assert.Equal((33UL, 3UL, "missed"), (Row(again, "available").Requests, Row(again, "available").Bad, Row(again, "available").State));
        time.Jump(TimeSpan.FromDays(25));
        Assert.Equal("unknown", Row(again, "available").State);
        time.Jump(TimeSpan.FromDays(63));
        again.Room<ObjectiveAccumulator>().Run();
        Assert.Equal((0L, 0L), Rows(again));
    }

    [Fact]
    public async Task A_request_that_spans_and_metrics_both_tell_of_is_counted_once()
    {
        using var state = new TState();
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        await using var hub = await StartAsync(state, time);
        await hub.ReportAsync(Reports.Batch(1, full: true).With(
            Reports.Service(1, "storefront"),
            Reports.Red(1, 10, hub.Now, operation: "POST /purchase"), Reports.Red(1, 9, hub.Now, operation: "POST /purchase", source: RedSource.Metrics)));
        time.Jump(TimeSpan.FromMinutes(1));
        hub.Room<ObjectiveAccumulator>().Run();
        Assert.Equal(10UL, Row(hub, "available").Requests);

        // Spans stop, metrics go on: minutes that were counted from spans stay so.
        time.Jump(TimeSpan.FromMinutes(7));
        await hub.ReportAsync(Reports.Batch(2).With(Reports.Service(1, "storefront"), Reports.Red(1, 14, hub.Now, operation: "POST /purchase", source: RedSource.Metrics)));
        time.Jump(TimeSpan.FromMinutes(1));
        hub.Room<ObjectiveAccumulator>().Run();
        Assert.Equal(15UL, Row(hub, "available").Requests);
    }

    [Fact]
    public async Task Another_definition_counts_anew_and_another_target_does_not()
    {
        using var state = new TState();
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        await using var hub = await StartAsync(state, time);
        await hub.ReportAsync(Reports.Batch(1, full: true).With(Reports.Service(1, "storefront"), Reports.Red(1, 10, hub.Now, operation: "POST /purchase")));
        time.Jump(TimeSpan.FromMinutes(1));
        hub.Room<ObjectiveAccumulator>().Run();
        time.Jump(TimeSpan.FromHours(2));
        var view = hub.Room<ObjectiveView>();

        Assert.Equal(10UL, view.Of(Journey with { Objectives = [Journey.Objectives[0] with { Target = 0.9, Window = TimeSpan.FromDays(7) }] }, time.GetUtcNow())[0].Requests);
        Assert.Equal("unknown", view.Of(Journey with { Entry = Journey.Entry with { Operation = "GET /" } }, time.GetUtcNow())[0].State);
    }

    private static async Task<HubFixture> StartAsync(TState state, FakeTimeProvider time)
    {
        var hub = await HubFixture.StartAsync(state, time);
        using var content = new StringContent(Documents.Head("Journey", "purchase") + Purchase);
        using var response = await hub.Client.PutAsync("/api/v1/resources/journeys/purchase", content);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return hub;
    }

    private static Hub.Journeys.ObjectiveRow Row(HubFixture hub, string name) => hub.Room<ObjectiveView>().Of(Journey, hub.Time.GetUtcNow()).Single(row => row.Name == name);

    private static async Task AssertCountsAsync(HubFixture hub, List<(string Operation, DateTimeOffset At, int Status, int Bucket)> requests)
    {
        var entry = requests.Where(request => request.Operation == "POST /purchase").ToList();
        var end = hub.Time.GetUtcNow().UtcTicks / TimeSpan.TicksPerMinute;
        var fast = entry.Where(request => request.At.UtcTicks / TimeSpan.TicksPerMinute >= end - 240).ToList();
        Assert.Equal(((ulong)entry.Count, (ulong)entry.Count(request => request.Status == 2)), (Row(hub, "available").Requests, Row(hub, "available").Bad));
        Assert.Equal(((ulong)fast.Count, (ulong)fast.Count(request => request.Bucket > 5)), (Row(hub, "fast").Requests, Row(hub, "fast").Bad));
        Assert.Equal((ulong)requests.Count(request => request.Operation == "GET /stock"), Row(hub, "stock").Requests);
        Assert.NotEmpty(fast);
        await Task.CompletedTask;
    }

    private static (long Minutes, long Hours) Rows(HubFixture hub)
    {
        using var connection = hub.Room<Hub.Storage.HubDatabase>().Open();
        return (Count("SELECT COUNT(*) FROM objective_minute WHERE objective = 'available'"), Count("SELECT COUNT(*) FROM objective_hour WHERE objective = 'available'"));

        long Count(string sql)
        {
            using var command = Hub.Storage.HubDatabase.Command(connection, sql);
            return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
        }
    }
}

public sealed class AccumulatorOnSqliteTests : AccumulatorTests<SqliteState>;

public sealed class AccumulatorOnPostgresTests : AccumulatorTests<PostgresState>;
