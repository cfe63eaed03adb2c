using System.Text;
using Gantry.Hub.Access;
using Gantry.Hub.Coverage;
using Gantry.Hub.FleetManagement.Collectors;
using Gantry.Hub.Tests.Access;
using Gantry.Protocol.OpAmp;
using SourceType = Gantry.Testing.FleetManagement.PipelineSource.Types.SourceType;

namespace Gantry.Hub.Tests.FleetManagement;

/// <summary>What a compatible hub must do, line by line: one test for each line of the checklist, against the whole hub with its own compiler. The tests around
/// go deeper into each.</summary>
public sealed class ChecklistTests : IAsyncLifetime
{
    private const string Self = "prometheus.exporter.self \"default\" { }\n";

    private HubFixture _hub = null!;

    public async ValueTask InitializeAsync() => _hub = await HubFixture.StartAsync();

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact(DisplayName = "1. Both contracts of CollectorService in one; POST of protobuf and JSON, GET for GetConfig, gzip, errors as Connect's JSON, a path before the service")]
    public async Task Line_01()
    {
        var plain = new ConnectClient(_hub.Client);
        var zipped = new ConnectClient(_hub.Client) { SendGzip = true, Prefix = "/some/path" };
        var ask = new TheirFleet.GetConfigRequest { Id = "a" };

        _ = (await plain.PostAsync<TheirFleet.RegisterCollectorResponse>($"{ConnectClient.Collectors}/RegisterCollector", new TheirFleet.RegisterCollectorRequest { Id = "a" })).Ok;
        Assert.Equal("a", Assert.Single((await plain.PostAsync<TheirFleet.Collectors>($"{ConnectClient.Collectors}/ListCollectors", new TheirFleet.ListCollectorsRequest())).Ok.Collectors_).Id);
        var (status, json) = await plain.JsonAsync($"{ConnectClient.Collectors}/GetConfig", """{"id":"a"}""");
        var byPost = (await plain.PostAsync<TheirFleet.GetConfigResponse>($"{ConnectClient.Collectors}/GetConfig", ask)).Ok;
        var byGet = (await plain.GetAsync<TheirFleet.GetConfigResponse>($"{ConnectClient.Collectors}/GetConfig", ask)).Ok;
        var byZip = (await zipped.PostAsync<TheirFleet.GetConfigResponse>($"{ConnectClient.Collectors}/GetConfig", ask)).Ok;
        Assert.Equal(200, status);
        Assert.Equal([byPost.Hash, byPost.Hash, byPost.Hash], [byGet.Hash, byZip.Hash, json.GetProperty("hash").GetString()!]);
        Assert.Equal((404, "not_found"), await CodeAsync(plain.PostAsync<TheirFleet.Collector>($"{ConnectClient.Collectors}/GetCollector", new TheirFleet.GetCollectorRequest { Id = "b" })));
    }

    [Theory(DisplayName = "2. Basic and Bearer for collectors, and the same credential at /v1/opamp")]
    [InlineData("Bearer")]
    [InlineData("Basic")]
    public async Task Line_02(string scheme)
    {
        await using var access = await AccessFixture.StartAsync(_hub);
        var token = (await access.TokenAsync("fleet", "agent")).Token;
        var good = scheme == "Bearer" ? $"Bearer {token}" : $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"123456:{token}"))}";

        var alloy = new AlloyClient(_hub.Client, "1.13.0", authorization: good);
        await alloy.StartAsync();
        Assert.NotEmpty(alloy.Running);
        var refused = await new ConnectClient(_hub.Client) { Authorization = $"{scheme} d3Jvbmc6d3Jvbmc=" }
            .PostAsync<TheirFleet.RegisterCollectorResponse>($"{ConnectClient.Collectors}/RegisterCollector", new TheirFleet.RegisterCollectorRequest { Id = "a" });
        Assert.Equal((401, "unauthenticated"), (refused.Status, refused.Code));

        Assert.Equal(200, await OpAmpAsync(good));
        Assert.Equal(401, await OpAmpAsync($"{scheme} d3Jvbmc6d3Jvbmc="));
    }

    [Fact(DisplayName = "3. Register is always 200 for a valid credential; GetConfig makes unknown ids known; deprecated attributes count where there are no local ones")]
    public async Task Line_03()
    {
        var connect = new ConnectClient(_hub.Client);
        var many = new TheirFleet.RegisterCollectorRequest { Id = "many" };
        Enumerable.Range(0, 1_000).ToList().ForEach(i => many.LocalAttributes.Add($"a{i}", new string('x', 2_000)));

        _ = (await connect.PostAsync<TheirFleet.RegisterCollectorResponse>($"{ConnectClient.Collectors}/RegisterCollector", many)).Ok;
        _ = (await connect.PostAsync<TheirFleet.GetConfigResponse>($"{ConnectClient.Collectors}/GetConfig", new TheirFleet.GetConfigRequest { Id = "unknown", Attributes = { ["env"] = "old" } })).Ok;

        Assert.Equal("old", (await _hub.GetAsync<CollectorRow>("collectors/unknown")).LocalAttributes["env"]);
        Assert.NotEmpty((await _hub.GetAsync<CollectorRow>("collectors/many")).Problem);
    }

    [Fact(DisplayName = "4. Hashes are of the content alone: the same on every node and after a restart, no times in the content, and not_modified without content")]
    public async Task Line_04()
    {
        await using var other = await HubFixture.StartAsync(time: new Microsoft.Extensions.Time.Testing.FakeTimeProvider(_hub.Time.GetUtcNow().AddYears(1)));
        var (one, two) = (new AlloyClient(_hub.Client, "1.13.0"), new AlloyClient(other.Client, "1.13.0"));
        await CreateAsync(_hub, "b");
        await CreateAsync(_hub, "a");
        await CreateAsync(other, "a");
        await CreateAsync(other, "b");

        await one.StartAsync();
        await two.StartAsync();

        Assert.Equal((one.Hash, one.Running), (two.Hash, two.Running));
        await one.PollAsync();
        Assert.Equal((true, ""), (one.LastResponse!.NotModified, one.LastResponse.Content));
    }

    [Fact(DisplayName = "5. What does not parse is never served, and nothing to run is a comment, never an empty text")]
    public async Task Line_05()
    {
        var alloy = new AlloyClient(_hub.Client, "1.13.0");
        await alloy.StartAsync();
        Assert.StartsWith("//", alloy.Running, StringComparison.Ordinal);

        var bad = await CallAsync<TheirFleet.Pipeline>("CreatePipeline", new TheirFleet.CreatePipelineRequest { Pipeline = New("bad", "prometheus.exporter.self {") });
        Assert.Equal("invalid_argument", bad.Code);
        await CreateAsync(_hub, "good");
        await PollUntilAsync(alloy, "declare \"good\"");
        _ = (await CallAsync<TheirFleet.DeletePipelineResponse>("DeletePipeline", new TheirFleet.DeletePipelineRequest { Id = "good" })).Ok;
        for (var i = 0; i < 200 && alloy.Running.Contains("declare", StringComparison.Ordinal); i++)
        {
            await alloy.PollAsync();
        }

        Assert.All(alloy.Running.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.StartsWith("//", line, StringComparison.Ordinal));
        Assert.NotEmpty(alloy.Running);
    }

    [Fact(DisplayName = "6. Pipelines become declares of sound names in order, with attributes and exports injected; blocks of the process are refused")]
    public async Task Line_06()
    {
        await CreateAsync(_hub, "z-writer", "export \"receiver\" {\n  value = prometheus.remote_write.x.receiver\n}\nprometheus.remote_write \"x\" {\n  endpoint {\n    url = \"http://x\"\n  }\n}\n");
        await CreateAsync(_hub, "a-reader", "argument \"attributes\" { }\nargument \"pipeline_exports\" { }\nprometheus.scrape \"x\" {\n  targets    = [{\"env\" = argument.attributes.value[\"env\"]}]\n  forward_to = [argument.pipeline_exports.value[\"z-writer\"][\"receiver\"]]\n}\n");
        var alloy = new AlloyClient(_hub.Client, "1.13.0");
        await alloy.StartAsync();

        var (reader, writer) = (alloy.Running.IndexOf("declare \"a_reader\"", StringComparison.Ordinal), alloy.Running.IndexOf("declare \"z_writer\"", StringComparison.Ordinal));
        Assert.True(reader >= 0 && writer > reader, alloy.Running);
        Assert.Contains("a_reader \"default\"", alloy.Running, StringComparison.Ordinal);
        Assert.Contains("z_writer.default.receiver", alloy.Running, StringComparison.Ordinal);
        Assert.Matches("\"env\"\\s*=\\s*\"prod\"", alloy.Running);
        foreach (var block in new[] { "logging { }\n", "tracing { }\n", "http { }\n", "remotecfg { }\n" })
        {
            Assert.Equal("invalid_argument", (await CallAsync<TheirFleet.Pipeline>("CreatePipeline", new TheirFleet.CreatePipelineRequest { Pipeline = New("process", block) })).Code);
        }
    }

    [Fact(DisplayName = "7. Status by hash: a failure of transport is none of loading, silence is stalled, Alloy before 1.12 is received at most")]
    public async Task Line_07()
    {
        await CreateAsync(_hub, "self");
        var alloys = new[] { "applied 1.13.0", "failed 1.13.0", "received 1.11.0", "stalled 1.13.0" }.Select(item => item.Split(' ')).ToDictionary(item => item[0], item => new AlloyClient(_hub.Client, item[1], item[0]));
        alloys["failed"].Load = _ => "1:1: unrecognized component";
        foreach (var alloy in alloys.Values)
        {
            await alloy.StartAsync();
        }

        alloys["applied"].PollInVain();
        await alloys["applied"].PollAsync();
        await CreateAsync(_hub, "second");
        foreach (var alloy in alloys.Values.Where(alloy => alloy.Id != "stalled"))
        {
            await alloy.PollAsync();
            await alloy.PollAsync();
        }

        _hub.Time.Advance(TimeSpan.FromMinutes(10));
        foreach (var alloy in alloys.Values.Where(alloy => alloy.Id != "stalled"))
        {
            await alloy.PollAsync();
        }

        Assert.Equal(["applied", "failed", "received", "stalled"], (await _hub.GetAsync<CollectorPage>("collectors")).Collectors.Select(row => row.State));
        Assert.Null((await _hub.GetAsync<CollectorRow>("collectors/applied")).Failed);
    }

    [Fact(DisplayName = "8. A fleet that starts at once, four calls each, is served whole: none is turned away, and registering least of all")]
    public async Task Line_08()
    {
        await CreateAsync(_hub, "self");
        var fleet = Enumerable.Range(0, 250).Select(i => new AlloyClient(_hub.Client, "1.13.0", $"host-{i:D3}")).ToList();

        await Task.WhenAll(fleet.Select(alloy => alloy.StartAsync()));

        Assert.All(fleet, alloy => Assert.Equal(["Register", "GetConfig", "GetConfig", "Register"], alloy.Calls));
        Assert.Equal(250, (await _hub.GetAsync<CollectorPage>("collectors?state=applied&limit=1")).Total);
        await CreateAsync(_hub, "second");
        fleet[0].Calls.Clear();
        await fleet[0].PollAsync();
        Assert.Equal(["GetConfig", "GetConfig"], fleet[0].Calls);
    }

    [Fact(DisplayName = "9. Lists of collectors and pipelines are whole; pages are elsewhere")]
    public async Task Line_09()
    {
        for (var i = 0; i < 24; i++)
        {
            await new ConnectClient(_hub.Client).PostAsync<TheirFleet.RegisterCollectorResponse>($"{ConnectClient.Collectors}/RegisterCollector", new TheirFleet.RegisterCollectorRequest { Id = $"c{i:D3}" });
            await CreateAsync(_hub, $"p{i:D3}");
        }

        Assert.Equal(24, (await new ConnectClient(_hub.Client).PostAsync<TheirFleet.Collectors>($"{ConnectClient.Collectors}/ListCollectors", new TheirFleet.ListCollectorsRequest())).Ok.Collectors_.Count);
        Assert.Equal(24, (await CallAsync<TheirFleet.Pipelines>("ListPipelines", new TheirFleet.ListPipelinesRequest())).Ok.Pipelines_.Count);
        Assert.Equal(10, (await _hub.GetAsync<CollectorPage>("collectors?limit=10")).Collectors.Count);
        Assert.Equal(["c023"], (await _hub.GetAsync<AgentRow[]>("agents?sort=-id&page=1&size=1")).Select(row => row.Id));
    }

    [Fact(DisplayName = "10. SyncPipelines upserts by name, deletes what its own source has no more, and takes nothing of another source")]
    public async Task Line_10()
    {
        await CreateAsync(_hub, "by-hand");
        _ = (await SyncAsync("shop", New("one"), New("two"))).Ok;
        _ = (await SyncAsync("news", New("three"))).Ok;

        _ = (await SyncAsync("shop", New("two"))).Ok;
        var across = await SyncAsync("shop", New("two"), New("three", "prometheus.exporter.unix \"default\" { }\n"));

        Assert.Equal("failed_precondition", across.Code);
        Assert.Equal(["by-hand", "three", "two"], (await CallAsync<TheirFleet.Pipelines>("ListPipelines", new TheirFleet.ListPipelinesRequest())).Ok.Pipelines_.Select(pipeline => pipeline.Name));
    }

    [Fact(DisplayName = "11. Revisions, validate_only, metadata, source and config_type come back as they were given")]
    public async Task Line_11()
    {
        var given = New("p");
        given.ConfigType = TheirFleet.ConfigType.Alloy;
        given.Metadata = new Google.Protobuf.WellKnownTypes.Struct { Fields = { ["team"] = Google.Protobuf.WellKnownTypes.Value.ForString("shop") } };
        given.Source = new() { Type = SourceType.Terraform, Namespace = "default" };

        _ = (await CallAsync<TheirFleet.Pipeline>("UpsertPipeline", new TheirFleet.UpsertPipelineRequest { Pipeline = given, ValidateOnly = true })).Ok;
        Assert.Empty((await CallAsync<TheirFleet.Pipelines>("ListPipelines", new TheirFleet.ListPipelinesRequest())).Ok.Pipelines_);
        var id = (await CallAsync<TheirFleet.Pipeline>("UpsertPipeline", new TheirFleet.UpsertPipelineRequest { Pipeline = given })).Ok.Id;
        var back = (await CallAsync<TheirFleet.Pipeline>("GetPipeline", new TheirFleet.GetPipelineRequest { Id = id })).Ok;
        var revisions = (await CallAsync<TheirFleet.PipelineRevisions>("ListPipelineRevisions", new TheirFleet.ListPipelineRevisionsRequest { Id = id })).Ok.PipelineRevisions_;

        Assert.Equal((given.Contents, given.Metadata, given.Source, given.ConfigType), (back.Contents, back.Metadata, back.Source, back.ConfigType));
        Assert.Equal(given.Contents, Assert.Single(revisions).Snapshot.Contents);
    }

    [Theory(DisplayName = "12. The clients that are out there: Alloy of each way to ask; Terraform, the sync action, gcx and the chart are in ClientContractTests")]
    [InlineData("1.5.0")]
    [InlineData("1.7.0")]
    [InlineData("1.8.0")]
    [InlineData("1.11.0")]
    [InlineData("1.12.0")]
    [InlineData("1.13.0")]
    [InlineData("1.18.0")]
    [InlineData("1.19.0")]
    public async Task Line_12(string version)
    {
        await CreateAsync(_hub, "self");
        var alloy = new AlloyClient(_hub.Client, version);

        await alloy.StartAsync();
        await alloy.PollAsync();
        await alloy.StopAsync();

        Assert.Contains("self \"default\"", alloy.Running, StringComparison.Ordinal);
        Assert.True(alloy.LastResponse!.NotModified);
    }

    private static async Task CreateAsync(HubFixture hub, string name, string contents = Self) => _ = (await new ConnectClient(hub.Client).PostAsync<TheirFleet.Pipeline>(
        $"{ConnectClient.Pipelines}/CreatePipeline", new TheirFleet.CreatePipelineRequest { Pipeline = New(name, contents) })).Ok;

    private static TheirFleet.Pipeline New(string name, string contents = Self) => new() { Name = name, Contents = contents, Enabled = true, Matchers = { "env=prod" } };

    private static async Task<(int, string)> CodeAsync<T>(Task<Answer<T>> answer) => ((await answer).Status, (await answer).Code);

    private static async Task PollUntilAsync(AlloyClient alloy, string text)
    {
        for (var i = 0; i < 200 && !alloy.Running.Contains(text, StringComparison.Ordinal); i++)
        {
            await alloy.PollAsync();
            await Task.Delay(20);
        }

        Assert.Contains(text, alloy.Running, StringComparison.Ordinal);
    }

    private Task<Answer<TheirFleet.SyncPipelinesResponse>> SyncAsync(string place, params TheirFleet.Pipeline[] pipelines) => CallAsync<TheirFleet.SyncPipelinesResponse>(
        "SyncPipelines", new TheirFleet.SyncPipelinesRequest { Source = new() { Type = SourceType.Git, Namespace = place }, Pipelines = { pipelines } });

    private Task<Answer<T>> CallAsync<T>(string method, Google.Protobuf.IMessage request)
        where T : Google.Protobuf.IMessage<T>, new() => new ConnectClient(_hub.Client).PostAsync<T>($"{ConnectClient.Pipelines}/{method}", request);

    private async Task<int> OpAmpAsync(string authorization)
    {
        using var content = new ByteArrayContent(Gantry.Protocol.Wire.WireMessage.ToArray(new AgentToServer { InstanceUid = Guid.CreateVersion7().ToByteArray(bigEndian: true), Capabilities = AgentCapabilities.ReportsStatus }));
        content.Headers.ContentType = new("application/x-protobuf");
        using var request = new HttpRequestMessage(HttpMethod.Post, _hub.OpAmp) { Content = content };
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var response = await _hub.Client.SendAsync(request);
        return (int)response.StatusCode;
    }
}
