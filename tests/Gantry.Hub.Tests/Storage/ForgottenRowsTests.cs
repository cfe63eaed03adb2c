using Gantry.Hub.Coverage;
using Gantry.Testing;

namespace Gantry.Hub.Tests.Storage;

/// <summary>What is gone leaves the state too, on every engine.</summary>
public abstract class ForgottenRowsTests<TState>
    where TState : TestState, new()
{
    [Fact]
    public async Task What_was_silent_for_long_leaves_no_row()
    {
        using var state = new TState();
        await using var hub = await HubFixture.StartAsync(state);
        await hub.SayAsync(Reports.Agent(Guid.CreateVersion7(), 1, Reports.Process(10, "cart.js", 8080)));
        await hub.ReportAsync(Reports.Batch(1, full: true).With(
            Reports.Service(1, "cart"), Reports.Service(2, "stock"), Reports.Source(1, hub.Now, ("host.id", "h1")), Reports.Red(1, 10, hub.Now), Reports.Red(2, 5, hub.Now),
            Reports.Span(7, 10, 0, 1, 3), Reports.Span(7, 20, 10, 2, 2), Reports.Point("system.memory.utilization", 0.5, hub.Now, false, ("system.memory.state", "used"))));
        await PassAsync(hub, state, TimeSpan.FromSeconds(6), "inventory", 1);
        Assert.Equal([1, 1, 2, 1, 1, 2], state.Counts("agent", "host", "service", "edge", "gateway", "red_total"));

        await PassAsync(hub, state, TimeSpan.FromMinutes(61), "inventory", 0);
        await PassAsync(hub, state, TimeSpan.FromHours(24), "service", 0);
        Assert.Equal([0, 0, 0, 0, 1, 2], state.Counts("agent", "host", "service", "edge", "gateway", "red_total"));
        // The gateway goes on counting: what it told a day ago is not counted again.
        await hub.ReportAsync(Reports.Batch(2).With(Reports.Service(1, "cart"), Reports.Red(1, 11, hub.Now)));
        Assert.Equal(1.0 / 60, Assert.Single(await hub.GetAsync<ServiceRow[]>("services")).Red!.Rate, 6);

        await PassAsync(hub, state, TimeSpan.FromDays(8), "gateway", 0);
        Assert.Equal([0], state.Counts("red_total"));
        await hub.DisposeAsync();
    }

    private static async Task PassAsync(HubFixture hub, TState state, TimeSpan span, string table, int rows)
    {
        hub.Time.Jump(span);
        await Eventually.True($"{rows} rows in {table}", () =>
        {
            hub.Time.Advance(TimeSpan.FromSeconds(5));
            return state.Counts(table)[0] == rows;
        });
    }
}

public sealed class ForgottenRowsOnSqliteTests : ForgottenRowsTests<SqliteState>;

public sealed class ForgottenRowsOnPostgresTests : ForgottenRowsTests<PostgresState>;
