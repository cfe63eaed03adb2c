using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.DependencyInjection;
using Op = Gantry.Testing.FleetManagement.PipelineRevision.Types.Operation;
using SourceType = Gantry.Testing.FleetManagement.PipelineSource.Types.SourceType;

namespace Gantry.Hub.Tests.FleetManagement;

/// <summary>PipelineService over the hub's real estate: what comes by this door is a resource like any other.</summary>
public sealed class PipelineTests : IAsyncLifetime
{
    private const string Alloy = "prometheus.exporter.self \"default\" { }\n";

    private HubFixture _hub = null!;

    public async ValueTask InitializeAsync() => _hub = await HubFixture.StartAsync();

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task Everything_of_a_pipeline_comes_back_as_it_was_given()
    {
        var given = New("Self monitoring / Linux");
        given.Matchers.Add(["collector.os=\"linux\"", "env =~ \"prod|stage\""]);
        given.Enabled = false;
        given.Source = new() { Type = SourceType.Terraform, Namespace = "default" };
        given.Metadata = JsonParser.Default.Parse<Struct>("""{"owner":"shop","n":1.5,"deep":{"list":[true,null,"ü\u2028"]}}""");

        var created = (await Call<TheirFleet.Pipeline>("CreatePipeline", new TheirFleet.CreatePipelineRequest { Pipeline = given })).Ok;
        var read = (await Call<TheirFleet.Pipeline>("GetPipeline", new TheirFleet.GetPipelineRequest { Id = created.Id })).Ok;

        Assert.Equal(created, read);
        Assert.NotEmpty(read.Id);
        Assert.NotNull(read.CreatedAt);
        Assert.NotNull(read.UpdatedAt);
        (read.CreatedAt, read.UpdatedAt, given.ConfigType) = (null, null, TheirFleet.ConfigType.Alloy);
        read.ClearId();
        Assert.Equal(given, read);
        Assert.Equal(created.Id, (await Call<TheirFleet.GetPipelineIDResponse>("GetPipelineID", new TheirFleet.GetPipelineIDRequest { Name = given.Name })).Ok.Id);
    }

    [Theory]
    [InlineData("a \"b\" { }")]
    [InlineData("  a \"b\" { }\n\n\n")]
    [InlineData("\n\n// comment # and: yaml\na \"b\" {\n\tc = `x\n  y`\n\n}\n")]
    [InlineData("// ünïcode 😀 \u0085 \u2028\na \"b\" { }\n")]
    [InlineData("a \"b\" { }   \n   \n")]
    [InlineData("a \"b\" { }\r\nc \"d\" { }\r\n")]
    public async Task Contents_come_back_to_the_letter(string contents)
    {
        var created = (await Call<TheirFleet.Pipeline>("CreatePipeline", new TheirFleet.CreatePipelineRequest { Pipeline = New("p", contents) })).Ok;

        Assert.Equal(contents, created.Contents);
    }

    [Fact]
    public async Task An_id_is_stable_when_the_name_changes_and_names_are_unique()
    {
        var first = await CreateAsync("First one");
        await CreateAsync("other");
        var renamed = New("Second name");
        renamed.Id = first.Id;

        var updated = (await Call<TheirFleet.Pipeline>("UpdatePipeline", new TheirFleet.UpdatePipelineRequest { Pipeline = renamed })).Ok;
        renamed.Name = "other";
        var taken = await Call<TheirFleet.Pipeline>("UpdatePipeline", new TheirFleet.UpdatePipelineRequest { Pipeline = renamed });

        Assert.Equal((first.Id, "Second name"), (updated.Id, updated.Name));
        Assert.Equal("already_exists", taken.Code);
        Assert.Equal("not_found", (await Call<TheirFleet.GetPipelineIDResponse>("GetPipelineID", new TheirFleet.GetPipelineIDRequest { Name = "First one" })).Code);
    }

