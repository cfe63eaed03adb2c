using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using Gantry.Estate.Agents;
using Gantry.Hub.Compile;
using Gantry.Hub.Estate;
using Gantry.Hub.Rollouts;
using Gantry.Hub.Tests.Pipelines;

namespace Gantry.Hub.Tests.Assignments;

public class NewestRevisionTests
{
    [Fact]
    public async Task An_agent_gets_the_newest_revision_at_once_and_every_revision_is_kept()
    {
        await using var hub = await HubFixture.StartAsync();
        var agent = Agent("a", ("env", "prod"));
        Assert.Null(Of(hub, agent));

        await ApplyAsync(hub, Documents.Destination("backend"), Documents.Simple("edge"));
        var first = Of(hub, agent)!;
        await ApplyAsync(hub, Documents.Simple("edge", port: 4444));
        var second = Of(hub, agent)!;
        await ApplyAsync(hub, Documents.Destination("backend", "https://other.example"));
        var third = Of(hub, agent)!;
        await ApplyAsync(hub, Documents.Simple("edge", port: 4444) + "# only words\n");
        var same = Of(hub, agent)!;

        Assert.Equal([1L, 2, 3, 3], new[] { first, second, third, same }.Select(assignment => assignment.Revision));
        Assert.Single(new[] { first, second, third, same }.Select(assignment => assignment.Cohort).Distinct());
        Assert.Contains("localhost:4317", Body(first), StringComparison.Ordinal);
        Assert.Contains("localhost:4444", Body(second), StringComparison.Ordinal);
        Assert.Contains("https://other.example", Body(third), StringComparison.Ordinal);
        var revisions = hub.Room<NewestRevision>().Revisions(first.Cohort, 10);
        Assert.Equal([(3L, third.Config.Hash), (2, second.Config.Hash), (1, first.Config.Hash)], revisions.Select(revision => (revision.Number, revision.Hash)));
        Assert.Equal(new Dictionary<string, long> { ["pipelines/edge"] = 2, ["destinations/backend"] = 2 }, revisions[0].Resources);
    }

