using System.Net;
using System.Text;
using System.Text.Json;
using SourceType = Gantry.Testing.FleetManagement.PipelineSource.Types.SourceType;

namespace Gantry.Hub.Tests.FleetManagement;

/// <summary>The requests that released clients make, in their order, with their encodings and their use of the answers, against the whole hub.</summary>
public sealed class ClientContractTests : IAsyncLifetime
{
    private const string Content = "prometheus.exporter.self \"default\" { }\n";

    private readonly TestAssignments _assignments = new();
    private HubFixture _hub = null!;

    public async ValueTask InitializeAsync()
    {
        _assignments.Set(Content);
        _hub = await _assignments.StartHubAsync();
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Theory]
    [InlineData("1.5.0", "Register GetConfig Register GetConfig")]
    [InlineData("1.7.0", "Register GetConfig Register GetConfig")]
    [InlineData("1.8.0", "Register GetConfig Register GetConfig")]
    [InlineData("1.11.0", "Register GetConfig Register GetConfig")]
    [InlineData("1.12.0", "Register GetConfig GetConfig Register GetConfig")]
    [InlineData("1.13.0", "Register GetConfig GetConfig Register GetConfig Unregister")]
    [InlineData("1.18.0", "Register GetConfig GetConfig Register GetConfig Unregister")]
    [InlineData("1.19.0", "Register GetConfig GetConfig Register GetConfig Unregister")]
    public async Task Alloy_starts_polls_and_stops(string version, string calls)
    {
        var alloy = new AlloyClient(_hub.Client, version);

        await alloy.StartAsync();
        await alloy.PollAsync();
        Assert.True(alloy.LastResponse!.NotModified);
        await alloy.StopAsync();

        Assert.Equal(calls, string.Join(' ', alloy.Calls));
        Assert.Equal((Content, TestAssignments.HashOf(Content)), (alloy.Running, alloy.Hash));
        Assert.Equal(("prod", $"v{version}"), (_assignments.LastAsked!.Attributes["env"], _assignments.LastAsked.Attributes["collector.version"]));
    }

    [Theory, InlineData("1.5.0"), InlineData("1.11.0"), InlineData("1.13.0")]
    public async Task Alloy_takes_a_change_with_its_next_poll(string version)
    {
        var alloy = new AlloyClient(_hub.Client, version);
        await alloy.StartAsync();
        _assignments.Set("// another\n");

        await alloy.PollAsync();

        Assert.Equal("// another\n", alloy.Running);
        await alloy.PollAsync();
        Assert.True(alloy.LastResponse!.NotModified);
    }

    [Fact]
    public async Task The_Kubernetes_chart_points_at_a_hub_under_a_path()
    {
        var alloy = new AlloyClient(_hub.Client, "1.13.0", "release-cluster-namespace-alloy-metrics-node-1", "/alloy");
        foreach (var (key, value) in new[] { ("cluster", "shop"), ("platform", "kubernetes"), ("workloadName", "alloy-metrics"), ("workloadType", "daemonset") })
        {
            alloy.Attributes[key] = value;
        }

        await alloy.StartAsync();

        Assert.Equal(Content, alloy.Running);
        Assert.Equal("daemonset", _assignments.LastAsked!.Attributes["workloadType"]);
    }

    [Fact]
    public async Task Terraform_creates_reads_changes_imports_and_deletes_a_pipeline()
    {
        var terraform = new ConnectClient(_hub.Client) { UserAgent = "Terraform/1.9 terraform-provider-grafana/4.0", Authorization = Basic("123456", "token") };
        var wanted = new TheirFleet.Pipeline
        {
            Name = "tf_pipeline",
            Contents = Content,
            Enabled = true,
            ConfigType = TheirFleet.ConfigType.Alloy,
            Source = new() { Type = SourceType.Terraform, Namespace = "default" },
        };

        var id = (await terraform.PostAsync<TheirFleet.Pipeline>($"{ConnectClient.Pipelines}/CreatePipeline", new TheirFleet.CreatePipelineRequest { Pipeline = wanted })).Ok.Id;
        Assert.Equal(wanted.Contents, (await GetAsync()).Ok.Contents);
        wanted.Id = id;
        wanted.Matchers.Add("collector.os=~\".*\"");
        _ = (await terraform.PostAsync<TheirFleet.Pipeline>($"{ConnectClient.Pipelines}/UpdatePipeline", new TheirFleet.UpdatePipelineRequest { Pipeline = wanted })).Ok;
        Assert.Equal(["collector.os=~\".*\""], (await GetAsync()).Ok.Matchers);
        var imported = (await terraform.PostAsync<TheirFleet.GetPipelineIDResponse>($"{ConnectClient.Pipelines}/GetPipelineID", new TheirFleet.GetPipelineIDRequest { Name = "tf_pipeline" })).Ok.Id;
        Assert.Equal(id, imported);
        _ = (await terraform.PostAsync<TheirFleet.DeletePipelineResponse>($"{ConnectClient.Pipelines}/DeletePipeline", new TheirFleet.DeletePipelineRequest { Id = id })).Ok;
        Assert.Equal("not_found", (await GetAsync()).Code);

        Task<Answer<TheirFleet.Pipeline>> GetAsync() => terraform.PostAsync<TheirFleet.Pipeline>($"{ConnectClient.Pipelines}/GetPipeline", new TheirFleet.GetPipelineRequest { Id = id });
    }