    [Fact]
    public async Task Codes_are_those_that_tools_wait_for()
    {
        await CreateAsync("there");

        Assert.Equal("already_exists", (await Call<TheirFleet.Pipeline>("CreatePipeline", new TheirFleet.CreatePipelineRequest { Pipeline = New("there") })).Code);
        Assert.Equal("not_found", (await Call<TheirFleet.Pipeline>("UpdatePipeline", new TheirFleet.UpdatePipelineRequest { Pipeline = New("nowhere") })).Code);
        Assert.Equal("not_found", (await Call<TheirFleet.Pipeline>("GetPipeline", new TheirFleet.GetPipelineRequest { Id = "nowhere" })).Code);
        Assert.Equal("not_found", (await Call<TheirFleet.DeletePipelineResponse>("DeletePipeline", new TheirFleet.DeletePipelineRequest { Id = "nowhere" })).Code);
        Assert.Equal("invalid_argument", (await Call<TheirFleet.Pipeline>("CreatePipeline", new TheirFleet.CreatePipelineRequest())).Code);
        Assert.Equal("unimplemented", (await Call<TheirFleet.CreateAlloyPipelinesResponse>("CreateAlloyPipelines", new TheirFleet.CreateAlloyPipelinesRequest())).Code);
    }

    [Fact]
    public async Task Contents_that_are_wrong_are_told_with_their_own_line_and_stored_nowhere()
    {
        var answer = await Call<TheirFleet.Pipeline>("UpsertPipeline", new TheirFleet.UpsertPipelineRequest { Pipeline = New("bad", "a \"b\" { }\nlogging { }\n") });

        Assert.Equal("invalid_argument", answer.Code);
        Assert.StartsWith("bad:2:1: contents", answer.Error, StringComparison.Ordinal);
        Assert.Empty(await ListAsync());
    }

