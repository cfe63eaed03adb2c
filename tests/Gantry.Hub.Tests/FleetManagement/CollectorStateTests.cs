using Gantry.Hub.FleetManagement.Collectors;
using Gantry.Testing;

namespace Gantry.Hub.Tests.FleetManagement;

public sealed class SqliteCollectorStateTests() : CollectorStateTests(new SqliteState());

public sealed class PostgresCollectorStateTests : CollectorStateTests
{
    public PostgresCollectorStateTests()
        : base(new PostgresState())
    {
    }

    [Fact]
    public async Task Nodes_on_one_database_hear_of_decisions_and_neither_undoes_the_others()
    {
        await using var one = await Assignments.StartHubAsync(State.Folder, database: State.Database);
        await using var other = await Assignments.StartHubAsync(State.Folder, database: State.Database);
        await new AlloyClient(other.Client, "1.13.0", "a").StartAsync();
        await Call<TheirFleet.Collector>(one, "CreateCollector", new TheirFleet.CreateCollectorRequest { Collector = new() { Id = "a", Enabled = false, RemoteAttributes = { ["team"] = "shop" } } });

        await UntilAsync(other, async () => (await RowAsync(other, "a")) is { Enabled: false } row && row.RemoteAttributes.ContainsKey("team"));
        // What the other writes behind about its poll leaves the decision, and tells the first that the collector came.
        await UntilAsync(one, async () => (await RowAsync(one, "a")) is { Enabled: false, Connection: "active" }, other);
        await Call<TheirFleet.DeleteCollectorResponse>(one, "DeleteCollector", new TheirFleet.DeleteCollectorRequest { Id = "a" });
        await UntilAsync(other, async () => (await other.GetAsync<CollectorPage>("collectors")).Total == 0);
    }

    private static async Task UntilAsync(HubFixture hub, Func<Task<bool>> holds, HubFixture? too = null)
    {
        var until = DateTime.UtcNow.AddSeconds(20);
        while (!await holds())
        {
            Assert.True(DateTime.UtcNow < until, "not within 20 s");
            hub.Time.Advance(TimeSpan.FromSeconds(5));
            too?.Time.Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(50);
        }
    }
}

/// <summary>Collectors on either engine.</summary>
public abstract class CollectorStateTests(TestState state) : IDisposable
{
    protected TestState State { get; } = state;

    private protected TestAssignments Assignments { get; } = new();

    [Fact]
    public async Task Everything_of_a_collector_is_there_after_a_restart()
    {
        Assignments.Set("x \"y\" { }\n");
        var before = default(CollectorRow);
        await using (var hub = await Assignments.StartHubAsync(State.Folder, database: State.Database))
        {
            await Call<TheirFleet.Collector>(hub, "CreateCollector", new TheirFleet.CreateCollectorRequest { Collector = new() { Id = "a", RemoteAttributes = { ["team"] = "shop" } } });
            await new AlloyClient(hub.Client, "1.13.0", "a").StartAsync();
            before = await RowAsync(hub, "a");
        }

        await using var again = await Assignments.StartHubAsync(State.Folder, database: State.Database);
        var after = await RowAsync(again, "a");

        Assert.Equal(("applied", "x \"y\" { }\n"), (after!.State, after.Effective));
        Assert.Equal(System.Text.Json.JsonSerializer.Serialize(before), System.Text.Json.JsonSerializer.Serialize(after));
    }

    [Fact]
    public async Task A_decision_that_cannot_be_written_is_not_acknowledged_and_changes_nothing_while_collectors_go_on()
    {
        Assignments.Set("x \"y\" { }\n");
        await using var hub = await Assignments.StartHubAsync(State.Folder, database: State.Database);
        State.Break("collector");

        var refused = await Call<TheirFleet.Collector>(hub, "CreateCollector", new TheirFleet.CreateCollectorRequest { Collector = new() { Id = "a" } });
        await new AlloyClient(hub.Client, "1.13.0", "b").StartAsync();

        Assert.Equal((503, "unavailable"), (refused.Status, refused.Code));
        Assert.Equal(["b"], (await hub.GetAsync<CollectorPage>("collectors")).Collectors.Select(row => row.Id));
        State.Mend("collector");
        Assert.Equal("", (await Call<TheirFleet.Collector>(hub, "CreateCollector", new TheirFleet.CreateCollectorRequest { Collector = new() { Id = "a" } })).Code);
        hub.Logs.Expect("CallNotWritten");
        hub.Logs.Expect("CollectorsNotWritten");
    }

    [Fact]
    public async Task Polls_that_change_nothing_write_nothing()
    {
        await using var hub = await Assignments.StartHubAsync(State.Folder, database: State.Database);
        var alloy = new AlloyClient(hub.Client, "1.13.0", "a");
        await alloy.StartAsync();
        var writer = hub.Room<CollectorWriter>();
        writer.Flush();
        State.Break("collector");

        for (var i = 0; i < 10; i++)
        {
            await alloy.PollAsync();
            writer.Flush();
        }

        // A row would have failed, which the hub logs as an error.
        State.Mend("collector");
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => State.Dispose();

    protected static async Task<CollectorRow?> RowAsync(HubFixture hub, string id) => (await hub.GetAsync<CollectorPage>("collectors")).Total == 0 ? null : await hub.GetAsync<CollectorRow>($"collectors/{id}");

    private protected static Task<Answer<T>> Call<T>(HubFixture hub, string method, Google.Protobuf.IMessage request)
        where T : Google.Protobuf.IMessage<T>, new() => new ConnectClient(hub.Client).PostAsync<T>($"{ConnectClient.Collectors}/{method}", request);
}
