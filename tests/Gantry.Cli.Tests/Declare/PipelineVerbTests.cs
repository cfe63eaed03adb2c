using System.Net;
using System.Net.Http.Headers;
using Gantry.Hub;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;
using Microsoft.Extensions.Logging;

namespace Gantry.Cli.Tests.Declare;

/// <summary>Pipelines against a real hub: validate, diff, apply, export, describe, explain, and two who edit at once.</summary>
public sealed class PipelineVerbTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private HubServer _hub = null!;

    private string Config => _folder["config"];

    public async ValueTask InitializeAsync()
    {
        _hub = new HubServer(new HubOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0), DataFolder = _folder["data"] }, logging => logging.SetMinimumLevel(LogLevel.None));
        await _hub.StartAsync();
        Directory.CreateDirectory(Config);
        // The page's own example, a file a document.
        var documents = Repository.Read("docs/pipelines.md").Split("```yaml\n")[1].Split("```")[0].Split("---\n");
        Assert.Equal(3, documents.Length);
        foreach (var (name, text) in new[] { "z-backend", "edges", "a-edge" }.Zip(documents))
        {
            await File.WriteAllTextAsync(Path.Combine(Config, $"{name}.yaml"), text);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.StopAsync();
        await _hub.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_sample_of_the_readme_is_applied_without_a_warning()
    {
        var applied = await RunAsync("apply", "-f", Path.Combine(Repository.Root, "samples", "fleet"));

        Assert.Equal((ExitCodes.Ok, ""), (applied.ExitCode, applied.Error));
        foreach (var name in new[] { @"Destination\s+backend", @"AgentGroup\s+edges", @"Pipeline\s+hosts", @"Pipeline\s+edge-otlp" })
        {
            Assert.Matches($@"created\s+{name}", applied.Out);
        }
    }

    [Fact]
    public async Task A_folder_is_validated_compared_applied_and_exported_byte_for_byte()
    {
        var valid = await RunAsync("validate", "-f", Config);
        var before = await RunAsync("diff", "-f", Config);
        var applied = await RunAsync("apply", "-f", Config, "--owner", "git/shop");
        var after = await RunAsync("diff", "-f", Config);
        var exported = await RunAsync("export", "-o", _folder["out"]);
        var again = await RunAsync("diff", "-f", _folder["out"]);
        var pipelines = await RunAsync("get", "pipelines", "-o", "wide");
        var described = await RunAsync("describe", "pipeline", "edge");

        Assert.Equal((ExitCodes.Ok, "3 documents, no errors\n"), (valid.ExitCode, valid.Out));
        Assert.Equal(ExitCodes.Differences, before.ExitCode);
        Assert.Contains("--- nothing\n+++ pipelines/edge (", before.Out);
        Assert.Equal((ExitCodes.Ok, ""), (applied.ExitCode, applied.Error));
        Assert.Matches(@"created\s+Pipeline\s+edge\s+1\s+otelcol, tier=edge, collector.os=linux", applied.Out);
        Assert.Equal((ExitCodes.Ok, ""), (after.ExitCode, after.Out));
        Assert.Contains("3 resources are in", exported.Error);
        Assert.Equal(ExitCodes.Ok, again.ExitCode);
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(Config, "a-edge.yaml")), await File.ReadAllBytesAsync(Path.Combine(_folder["out"], "pipelines", "edge.yaml")));
        Assert.Matches(@"edge\s+otelcol.*git/shop", pipelines.Out);
        Assert.Contains("Owner git/shop; generation 1", described.Out);
        Assert.Matches(@"insert\s+\d+s\s+git/shop\s+ada, ", described.Out);
    }

    [Fact]
    public async Task One_wrong_document_keeps_all_of_them_out_and_is_named_with_its_place()
    {
        var file = Path.Combine(Config, "a-edge.yaml");
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("destination/backend", "destination/nowhere", StringComparison.Ordinal));

        var result = await RunAsync("apply", "-f", Config);
        var validated = await RunAsync("validate", "-f", Config);

        Assert.Equal((ExitCodes.Refused, ""), (result.ExitCode, result.Out));
        Assert.Contains($"{file}:17:", result.Error);
        Assert.Contains("there is no such Destination; there are backend", result.Error);
        Assert.EndsWith("gantry: 1 problem; nothing was done\n", result.Error);
        Assert.Equal((result.ExitCode, result.Error), (validated.ExitCode, validated.Error));
        Assert.Equal("[]", (await RunAsync("get", "destinations", "-o", "json")).Out.Trim());
    }

    [Fact]
    public async Task What_another_owner_applied_is_left_alone_unless_it_is_taken_over()
    {
        await RunAsync("apply", "-f", Config, "--owner", "git/shop");
        var file = Path.Combine(Config, "a-edge.yaml");
        await File.AppendAllTextAsync(file, "# by hand\n");

        var refused = await RunAsync("apply", "-f", file);
        var deleted = await RunAsync("delete", "pipeline", "edge");
        var taken = await RunAsync("apply", "-f", file, "--take-over");

        Assert.Equal(ExitCodes.Conflict, refused.ExitCode);
        Assert.Contains("is owned by git/shop (applied by ada, ", refused.Error);
        deleted.FailedWith(ExitCodes.Conflict, "is owned by git/shop", "--take-over");
        Assert.Equal(ExitCodes.Ok, taken.ExitCode);
        Assert.Contains("--owner 'Git Hub': expected a word", (await RunAsync("apply", "-f", file, "--owner", "Git Hub")).Error);
    }

    [Fact]
    public async Task The_second_of_two_editors_sees_both_changes_and_loses_neither()
    {
        await RunAsync("apply", "-f", Config);
        var (ada, bob) = (_folder["ada.yaml"], _folder["bob.yaml"]);
        var text = await File.ReadAllTextAsync(Path.Combine(Config, "a-edge.yaml"));
        await File.WriteAllTextAsync(ada, text.Replace("timeout: 1s", "timeout: 9s", StringComparison.Ordinal));
        await File.WriteAllTextAsync(bob, text.Replace("limit_percentage: 80", "limit_percentage: 50", StringComparison.Ordinal));
        using var row = System.Text.Json.JsonDocument.Parse((await RunAsync("get", "pipelines", "edge", "-o", "json")).Out);
        var version = row.RootElement[0].GetProperty("version").GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture);

        var first = await RunAsync("apply", "-f", ada, "--if-version", version);
        var second = await RunAsync("apply", "-f", bob, "--if-version", version);

        Assert.Equal((ExitCodes.Ok, ExitCodes.Conflict), (first.ExitCode, second.ExitCode));
        Assert.Contains($"What changed from version {version}", second.Error);
        Assert.Contains("+      batch: {timeout: 9s}", second.Error);
        Assert.Contains("+      memory_limiter: {check_interval: 1s, limit_percentage: 50}", second.Error);
        Assert.Contains("timeout: 9s", (await RunAsync("get", "pipelines", "edge", "-o", "yaml")).Out);
    }

    [Fact]
    public async Task An_agent_is_explained_with_its_state_and_the_origin_of_a_setting()
    {
        await RunAsync("apply", "-f", Config);
        await SayAsync();

        var whole = await RunAsync("explain", "agent/edge-1");
        var setting = await RunAsync("explain", "agent/edge-1", "--path", "processors.batch");
        var nothing = await RunAsync("explain", "agent/edge-1", "--path", "processors.nope");
        var missing = await RunAsync("explain", "agent/nope");

        Assert.Equal((ExitCodes.Ok, ""), (whole.ExitCode, whole.Error));
        Assert.Matches(@"Desired    revision 1 of cohort otelcol-[0-9a-f]{16}, hash [0-9a-f]{12}\nGroups     edges\n", whole.Out);
        Assert.Matches(@"edge\s+yes\s+0", whole.Out);
        Assert.Matches(@"offered\s+done", whole.Out);
        Assert.Matches(@"processors.batch/edge.timeout\s+pipelines/edge:14\s+batch: \{timeout: 1s\}", setting.Out);
        Assert.DoesNotContain("receivers", setting.Out);
        nothing.FailedWith(ExitCodes.Error, "--path processors.nope: the agent's configuration has no such setting; processors has batch, memory_limiter");
        (await RunAsync("explain", "agent/edge-1", "--path", "processors.bacth", "-o", "json")).FailedWith(ExitCodes.Error, "did you mean processors.batch?");
        Assert.Matches(@"service.pipelines.traces/edge.processors\[1\]\s+pipelines/edge:17\s", (await RunAsync("explain", "agent/edge-1", "--path", "service.pipelines.traces.processors[1]")).Out);
        Assert.DoesNotContain("[0]", (await RunAsync("explain", "agent/edge-1", "--path", "service.pipelines.traces.processors[1]")).Out);
        Assert.Matches(@"receivers.otlp/edge.protocols.grpc.endpoint\s+pipelines/edge:11\s", (await RunAsync("explain", "agent/edge-1", "--path", "receivers.otlp.protocols.grpc.endpoint")).Out);
        Assert.Matches(@"exporters.otlp_?http/to_backend.endpoint\s+destinations/backend:\d", (await RunAsync("explain", "agent/edge-1", "--path", "exporters")).Out);
        (await RunAsync("explain", "agent/edge-l")).FailedWith(ExitCodes.Error, "did you mean edge-1?");
        missing.FailedWith(ExitCodes.Error, "no agent \"nope\"");
        Assert.Contains("expected agent/NAME", (await RunAsync("explain", "edge-1")).Error);
    }

    /// <summary>A collector says hello over OpAMP.</summary>
    private async Task SayAsync()
    {
        var message = new AgentToServer
        {
            InstanceUid = Guid.CreateVersion7().ToByteArray(bigEndian: true),
            SequenceNum = 1,
            Capabilities = AgentCapabilities.ReportsStatus | AgentCapabilities.AcceptsRemoteConfig | AgentCapabilities.ReportsRemoteConfig,
            Description = new AgentDescription
            {
                Identifying = { new KeyValue("service.name", "io.opentelemetry.collector"), new KeyValue("service.version", "0.150.0") },
                NonIdentifying = { new KeyValue("host.name", "edge-1"), new KeyValue("os.type", "linux") },
            },
        };
        using var client = new HttpClient { BaseAddress = _hub.Address };
        using var content = new ByteArrayContent(message.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        using var response = await client.PostAsync("v1/opamp", content);
        response.EnsureSuccessStatusCode();
    }

    private Task<Cli> RunAsync(params string[] args) => Cli.RunWithAsync(Cli.Environment(("GANTRY_HUB", _hub.Address.ToString()), ("USER", "ada")), args);
}
