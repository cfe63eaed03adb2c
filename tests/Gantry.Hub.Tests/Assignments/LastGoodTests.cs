using System.Net.Http.Json;
using System.Text;
using Gantry.Estate.Agents;
using Gantry.Hub.Estate;
using Gantry.Hub.Rollouts;
using Gantry.Hub.Rollouts.LastGood;
using Gantry.Hub.Tests.Pipelines;
using Gantry.Hub.Storage;
using Gantry.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Hub.Tests.Assignments;

/// <summary>Agents keep what they were given when the resources behind it cannot be read any more, whichever engine keeps the state.</summary>
public abstract class LastGoodTests<TState>
    where TState : TestState, new()
{
    [Fact]
    public async Task After_an_upgrade_that_cannot_read_a_pipeline_each_agent_keeps_its_own()
    {
        using var state = new TState();
        Assignment edge, other, idle;
        await using (var before = await HubFixture.StartAsync(state))
        {
            await ApplyAsync(before, Documents.Destination("backend"), Documents.Simple("edge"), Documents.Simple("other", port: 4444, matchers: "env=stage"));
            (edge, other, idle) = (Of(before, Agent("a", "prod"))!, Of(before, Agent("b", "stage"))!, Of(before, Agent("c", "none"))!);
        }

        Assert.Equal(1, state.Sql("UPDATE resource SET document = replace(document, 'otelcol', 'later') WHERE name = 'edge'"));
        await using var hub = await HubFixture.StartAsync(state);
        hub.Logs.Expect("ResourceUnreadable");
        hub.Logs.Expect("EstateUnreadable");

        foreach (var (id, env, was) in new[] { ("a", "prod", edge), ("b", "stage", other), ("c", "none", idle) })
        {
            var kept = Of(hub, Agent(id, env))!;
            Assert.Equal((was.Cohort, was.Revision, was.Config.Hash, was.IsNothing), (kept.Cohort, kept.Revision, kept.Config.Hash, kept.IsNothing));
            Assert.Equal(Body(was), Body(kept));
        }

        // Nobody knows what a new one should run.
        Assert.Null(Of(hub, Agent("new", "prod")));
        var explained = (await hub.Client.GetFromJsonAsync<AgentConfiguration>("/api/v1/agents/a/configuration"))!;
        Assert.StartsWith("pipelines/edge cannot be read: ", explained.Problems[0], StringComparison.Ordinal);
        Assert.Contains(explained.Origins, origin => origin is { Path: "receivers.otlp/edge", Resource: "pipelines/edge", Line: 9 });
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, (await hub.Client.GetAsync("/api/v1/agents/new/configuration")).StatusCode);

        await ApplyAsync(hub, Documents.Simple("edge", port: 5555));
        Assert.Contains("localhost:5555", Body(Of(hub, Agent("a", "prod"))!), StringComparison.Ordinal);
        Assert.Equal(2, Of(hub, Agent("a", "prod"))!.Revision);
        Assert.Equal(other.Config.Hash, Of(hub, Agent("b", "stage"))!.Config.Hash);
    }

    [Fact]
    public async Task A_cohort_that_cannot_be_compiled_whole_after_a_restart_keeps_what_it_had()
    {
        using var state = new TState();
        Assignment was;
        await using (var before = await HubFixture.StartAsync(state))
        {
            await ApplyAsync(before, Documents.Destination("backend"), Documents.Simple("edge"), Documents.Simple("more", port: 4444));
            was = Of(before, Agent("a", "prod"))!;
        }

        // As a database that was restored in part, or written by hand: nothing keeps a destination that is used from going.
        Assert.Equal(2, state.Sql("UPDATE resource SET document = replace(document, 'destination/backend', 'destination/gone') WHERE kind = 'Pipeline'"));
        await using var hub = await HubFixture.StartAsync(state);
        hub.Logs.Expect("CompiledWithProblems");

        var kept = Of(hub, Agent("a", "prod"))!;
        var unknown = Of(hub, Agent("x", "prod"))!;

        Assert.Equal((was.Revision, Body(was)), (kept.Revision, Body(kept)));
        Assert.Same(kept.Config, unknown.Config);
        Assert.Contains("there is no Destination gone", (await hub.Client.GetFromJsonAsync<AgentConfiguration>("/api/v1/agents/a/configuration"))!.Problems[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_crash_forgets_a_few_seconds_and_no_more()
    {
        using var state = new TState();
        await using var first = await HubFixture.StartAsync(state);
        await ApplyAsync(first, Documents.Destination("backend"), Documents.Simple("edge"));
        Of(first, Agent("a", "prod"));
        first.Time.Advance(LastGoodStore.Interval);
        await Eventually.Get("rows are written", () => Task.FromResult(state.Counts("config_kept", "config_agent") is [1, 1] ? this : null));

        first.Logs.Expect("LastGoodNotWritten");
        state.Break("config_kept");
        await ApplyAsync(first, Documents.Simple("edge", port: 4444));
        var given = Of(first, Agent("a", "prod"))!;
        first.Room<LastGoodStore>().Flush();
        Assert.Contains(first.Logs.Entries, entry => entry.Event == "LastGoodNotWritten");
        state.Mend("config_kept");
        first.Room<LastGoodStore>().Flush();

        Assert.Equal(given.Config.Hash, first.Room<LastGoodStore>().Of("a")!.Config.Hash);
    }

    [Fact]
    public async Task Who_was_not_seen_for_a_month_is_forgotten_with_what_it_had()
    {
        using var state = new TState();
        await using var hub = await HubFixture.StartAsync(state);
        await ApplyAsync(hub, Documents.Destination("backend"), Documents.Simple("edge"));
        var time = new FakeTimeProvider(hub.Time.GetUtcNow());
        using var store = new LastGoodStore(hub.Room<HubDatabase>(), time, NullLogger<LastGoodStore>.Instance);
        void Asks(string id, string env)
        {
            var (assignment, compiled) = hub.Room<NewestRevision>().Find(Agent(id, env))!.Value;
            store.Note(id, compiled, assignment);
        }

        Asks("a", "prod");
        Asks("b", "stage");
        store.Flush();
        store.Forget();
        Assert.Equal([2, 2], state.Counts("config_kept", "config_agent"));

        for (var day = 0; day < 32; day++)
        {
            time.Jump(TimeSpan.FromDays(1));
            Asks("b", "stage");
            store.Flush();
        }

        store.Forget();

        Assert.Equal([1, 1], state.Counts("config_kept", "config_agent"));
        Assert.NotNull(store.Of("b"));
        Assert.Null(store.Of("a"));
    }

    private static Assignment? Of(HubFixture hub, AgentFacts agent) => hub.Room<IAssignments>().Of(agent);

    private static AgentFacts Agent(string id, string env) => new(id, id, AgentKind.Collector, new Dictionary<string, string> { ["env"] = env });

    private static string Body(Assignment assignment) => Encoding.UTF8.GetString(assignment.Config.Files[0].Body.Span);

    private static async Task ApplyAsync(HubFixture hub, params string[] documents)
    {
        using var response = await hub.Client.PostAsJsonAsync("/api/v1/apply", new ApplyRequest([.. documents.Select((text, i) => new DocumentFile($"{i}.yaml", text))]));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }
}

public sealed class LastGoodOnSqliteTests : LastGoodTests<SqliteState>;

public sealed class LastGoodOnPostgresTests : LastGoodTests<PostgresState>;
