using Gantry.Hub.Coverage;
using Gantry.Estate.Use;
using Gantry.Testing;

namespace Gantry.Hub.Tests.Storage;

public class RestartTests
{
    [Fact]
    public async Task A_second_start_has_everything_the_first_had()
    {
        var folder = HubFixture.NewFolder();
        var uid = Guid.CreateVersion7();
        await using var first = await HubFixture.StartAsync(folder);
        await first.SayAsync(Reports.Agent(uid, 1, Reports.Process(10, "cart.js", 8080), Reports.Process(11, "dark.js", 8081)));
        await first.ReportAsync(Reports.Batch(1, full: true).With(
            Reports.Service(1, "cart"), Reports.Service(2, "stock"), Reports.Source(1, first.Now, ("host.id", "h1"), ("process.pid", "10"), ("telemetry.sdk.language", "nodejs")),
            Reports.Red(1, 10, first.Now), Reports.Red(1, 2, first.Now, status: 2), Reports.Red(2, 5, first.Now),
            Reports.Span(7, 10, 0, 1, 3), Reports.Span(7, 20, 10, 2, 2), Reports.Point("system.cpu.utilization", 0.5, first.Now, false, ("cpu.mode", "idle"))));
        var services = await first.GetAsync<ServiceRow[]>("services");
        var hosts = await first.GetAsync<HostRow[]>("hosts");
        var time = first.Time;
        await first.DisposeAsync();

        await using var second = await HubFixture.StartAsync(folder, time);

        Assert.Equivalent(services, await second.GetAsync<ServiceRow[]>("services"), strict: true);
        Assert.Equivalent(hosts, await second.GetAsync<HostRow[]>("hosts"), strict: true);
        var cart = services.Single(row => row.Name == "cart");
        Assert.Equal(12UL, (await second.GetAsync<OperationRow[]>($"services/{cart.Id}/operations")).Aggregate(0UL, (sum, row) => sum + row.Calls));
        Assert.Single(await second.GetAsync<UsePoint[]>("hosts/h1/use"));
        Assert.Equal("stock", Assert.Single((await second.GetAsync<ServiceNeighbours>($"services/{cart.Id}/neighbours")).Calls).Name);
        var agent = Assert.Single(await second.GetAsync<AgentRow[]>("agents"));
        Assert.Equal((uid.ToString(), false), (agent.Id, agent.Connected));

        // The same gateway goes on counting from where it was: nothing is counted twice, and its next report follows the last.
        Assert.False((await second.ReportAsync(Reports.Batch(2).With(Reports.Service(1, "cart"), Reports.Red(1, 11, second.Now)))).FullWanted);
        Assert.Equal(13UL, (await second.GetAsync<ServiceRow>("services/cart")).Requests);
        // And so does the agent: no full state is asked for.
        Assert.Equal(Protocol.OpAmp.ServerToAgentFlags.None, (await second.SayAsync(new() { InstanceUid = uid.ToByteArray(bigEndian: true), SequenceNum = 2 })).Flags);
        await second.DisposeAsync();
        Directory.Delete(folder, recursive: true);
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
        var folder = HubFixture.NewFolder();
        await (await HubFixture.StartAsync(folder)).DisposeAsync();
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(folder, "hub.db")}"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            command.ExecuteNonQuery();
        }

        var error = Assert.Throws<Hub.Storage.HubStorageException>(() => new HubServer(new HubOptions { DataFolder = folder }, _ => { }));

        Assert.Contains("schema 99", error.Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }
}