    [Fact]
    public async Task After_a_restart_number_hash_and_cohort_are_the_same()
    {
        var folder = HubFixture.NewFolder();
        Assignment before;
        await using (var hub = await HubFixture.StartAsync(folder))
        {
            await ApplyAsync(hub, Documents.Destination("backend"), Documents.Simple("edge"));
            Of(hub, Agent("a", ("env", "prod")));
            await ApplyAsync(hub, Documents.Simple("edge", port: 4444));
            before = Of(hub, Agent("a", ("env", "prod")))!;
        }

        await using (var hub = await HubFixture.StartAsync(folder))
        {
            var after = Of(hub, Agent("b", ("env", "prod")))!;
            Assert.Equal((before.Cohort, 2L, before.Config.Hash), (after.Cohort, after.Revision, after.Config.Hash));
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Who_no_longer_matches_is_told_to_do_nothing_also_when_the_last_pipeline_is_gone()
    {
        await using var hub = await HubFixture.StartAsync();
        await ApplyAsync(hub, Documents.Destination("backend"), Documents.Simple("edge"));

        var other = Of(hub, Agent("b", ("env", "stage")))!;
        Assert.True(other.IsNothing);
        Assert.Contains("No pipeline matches", Body(other), StringComparison.Ordinal);
        Assert.False(Of(hub, Agent("a", ("env", "prod")))!.IsNothing);
        (await hub.Client.DeleteAsync("/api/v1/resources/pipelines/edge")).EnsureSuccessStatusCode();
        Assert.True(Of(hub, Agent("a", ("env", "prod")))!.IsNothing);
        Assert.Null(Of(hub, new AgentFacts("x", "x", AgentKind.Unknown, new Dictionary<string, string> { ["env"] = "prod" })));
    }

    [Fact]
    public async Task Groups_set_attributes_and_the_higher_priority_goes_first()
    {
        await using var hub = await HubFixture.StartAsync();
        static string Group(string name, string matcher, string attributes, int priority) =>
            Documents.Head("AgentGroup", name) + $"  matchers: ['{matcher}']\n  attributes: {attributes}\n  priority: {priority}\n";
        await ApplyAsync(
            hub, Documents.Destination("backend"), Group("all", "collector.ID=~\".+\"", "{tier: base, env: prod}", 0), Group("edges", "host.name=~\"edge-.*\"", "{tier: edge}", 1),
            Documents.Simple("by-attribute", matchers: "tier=edge"), Documents.Simple("by-group", port: 1, matchers: "group.edges=true"), Documents.Simple("forged", port: 2, matchers: "group.other=true"));

        var edge = Body(Of(hub, Agent("a", ("host.name", "edge-7"), ("tier", "own"), ("group.other", "true")))!);
        var other = Of(hub, Agent("b", ("host.name", "core")))!;

        Assert.Contains("# Pipelines: by-attribute, by-group\n", edge, StringComparison.Ordinal);
        Assert.True(other.IsNothing);
    }

    [Fact]
    public async Task Attributes_that_a_pipeline_injects_make_cohorts_of_one_history()
    {
        await using var hub = await HubFixture.StartAsync();
        await ApplyAsync(hub, Documents.Alloy("team", "a.b \"c\" {\n\tteam = argument.attributes.value[\"team\"]\n}"));
        var agents = new[] { "shop", "shop", "news" }.Select((team, i) => Of(hub, Agent($"{i}", AgentKind.Alloy, ("env", "prod"), ("team", team), ("noise", $"{i}")))!).ToList();

        Assert.Same(agents[0].Config, agents[1].Config);
        Assert.NotEqual(agents[0].Config.Hash, agents[2].Config.Hash);
        Assert.Contains("\"team\" = \"news\"", Body(agents[2]), StringComparison.Ordinal);
        Assert.Equal([1L, 1, 1], agents.Select(agent => agent.Revision));
    }

    [Fact]
    public async Task A_hundred_thousand_agents_of_fifty_cohorts_cost_fifty_compilations()
    {
        await using var hub = await HubFixture.StartAsync();
        await ApplyAsync(hub, [Documents.Destination("backend"), .. Enumerable.Range(0, 50).Select(i => Documents.Simple($"team-{i}", matchers: $"team={i}"))]);
        var agents = Enumerable.Range(0, 100_000).Select(i => Agent($"agent-{i}", ("team", $"{i % 50}"), ("host.name", $"host-{i}"))).ToList();
        var (assignments, cache) = (hub.Room<NewestRevision>(), hub.Room<ConfigCache>());

        var started = Stopwatch.GetTimestamp();
        var configs = agents.Select(agent => assignments.Of(agent)!.Config).Distinct(ReferenceEqualityComparer.Instance).Count();
        var took = Stopwatch.GetElapsedTime(started);

        Assert.Equal((50, 50L), (configs, cache.Compilations));
        // Far above what it takes, and far below what 100,000 compilations would.
        Assert.True(took < TimeSpan.FromSeconds(20), $"{took}");
        // One pipeline changed is one cohort compiled.
        await ApplyAsync(hub, Documents.Simple("team-7", port: 9999, matchers: "team=7"));
        Assert.All(agents, agent => Assert.NotNull(assignments.Of(agent)));
        Assert.Equal(51, cache.Compilations);
        // A destination that all use is all of them.
        await ApplyAsync(hub, Documents.Destination("backend", "https://other.example"));
        Assert.All(agents, agent => Assert.NotNull(assignments.Of(agent)));
        Assert.Equal(101, cache.Compilations);
    }

    [Fact]
    public async Task Ten_thousand_pipelines_are_applied_at_once_and_each_agent_finds_its_own()
    {
        await using var hub = await HubFixture.StartAsync();
        var started = Stopwatch.GetTimestamp();
        await ApplyAsync(hub, [Documents.Destination("backend"), .. Enumerable.Range(0, 10_000).Select(i => Documents.Simple($"p-{i}", matchers: $"team=t{i}"))]);
        await ApplyAsync(hub, Documents.Simple("p-5", port: 5, matchers: "team=t5"));

        var own = Of(hub, Agent("a", ("team", "t9999")))!;

        Assert.Contains("# Pipelines: p-9999\n", Body(own), StringComparison.Ordinal);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(60), $"{Stopwatch.GetElapsedTime(started)}");
    }

    [Fact]
    public async Task One_change_of_many_resources_is_told_once_and_not_under_the_lock()
    {
        await using var hub = await HubFixture.StartAsync();
        var assignments = hub.Room<NewestRevision>();
        var told = 0;
        using var first = new SemaphoreSlim(0);
        assignments.Changed += () =>
        {
            Interlocked.Increment(ref told);
            // Would wait for ever if it were told under the store's lock and asked from here by another thread.
            Assert.NotNull(Task.Run(() => hub.Room<ResourceStore>().Delete(Gantry.Estate.Pipelines.PipelineReader.Kind, "nope", null, dryRun: true)).Wait(TimeSpan.FromSeconds(10)) ? "" : null);
            first.Release();
        };

        await ApplyAsync(hub, [Documents.Destination("backend"), .. Enumerable.Range(0, 20).Select(i => Documents.Simple($"p-{i}", matchers: $"team=t{i}"))]);

        Assert.True(await first.WaitAsync(TimeSpan.FromSeconds(10)));
        await ApplyAsync(hub, Documents.Simple("p-0", port: 7, matchers: "team=t0"));
        Assert.True(await first.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal(2, told);
    }

    [Fact]
    public async Task A_stored_pipeline_that_cannot_be_read_leaves_agents_as_they_are()
    {
        var folder = HubFixture.NewFolder();
        await using (var first = await HubFixture.StartAsync(folder))
        {
            await ApplyAsync(first, Documents.Destination("backend"), Documents.Simple("edge"));
        }

        await using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(folder, "hub.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE resource SET document = replace(document, 'otelcol', 'later')";
            command.ExecuteNonQuery();
        }

        await using (var hub = await HubFixture.StartAsync(folder))
        {
            hub.Logs.Expect("ResourceUnreadable");
            hub.Logs.Expect("EstateUnreadable");
            Assert.Null(Of(hub, Agent("a", ("env", "prod"))));
            await ApplyAsync(hub, Documents.Simple("edge"));
            Assert.False(Of(hub, Agent("a", ("env", "prod")))!.IsNothing);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_pipeline_without_what_it_reads_is_left_out_and_that_is_said()
    {
        await using var hub = await HubFixture.StartAsync();
        hub.Logs.Expect("CompiledWithProblems");
        var agent = Agent("a", AgentKind.Alloy, ("env", "prod"), ("x", "1"));
        var exporting = Documents.Alloy("giver", "export \"out\" {\n\tvalue = 1\n}", "'env=prod', 'x=1'");
        await ApplyAsync(hub, exporting, Documents.Alloy("taker", "a.b \"c\" {\n\td = argument.pipeline_exports.value[\"giver\"][\"out\"]\n}"));
        var before = Of(hub, agent)!;

        // The taker goes on matching what the giver leaves.
        await ApplyAsync(hub, Documents.Alloy("giver", "export \"out\" {\n\tvalue = 2\n}", "'env=prod', 'x=2'"));
        var left = Of(hub, agent)!;

        Assert.Contains("giver.default.out", Body(before), StringComparison.Ordinal);
        Assert.NotEqual(before.Cohort, left.Cohort);
        Assert.DoesNotContain("taker \"default\"", Body(left), StringComparison.Ordinal);
        var why = await hub.Client.GetFromJsonAsync<AgentConfiguration>("/api/v1/agents/a/configuration");
        Assert.Contains("pipelines/taker:9: it reads export out of pipeline giver, which does not match this agent", Assert.Single(why!.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cohort_that_can_no_longer_be_compiled_keeps_what_it_had()
    {
        static StoredResource Stored(string text, long version)
        {
            var document = Assert.Single(ResourceText.Read(text, new Gantry.Estate.Resources.ResourceProblems("f")));
            return new StoredResource(document.Kind, document.Name, document, text, 1, version, "ada", default, default, "");
        }

        var cache = new ConfigCache();
        var agent = Agent("a", ("env", "prod"));
        EstateIndex[] indexes =
        [
            new(EstateContent.Of([Stored(Documents.Destination("backend"), 1), Stored(Documents.Simple("edge"), 2)], 2)),
            new(EstateContent.Of([Stored(Documents.Simple("edge", port: 4444), 3)], 3)),
            new(EstateContent.Of([Stored(Documents.Destination("backend"), 4), Stored(Documents.Simple("edge", port: 4444), 3)], 4)),
        ];

        var (first, kept, mended) = (cache.Get(indexes[0], indexes[0].CohortOf(agent)), cache.Get(indexes[1], indexes[1].CohortOf(agent)), cache.Get(indexes[2], indexes[2].CohortOf(agent)));

        Assert.Same(first.Config, kept.Config);
        Assert.True(kept.IsLastGood);
        Assert.Equal("there is no Destination backend", Assert.Single(kept.Problems).Message);
        Assert.Equal((false, 0), (mended.IsLastGood, mended.Problems.Count));
        Assert.NotEqual(first.Config.Hash, mended.Config.Hash);
    }

    [Fact]
    public async Task An_agent_has_its_configuration_explained()
    {
        await using var hub = await HubFixture.StartAsync();
        await ApplyAsync(hub, Documents.Destination("backend"), Documents.Simple("edge"), Documents.Simple("stage", matchers: "env=stage"), Documents.Simple("nobody", matchers: ""));
        Of(hub, Agent("a", ("env", "prod"), ("service.version", "0.150.0")));

        var explained = await hub.Client.GetFromJsonAsync<AgentConfiguration>("/api/v1/agents/name-a/configuration");
        var missing = await hub.Client.GetAsync("/api/v1/agents/nope/configuration");

        Assert.Equal(("a", "collector", 1L), (explained!.Agent, explained.Kind, explained.Revision));
        Assert.Equal([("edge", true, ""), ("nobody", false, "it has no matchers, so it is for no agent"), ("stage", false, "env=stage, and env is prod")], explained.Pipelines.Select(pipeline => (pipeline.Name, pipeline.Matches, pipeline.Why)));
        Assert.Contains("otlp_http/to_backend", Assert.Single(explained.Files).Text, StringComparison.Ordinal);
        Assert.Equal("prod", explained.Attributes["env"]);
        Assert.Contains(explained.Origins, origin => origin is { Path: "receivers.otlp/edge", Resource: "pipelines/edge", Line: 9 });
        Assert.Equal(System.Net.HttpStatusCode.NotFound, missing.StatusCode);
    }

    private static Assignment? Of(HubFixture hub, AgentFacts agent) => hub.Room<IAssignments>().Of(agent);

    private static string Body(Assignment assignment) => Encoding.UTF8.GetString(assignment.Config.Files[0].Body.Span);

    private static AgentFacts Agent(string id, params (string Name, string Value)[] attributes) => Agent(id, AgentKind.Collector, attributes);

    private static AgentFacts Agent(string id, AgentKind kind, params (string Name, string Value)[] attributes) =>
        new(id, $"name-{id}", kind, attributes.ToDictionary(attribute => attribute.Name, attribute => attribute.Value));

    private static async Task ApplyAsync(HubFixture hub, params string[] documents)
    {
        using var response = await hub.Client.PostAsJsonAsync("/api/v1/apply", new ApplyRequest([.. documents.Select((text, i) => new DocumentFile($"{i}.yaml", text))]));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }
}