    [Theory]
    [InlineData("env")]
    [InlineData("env=~\"(\"")]
    public async Task Matchers_that_are_wrong_are_told(string matcher)
    {
        var pipeline = New("bad");
        pipeline.Matchers.Add(matcher);

        var answer = await Call<TheirFleet.Pipeline>("UpsertPipeline", new TheirFleet.UpsertPipelineRequest { Pipeline = pipeline });

        Assert.Equal("invalid_argument", answer.Code);
        Assert.Contains("matchers", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_only_says_what_would_be_and_does_nothing()
    {
        var answer = await Call<TheirFleet.Pipeline>("UpsertPipeline", new TheirFleet.UpsertPipelineRequest { Pipeline = New("p"), ValidateOnly = true });
        var bad = await Call<TheirFleet.Pipeline>("CreatePipeline", new TheirFleet.CreatePipelineRequest { Pipeline = New("q", "a {"), ValidateOnly = true });

        Assert.Equal("p", answer.Ok.Name);
        Assert.Equal("invalid_argument", bad.Code);
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task An_upsert_replaces_everything()
    {
        var given = New("p");
        given.Matchers.Add("env=prod");
        given.Metadata = JsonParser.Default.Parse<Struct>("""{"a":1}""");
        await Call<TheirFleet.Pipeline>("UpsertPipeline", new TheirFleet.UpsertPipelineRequest { Pipeline = given });

        var updated = (await Call<TheirFleet.Pipeline>("UpsertPipeline", new TheirFleet.UpsertPipelineRequest { Pipeline = New("p", "x \"y\" { }\n") })).Ok;

        Assert.Equal(("x \"y\" { }\n", 0, null), (updated.Contents, updated.Matchers.Count, updated.Metadata));
        Assert.True(updated.Enabled);
    }

    [Fact]
    public async Task The_list_is_filtered_by_attributes_type_and_state()
    {
        var prod = New("prod");
        prod.Matchers.Add("env=prod");
        var off = New("off");
        off.Matchers.Add("env=~\".+\"");
        off.Enabled = false;
        var otel = New("otel", "receivers:\n  otlp:\n    protocols:\n      grpc:\nexporters:\n  debug:\nservice:\n  pipelines:\n    traces:\n      receivers: [otlp]\n      exporters: [debug]\n");
        otel.ConfigType = TheirFleet.ConfigType.Otel;
        foreach (var pipeline in new[] { prod, off, otel, New("nobody") })
        {
            _ = (await Call<TheirFleet.Pipeline>("CreatePipeline", new TheirFleet.CreatePipelineRequest { Pipeline = pipeline })).Ok;
        }

        Assert.Equal(["nobody", "off", "otel", "prod"], await NamesAsync(new()));
        Assert.Equal(["otel"], await NamesAsync(new() { ConfigType = TheirFleet.ConfigType.Otel }));
        Assert.Equal(["off"], await NamesAsync(new() { Enabled = false }));
        Assert.Equal(["off", "prod"], await NamesAsync(new() { LocalAttributes = { ["env"] = "stage" }, RemoteAttributes = { ["env"] = "prod" } }));
        Assert.Equal(["off"], await NamesAsync(new() { LocalAttributes = { ["env"] = "stage" } }));
    }

    [Fact]
    public async Task A_bulk_delete_is_made_for_all_or_for_none()
    {
        await CreateAsync("a");
        await CreateAsync("b");

        Assert.Equal("not_found", (await Call<TheirFleet.BulkDeletePipelinesResponse>("BulkDeletePipelines", new TheirFleet.BulkDeletePipelinesRequest { Ids = { "a", "nowhere" } })).Code);
        Assert.Equal(2, (await ListAsync()).Count);
        _ = (await Call<TheirFleet.BulkDeletePipelinesResponse>("BulkDeletePipelines", new TheirFleet.BulkDeletePipelinesRequest { Ids = { "a", "b" } })).Ok;
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task Every_change_is_a_revision_and_the_list_of_all_leaves_contents_out()
    {
        var first = await CreateAsync("p");
        _ = (await Call<TheirFleet.Pipeline>("UpdatePipeline", new TheirFleet.UpdatePipelineRequest { Pipeline = New("p", "x \"y\" { }\n") })).Ok;
        _ = (await Call<TheirFleet.DeletePipelineResponse>("DeletePipeline", new TheirFleet.DeletePipelineRequest { Id = first.Id })).Ok;

        var all = (await Call<TheirFleet.PipelineRevisions>("ListPipelinesRevisions", new TheirFleet.ListPipelinesRevisionsRequest())).Ok.PipelineRevisions_;
        var one = (await Call<TheirFleet.PipelineRevisions>("ListPipelineRevisions", new TheirFleet.ListPipelineRevisionsRequest { Id = first.Id })).Ok.PipelineRevisions_;
        var oldest = (await Call<TheirFleet.PipelineRevision>("GetPipelineRevision", new TheirFleet.GetPipelineRevisionRequest { RevisionId = one[^1].RevisionId })).Ok;

        Assert.Equal([Op.Delete, Op.Update, Op.Insert], all.Select(revision => revision.Operation));
        Assert.All(all, revision => Assert.Equal(("", "p"), (revision.Snapshot.Contents, revision.Snapshot.Name)));
        Assert.Equal(["x \"y\" { }\n", "x \"y\" { }\n", Alloy], one.Select(revision => revision.Snapshot.Contents));
        Assert.Equal(one[^1], oldest);
        Assert.Equal("not_found", (await Call<TheirFleet.PipelineRevision>("GetPipelineRevision", new TheirFleet.GetPipelineRevisionRequest { RevisionId = "999" })).Code);
        Assert.Equal("not_found", (await Call<TheirFleet.PipelineRevisions>("ListPipelineRevisions", new TheirFleet.ListPipelineRevisionsRequest { Id = "nowhere" })).Code);
    }

    [Fact]
    public async Task A_sync_upserts_by_name_and_deletes_what_its_source_has_no_more()
    {
        await CreateAsync("by-hand");
        _ = (await SyncAsync("git-a", New("one"), New("two"))).Ok;
        _ = (await SyncAsync("git-b", New("three"))).Ok;

        _ = (await SyncAsync("git-a", New("two", "x \"y\" { }\n"), New("four"))).Ok;

        var all = await ListAsync();
        Assert.Equal(["by-hand", "four", "three", "two"], all.Select(pipeline => pipeline.Name));
        Assert.Equal((SourceType.Git, "git-a", "x \"y\" { }\n"), (all[3].Source.Type, all[3].Source.Namespace, all[3].Contents));
        _ = (await SyncAsync("git-a")).Ok;
        Assert.Equal(["by-hand", "three"], (await ListAsync()).Select(pipeline => pipeline.Name));
    }

    [Fact]
    public async Task A_sync_does_not_overwrite_a_pipeline_of_another_source_and_then_changes_nothing()
    {
        await CreateAsync("by-hand");

        var answer = await SyncAsync("git-a", New("new"), New("by-hand", "x \"y\" { }\n"));

        Assert.Equal("failed_precondition", answer.Code);
        Assert.Contains("\"by-hand\" belongs to api", answer.Error, StringComparison.Ordinal);
        Assert.Equal(Alloy, Assert.Single(await ListAsync()).Contents);
    }

    [Fact]
    public async Task Scripts_neither_change_nor_delete_what_is_kept_in_Git()
    {
        _ = (await SyncAsync("git-a", New("one"))).Ok;

        Assert.Equal("failed_precondition", (await Call<TheirFleet.Pipeline>("UpsertPipeline", new TheirFleet.UpsertPipelineRequest { Pipeline = New("one", "x \"y\" { }\n") })).Code);
        Assert.Equal("failed_precondition", (await Call<TheirFleet.DeletePipelineResponse>("DeletePipeline", new TheirFleet.DeletePipelineRequest { Id = "one" })).Code);
        Assert.Equal(Alloy, Assert.Single(await ListAsync()).Contents);
    }

    [Fact]
    public async Task A_hub_that_was_told_to_lets_a_sync_take_over()
    {
        await using var hub = await HubFixture.StartAsync(replace: services => services.AddSingleton(new HubOptions { DataFolder = "", SyncTakesOver = true }));
        var client = new ConnectClient(hub.Client);
        await client.PostAsync<TheirFleet.Pipeline>($"{ConnectClient.Pipelines}/CreatePipeline", new TheirFleet.CreatePipelineRequest { Pipeline = New("by-hand") });

        var request = new TheirFleet.SyncPipelinesRequest { Source = new() { Type = SourceType.Git, Namespace = "a" }, Pipelines = { New("by-hand") } };
        _ = (await client.PostAsync<TheirFleet.SyncPipelinesResponse>($"{ConnectClient.Pipelines}/SyncPipelines", request)).Ok;

        var all = (await client.PostAsync<TheirFleet.Pipelines>($"{ConnectClient.Pipelines}/ListPipelines", new TheirFleet.ListPipelinesRequest())).Ok.Pipelines_;
        Assert.Equal("a", Assert.Single(all).Source.Namespace);
    }

    [Theory]
    [InlineData(SourceType.Unspecified, "a", "source.type")]
    [InlineData(SourceType.Git, "", "source.namespace")]
    [InlineData(SourceType.Git, "no spaces", "source.namespace")]
    public async Task A_sync_says_whose_pipelines_it_brings(SourceType type, string place, string field)
    {
        var request = new TheirFleet.SyncPipelinesRequest { Source = new() { Type = type, Namespace = place } };

        var answer = await Call<TheirFleet.SyncPipelinesResponse>("SyncPipelines", request);

        Assert.Equal("invalid_argument", answer.Code);
        Assert.StartsWith(field, answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sync_with_one_bad_pipeline_or_a_name_twice_changes_nothing()
    {
        _ = (await SyncAsync("a", New("one"))).Ok;

        Assert.Equal("invalid_argument", (await SyncAsync("a", New("two"), New("bad", "a {"))).Code);
        Assert.StartsWith("pipelines.1.name: ", (await SyncAsync("a", New("two"), New("two"))).Error, StringComparison.Ordinal);
        Assert.Equal(["one"], (await ListAsync()).Select(pipeline => pipeline.Name));
    }

    [Fact]
    public async Task What_was_applied_as_a_document_is_a_pipeline_here_too_and_keeps_what_the_contract_cannot_say()
    {
        const string Document = """
            apiVersion: gantry/v1
            kind: Pipeline
            metadata:
              name: edge
              labels: {team: shop}
            spec:
              type: otelcol
              matchers: ['env="prod"']
              priority: 7
              contents:
                # a comment of somebody
                receivers:
                  otlp:
                    protocols: {grpc: }
                exporters: {debug: }
                service:
                  pipelines:
                    traces: {receivers: [otlp], exporters: [debug]}
            """;
        using var content = new StringContent(Document);
        using var applied = await _hub.Client.PutAsync("/api/v1/resources/pipelines/edge", content);
        Assert.True(applied.IsSuccessStatusCode, await applied.Content.ReadAsStringAsync());

        var read = (await Call<TheirFleet.Pipeline>("GetPipeline", new TheirFleet.GetPipelineRequest { Id = "edge" })).Ok;
        Assert.Equal(("edge", TheirFleet.ConfigType.Otel, "env=\"prod\""), (read.Name, read.ConfigType, read.Matchers[0]));
        Assert.Equal("receivers:\n  otlp:\n    protocols: {grpc: }\nexporters: {debug: }\nservice:\n  pipelines:\n    traces: {receivers: [otlp], exporters: [debug]}\n", read.Contents);

        read.Enabled = false;
        _ = (await Call<TheirFleet.Pipeline>("UpdatePipeline", new TheirFleet.UpdatePipelineRequest { Pipeline = read })).Ok;
        var text = await _hub.Client.GetStringAsync("/api/v1/resources/pipelines/edge");
        Assert.Contains("priority: 7", text, StringComparison.Ordinal);
        Assert.Contains("shop", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipeline_that_matches_reaches_the_collector_and_its_withdrawal_too()
    {
        var alloy = new AlloyClient(_hub.Client, "1.13.0");
        await alloy.StartAsync();
        var pipeline = New("self");
        pipeline.Matchers.Add("env=prod");
        _ = (await Call<TheirFleet.Pipeline>("CreatePipeline", new TheirFleet.CreatePipelineRequest { Pipeline = pipeline })).Ok;

        await AgainUntilAsync(alloy, () => alloy.Running.Contains("prometheus.exporter.self", StringComparison.Ordinal));
        _ = (await Call<TheirFleet.DeletePipelineResponse>("DeletePipeline", new TheirFleet.DeletePipelineRequest { Id = "self" })).Ok;
        await AgainUntilAsync(alloy, () => alloy.Running.StartsWith("//", StringComparison.Ordinal));
    }

    /// <summary>The compiler works behind the answer; a collector polls on.</summary>
    private static async Task AgainUntilAsync(AlloyClient alloy, Func<bool> isDone)
    {
        var until = DateTime.UtcNow.AddSeconds(20);
        while (!isDone())
        {
            Assert.True(DateTime.UtcNow < until, $"after 20 s the collector still runs:\n{alloy.Running}");
            await alloy.PollAsync();
            await Task.Delay(20);
        }
    }

    private static TheirFleet.Pipeline New(string name, string contents = Alloy) => new() { Name = name, Contents = contents, Enabled = true };

    private async Task<TheirFleet.Pipeline> CreateAsync(string name) => (await Call<TheirFleet.Pipeline>("CreatePipeline", new TheirFleet.CreatePipelineRequest { Pipeline = New(name) })).Ok;

    private async Task<IReadOnlyList<TheirFleet.Pipeline>> ListAsync() => (await Call<TheirFleet.Pipelines>("ListPipelines", new TheirFleet.ListPipelinesRequest())).Ok.Pipelines_;

    private async Task<IEnumerable<string>> NamesAsync(TheirFleet.ListPipelinesRequest request) =>
        (await Call<TheirFleet.Pipelines>("ListPipelines", request)).Ok.Pipelines_.Select(pipeline => pipeline.Name);

    private Task<Answer<TheirFleet.SyncPipelinesResponse>> SyncAsync(string place, params TheirFleet.Pipeline[] pipelines) => Call<TheirFleet.SyncPipelinesResponse>(
        "SyncPipelines", new TheirFleet.SyncPipelinesRequest { Source = new() { Type = SourceType.Git, Namespace = place }, Pipelines = { pipelines } });

    private Task<Answer<T>> Call<T>(string method, IMessage request)
        where T : IMessage<T>, new() => new ConnectClient(_hub.Client).PostAsync<T>($"{ConnectClient.Pipelines}/{method}", request);
}
