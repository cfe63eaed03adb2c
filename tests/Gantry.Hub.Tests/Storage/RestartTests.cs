using Gantry.Hub.Coverage;
using Gantry.Estate.Use;
using Gantry.Hub.Observations;
using Gantry.Testing;

namespace Gantry.Hub.Tests.Storage;

/// <summary>What every engine promises over a restart of the hub, and after a write that failed.</summary>
public abstract class RestartTests<TState>
    where TState : TestState, new()
{
    [Fact]
    public async Task A_second_start_has_everything_the_first_had()
    {
        using var state = new TState();
        var uid = Guid.CreateVersion7();
        await using var first = await HubFixture.StartAsync(state);
        await first.SayAsync(Reports.Agent(uid, 1, Reports.Process(10, "cart.js", 8080), Reports.Process(11, "dark.js", 8081)));
        await first.ReportAsync(Reports.Batch(1, full: true).With(
            Reports.Service(1, "cart"), Reports.Service(2, "stock"), Reports.Source(1, first.Now, ("host.id", "h1"), ("process.pid", "10"), ("telemetry.sdk.language", "nodejs")),
            Reports.Red(1, 10, first.Now), Reports.Red(1, 2, first.Now, status: 2), Reports.Red(2, 5, first.Now),
            Reports.Span(7, 10, 0, 1, 3), Reports.Span(7, 20, 10, 2, 2), Reports.Point("system.cpu.utilization", 0.5, first.Now, false, ("cpu.mode", "idle"))));
        var services = await first.GetAsync<ServiceRow[]>("services");
        var hosts = await first.GetAsync<HostRow[]>("hosts");
        var time = first.Time;
        await first.DisposeAsync();

        await using var second = await HubFixture.StartAsync(state, time);

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
    }

    [Fact]
    public async Task A_gateway_that_did_not_take_its_leave_is_waited_for_after_a_restart()
    {
        using var state = new TState();
        await using var first = await HubFixture.StartAsync(state);
        var leaving = Reports.Batch(1, full: true, "gateway-2");
        leaving.IsLast = true;
        await first.ReportAsync(Reports.Batch(1, full: true));
        await first.ReportAsync(leaving);
        var time = first.Time;
        await first.DisposeAsync();

        await using var second = await HubFixture.StartAsync(state, time);
        var store = second.Room<ObservationStore>();

        lock (store.Gate)
        {
            Assert.Equal("gateway-1", Assert.Single(store.Traces_NeedsLock.Silent(time.GetUtcNow().AddSeconds(10))).Gateway);
            Assert.Empty(store.Traces_NeedsLock.Silent(time.GetUtcNow().AddMinutes(6)));
        }

        await second.DisposeAsync();
    }

    [Theory]
    [InlineData("gateway")]
    [InlineData("agent")]
    [InlineData("use_point")]
    [InlineData("edge")]
    public async Task What_a_failed_write_carried_is_written_the_next_time(string table)
    {
        using var state = new TState();
        await using var first = await HubFixture.StartAsync(state);
        first.Logs.Expect("WriteFailed");
        state.Break(table);
        await first.SayAsync(Reports.Agent(Guid.CreateVersion7(), 1, Reports.Process(10, "cart.js", 8080)));
        await first.ReportAsync(Reports.Batch(1, full: true).With(
            Reports.Service(1, "cart"), Reports.Service(2, "stock"), Reports.Source(1, first.Now, ("host.id", "h1"), ("process.pid", "10")),
            Reports.Red(1, 10, first.Now), Reports.Red(2, 5, first.Now), Reports.Span(7, 10, 0, 1, 3), Reports.Span(7, 20, 10, 2, 2),
            Reports.Point("system.memory.utilization", 0.5, first.Now, false, ("system.memory.state", "used"))));
        first.Time.Advance(TimeSpan.FromSeconds(6));
        await Eventually.Get("the write failed", () => Task.FromResult(first.Logs.Entries.FirstOrDefault(entry => entry.Event == "WriteFailed")));
        state.Mend(table);
        var services = await first.GetAsync<ServiceRow[]>("services");
        var hosts = await first.GetAsync<HostRow[]>("hosts");
        var time = first.Time;
        await first.DisposeAsync();

        await using var second = await HubFixture.StartAsync(state, time);

        Assert.Equivalent(services, await second.GetAsync<ServiceRow[]>("services"), strict: true);
        Assert.Equivalent(hosts, await second.GetAsync<HostRow[]>("hosts"), strict: true);
        Assert.Single(await second.GetAsync<AgentRow[]>("agents"));
        Assert.Single(await second.GetAsync<UsePoint[]>("hosts/h1/use"));
        Assert.Single((await second.GetAsync<ServiceNeighbours>($"services/{services.Single(row => row.Name == "cart").Id}/neighbours")).Calls);
        // The gateway's counts are known: a repeated total is not counted again.
        Assert.False((await second.ReportAsync(Reports.Batch(2).With(Reports.Service(1, "cart"), Reports.Red(1, 11, second.Now)))).FullWanted);
        Assert.Equal(11UL, (await second.GetAsync<ServiceRow>("services/cart")).Requests);
        await second.DisposeAsync();
    }
}

public sealed class RestartOnSqliteTests : RestartTests<SqliteState>;

public sealed class RestartOnPostgresTests : RestartTests<PostgresState>;
