using Gantry.Hub.Coverage;
using Gantry.Protocol.Observations;
using Gantry.Testing;

namespace Gantry.Hub.Tests.Storage;

/// <summary>Edges and findings over a restart of the hub, and out of the state again.</summary>
public abstract class EdgeRestartTests<TState>
    where TState : TestState, new()
{
    [Fact]
    public async Task A_second_start_has_edges_findings_and_what_each_gateway_told()
    {
        using var state = new TState();
        await using var first = await HubFixture.StartAsync(state);
        await first.ReportAsync(Batch(1, first.Now, calls: 10, start: 5, found: 3));
        await first.ReportAsync(Batch(2, first.Now, calls: 4, start: 6, found: 3));
        var edges = await first.GetAsync<EdgeRow[]>("edges");
        var findings = await first.GetAsync<FindingRow[]>("findings");
        var time = first.Time;
        await first.DisposeAsync();

        await using var second = await HubFixture.StartAsync(state, time);

        Assert.Equivalent(findings, await second.GetAsync<FindingRow[]>("findings"), strict: true);
        Assert.Equal(edges.Select(Sum), (await second.GetAsync<EdgeRow[]>("edges")).Select(Sum));
        // The same gateway goes on from where it was; its RED series too, with what it counted before it began anew.
        Assert.Equal(14UL, (await second.GetAsync<ServiceRow>("services/cart")).Requests);
        await second.ReportAsync(Batch(3, second.Now, calls: 5, start: 6, found: 4));
        Assert.Equal((15UL, 15UL), ((await second.GetAsync<EdgeRow[]>("edges"))[0].Calls, (await second.GetAsync<ServiceRow>("services/cart")).Requests));
        Assert.Equal(4UL, Assert.Single(await second.GetAsync<FindingRow[]>("findings")).Count);
        await second.DisposeAsync();

        static (string, string, string, ulong, ulong, DateTimeOffset) Sum(EdgeRow row) => (row.Id, row.Callee.Name, row.JoinedBy, row.Calls, row.Failed, row.LastSeen);
    }

    [Theory]
    [InlineData("peer_edge")]
    [InlineData("edge_slot")]
    [InlineData("edge_total")]
    [InlineData("finding")]
    [InlineData("finding_total")]
    public async Task What_a_failed_write_carried_is_written_the_next_time(string table)
    {
        using var state = new TState();
        await using var first = await HubFixture.StartAsync(state);
        first.Logs.Expect("WriteFailed");
        state.Break(table);
        await first.ReportAsync(Batch(1, first.Now, calls: 10, start: 5, found: 3));
        first.Time.Advance(TimeSpan.FromSeconds(6));
        await Eventually.Get("the write failed", () => Task.FromResult(first.Logs.Entries.FirstOrDefault(entry => entry.Event == "WriteFailed")));
        state.Mend(table);
        var time = first.Time;
        await first.DisposeAsync();

        await using var second = await HubFixture.StartAsync(state, time);
        await second.ReportAsync(Batch(2, second.Now, calls: 11, start: 5, found: 4));

        Assert.Equal(11UL, Assert.Single(await second.GetAsync<EdgeRow[]>("edges")).Calls);
        Assert.Equal(4UL, Assert.Single(await second.GetAsync<FindingRow[]>("findings")).Count);
        await second.DisposeAsync();
    }

    [Fact]
    public async Task What_was_not_seen_for_a_day_leaves_page_and_file()
    {
        using var state = new TState();
        await using var hub = await HubFixture.StartAsync(state);
        await hub.ReportAsync(Batch(1, hub.Now, calls: 10, start: 5, found: 3));
        await PassAsync(hub, state, TimeSpan.FromSeconds(6), [1, 1, 1, 1, 1]);

        hub.Time.Jump(TimeSpan.FromHours(25));
        // The service is still there; what it called and what was wrong is a day ago.
        await hub.ReportAsync(Reports.Batch(2).With(Reports.Service(1, "cart"), Reports.Source(1, hub.Now)));
        // How much was found stays with the gateway, which does not begin anew.
        await PassAsync(hub, state, TimeSpan.FromSeconds(61), [0, 0, 0, 0, 1]);
        Assert.Empty(await hub.GetAsync<EdgeRow[]>("edges"));
        Assert.Empty(await hub.GetAsync<FindingRow[]>("findings"));
        await hub.ReportAsync(Batch(3, hub.Now, calls: 2, start: 9, found: 4));

        Assert.Equal(2UL, Assert.Single(await hub.GetAsync<EdgeRow[]>("edges")).Calls);
        Assert.Equal(1UL, Assert.Single(await hub.GetAsync<FindingRow[]>("findings")).Count);
        await hub.DisposeAsync();
    }

    private static ObservationBatch Batch(ulong sequence, ulong now, ulong calls, ulong start, ulong found)
    {
        var red = Reports.Red(1, calls, now);
        red.StartUnixNano = start;
        return Reports.Batch(sequence, full: true).With(
            Reports.Service(1, "cart"), red, Reports.Edge(1, calls, now, PeerType.Database, "productdb", "mysql", "db:3306", start: start),
            Reports.Finding(1, FindingCodes.MissingResourceAttribute, found, now, "service.version"));
    }

    private static async Task PassAsync(HubFixture hub, TState state, TimeSpan span, int[] rows)
    {
        hub.Time.Jump(span);
        var counts = Array.Empty<int>();
        await Eventually.True($"{string.Join(", ", rows)} rows", () =>
        {
            hub.Time.Advance(TimeSpan.FromSeconds(5));
            counts = state.Counts("peer_edge", "edge_slot", "edge_total", "finding", "finding_total");
            return counts.SequenceEqual(rows);
        });
    }
}

public sealed class EdgeRestartOnSqliteTests : EdgeRestartTests<SqliteState>;

public sealed class EdgeRestartOnPostgresTests : EdgeRestartTests<PostgresState>;