    [Fact]
    public async Task Terraform_finds_its_collector_in_the_full_list_also_when_it_has_said_goodbye()
    {
        var terraform = new ConnectClient(_hub.Client) { Authorization = Basic("123456", "token") };
        var collector = new TheirFleet.Collector { Id = "mine", Enabled = true, RemoteAttributes = { ["env"] = "prod" }, CollectorType = TheirFleet.CollectorType.Alloy };
        _ = (await terraform.PostAsync<TheirFleet.Collector>($"{ConnectClient.Collectors}/CreateCollector", new TheirFleet.CreateCollectorRequest { Collector = collector })).Ok;
        var alloy = new AlloyClient(_hub.Client, "1.13.0", "mine");
        await alloy.StartAsync();
        await alloy.StopAsync();

        var all = (await terraform.PostAsync<TheirFleet.Collectors>($"{ConnectClient.Collectors}/ListCollectors", new TheirFleet.ListCollectorsRequest())).Ok.Collectors_;

        Assert.Equal("prod", all.Single(found => found.Id == "mine").RemoteAttributes["env"]);
    }

    [Fact]
    public async Task The_sync_action_brings_all_pipelines_of_a_repository()
    {
        var action = new ConnectClient(_hub.Client) { Authorization = Basic("123456", "token") };
        var request = new TheirFleet.SyncPipelinesRequest { Source = new() { Type = SourceType.Git, Namespace = "owner/repository" } };
        request.Pipelines.Add(new TheirFleet.Pipeline { Name = "from-git", Contents = Content, Matchers = { "env=prod", "managed=git" }, Enabled = true });

        _ = (await action.PostAsync<TheirFleet.SyncPipelinesResponse>($"{ConnectClient.Pipelines}/SyncPipelines", request)).Ok;
        _ = (await action.PostAsync<TheirFleet.SyncPipelinesResponse>($"{ConnectClient.Pipelines}/SyncPipelines", request)).Ok;

        var revisions = (await action.PostAsync<TheirFleet.PipelineRevisions>($"{ConnectClient.Pipelines}/ListPipelinesRevisions", new TheirFleet.ListPipelinesRevisionsRequest())).Ok;
        Assert.Single(revisions.PipelineRevisions_);
    }

    [Fact]
    public async Task Gcx_speaks_JSON_with_a_bearer_token_and_reads_camel_case()
    {
        var gcx = new ConnectClient(_hub.Client) { Authorization = "Bearer token" };

        var (_, created) = await gcx.JsonAsync($"{ConnectClient.Pipelines}/CreatePipeline", """{"pipeline":{"name":"json","contents":"a \"b\" { }\n","matchers":["env=prod"],"config_type":"CONFIG_TYPE_ALLOY","metadata":{"team":"shop"}}}""");
        var (_, listed) = await gcx.JsonAsync($"{ConnectClient.Pipelines}/ListPipelines", "{}");
        var (status, missing) = await gcx.JsonAsync($"{ConnectClient.Pipelines}/GetPipeline", """{"id":"nowhere"}""");

        Assert.Equal("CONFIG_TYPE_ALLOY", created.GetProperty("configType").GetString());
        Assert.Equal("shop", listed.GetProperty("pipelines")[0].GetProperty("metadata").GetProperty("team").GetString());
        Assert.EndsWith("Z", listed.GetProperty("pipelines")[0].GetProperty("createdAt").GetString(), StringComparison.Ordinal);
        Assert.Equal((404, "not_found"), (status, missing.GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData("Basic !!!")]
    [InlineData("Digest x")]
    [InlineData("Basic")]
    public async Task A_damaged_credential_stops_nobody_on_a_hub_without_access_control(string header)
    {
        var client = new ConnectClient(_hub.Client) { Authorization = header };

        _ = (await client.PostAsync<TheirFleet.RegisterCollectorResponse>($"{ConnectClient.Collectors}/RegisterCollector", new TheirFleet.RegisterCollectorRequest { Id = "a" })).Ok;
    }

    [Fact]
    public async Task What_is_no_Fleet_Management_goes_on_to_the_other_doors()
    {
        using var health = await _hub.Client.GetAsync("/healthz");
        using var config = await _hub.Client.PostAsync("/agent.v1.AgentService/GetConfig", new StringContent("{}", Encoding.UTF8, "application/json"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (health.StatusCode, config.StatusCode));
    }

    [Fact]
    public async Task An_answer_in_JSON_leaves_out_what_is_unset()
    {
        var (_, body) = await new ConnectClient(_hub.Client).JsonAsync($"{ConnectClient.Collectors}/GetConfig", JsonSerializer.Serialize(new { id = "a", hash = TestAssignments.HashOf(Content) }));

        Assert.Equal($$"""{"hash":"{{TestAssignments.HashOf(Content)}}","notModified":true}""", body.GetRawText());
    }

    private static string Basic(string user, string password) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))}";
}
