using Gantry.Hub.Coverage;
using Gantry.Protocol.Observations;
using Gantry.Testing;

namespace Gantry.Hub.Tests.Storage;

/// <summary>SQLite files of older versions, of newer ones, and folders that are none.</summary>
public class OlderFilesTests
{
    [Fact]
    public async Task A_database_of_version_1_is_brought_up_to_the_longer_ids()
    {
        using var state = new SqliteState();
        await using var first = await HubFixture.StartAsync(state);
        await first.ReportAsync(Reports.Batch(1, full: true).With(
            Reports.Service(1, "cart"), Reports.Service(2, "stock"), Reports.Red(1, 10, first.Now), Reports.Red(2, 5, first.Now),
            Reports.Span(7, 10, 0, 1, 3), Reports.Span(7, 20, 10, 2, 2)));
        var services = await first.GetAsync<ServiceRow[]>("services");
        var time = first.Time;
        await first.DisposeAsync();
        state.Sql(string.Concat(new[] { "service.id", "edge.caller", "edge.callee", "red_total.service", "red_slot.service", "operation_slot.service" }
            .Select(column => column.Split('.'))
            .Select(name => $"UPDATE {name[0]} SET {name[1]} = substr({name[1]}, 1, length({name[1]}) - 8);")) + "PRAGMA user_version = 1");

        await using var second = await HubFixture.StartAsync(state, time);

        Assert.Equivalent(services, await second.GetAsync<ServiceRow[]>("services"), strict: true);
        Assert.Single((await second.GetAsync<ServiceNeighbours>($"services/{services.Single(row => row.Name == "cart").Id}/neighbours")).Calls);
        await second.DisposeAsync();
    }

    [Fact]
    public void A_folder_that_cannot_be_used_is_named()
    {
        var file = Path.GetTempFileName();

        var error = Assert.Throws<Hub.Storage.HubStorageException>(() => new HubServer(new HubOptions { DataFolder = Path.Combine(file, "data") }, _ => { }));

        Assert.Contains(file, error.Message, StringComparison.Ordinal);
        Assert.Contains("--data", error.Message, StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public async Task A_database_of_another_version_is_refused_and_left_alone()
    {
        using var state = new SqliteState();
        await (await HubFixture.StartAsync(state)).DisposeAsync();
        state.Sql("PRAGMA user_version = 99");

        var error = Assert.Throws<Hub.Storage.HubStorageException>(() => new HubServer(new HubOptions { DataFolder = state.Folder }, _ => { }));

        Assert.Contains("schema 99", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_from_before_edges_is_brought_up_and_keeps_its_counts()
    {
        using var state = new SqliteState();
        await using var first = await HubFixture.StartAsync(state);
        await first.ReportAsync(Reports.Batch(1, full: true).With(Reports.Service(1, "cart"), Reports.Red(1, 10, first.Now)));
        var time = first.Time;
        await first.DisposeAsync();
        state.Sql("""
            DROP TABLE peer_edge; DROP TABLE edge_slot; DROP TABLE edge_total; DROP TABLE finding; DROP TABLE finding_total;
            ALTER TABLE red_total DROP COLUMN start; ALTER TABLE red_total DROP COLUMN before; PRAGMA user_version = 2;
            """);

        await using var second = await HubFixture.StartAsync(state, time);

        await second.ReportAsync(Batch(2, second.Now, calls: 11, start: 5, found: 1));
        Assert.Equal(11UL, (await second.GetAsync<ServiceRow>("services/cart")).Requests);
        Assert.Equal(11UL, Assert.Single(await second.GetAsync<EdgeRow[]>("edges")).Calls);
        await second.DisposeAsync();
    }

    private static ObservationBatch Batch(ulong sequence, ulong now, ulong calls, ulong start, ulong found)
    {
        var red = Reports.Red(1, calls, now);
        red.StartUnixNano = start;
        return Reports.Batch(sequence, full: true).With(
            Reports.Service(1, "cart"), red, Reports.Edge(1, calls, now, PeerType.Database, "productdb", "mysql", "db:3306", start: start),
            Reports.Finding(1, FindingCodes.MissingResourceAttribute, found, now, "service.version"));
    }
}
