using System.Net;
using System.Text.Json;
using Gantry.Hub;
using Gantry.Hub.Sampling;
using Microsoft.Extensions.Logging;

namespace Gantry.Cli.Tests.Declare;

/// <summary>Declaring against a real hub: apply, get, sampling get, explain, delete.</summary>
public sealed class ApplyTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private HubServer _hub = null!;

    private string File => _folder["sampling.yaml"];

    public async ValueTask InitializeAsync()
    {
        _hub = new HubServer(new HubOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0), DataFolder = _folder["data"] }, logging => logging.SetMinimumLevel(LogLevel.None));
        await _hub.StartAsync();
        await System.IO.File.WriteAllTextAsync(File, SamplingExample.Yaml);
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.StopAsync();
        await _hub.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Applying_says_created_unchanged_and_changed()
    {
        var would = await RunAsync("apply", "-f", File, "--dry-run");
        var created = await RunAsync("apply", "-f", File);
        var same = await RunAsync("apply", "-f", File);
        await System.IO.File.AppendAllTextAsync(File, "# why\n");
        var changed = await RunAsync("apply", "-f", File, "-o", "json");
        var nothing = await RunAsync("apply", "-f", File, "--dry-run");

        Assert.Equal((ExitCodes.Differences, ""), (would.ExitCode, would.Error));
        Assert.Contains("would be created", would.Out);
        Assert.Equal((ExitCodes.Ok, ""), (created.ExitCode, created.Error));
        Assert.Matches(@"\ncreated\s+SamplingPolicy\s+everything\s+1\s+3 rules, default 0.1\s+" + System.Text.RegularExpressions.Regex.Escape(File[..20]), created.Out);
        Assert.Contains("\nunchanged", same.Out);
        using var json = JsonDocument.Parse(changed.Out);
        Assert.Equal("changed", json.RootElement[0].GetProperty("result").GetString());
        Assert.Equal(2, json.RootElement[0].GetProperty("resource").GetProperty("generation").GetInt64());
        Assert.Equal(ExitCodes.Ok, nothing.ExitCode);
    }

    [Fact]
    public async Task What_is_wrong_in_any_file_is_said_at_once_and_nothing_is_applied()
    {
        Directory.CreateDirectory(_folder["policies/below"]);
        await System.IO.File.WriteAllTextAsync(_folder["policies/a.yaml"], SamplingExample.Yaml);
        await System.IO.File.WriteAllTextAsync(_folder["policies/below/b.yml"], SamplingExample.Yaml.Replace("1/2", "50%", StringComparison.Ordinal));
        await System.IO.File.WriteAllTextAsync(_folder["policies/c.json"], "{\"kind\": 1}");
        await System.IO.File.WriteAllTextAsync(_folder["policies/notes.txt"], "no document");

        var result = await RunAsync("apply", "-f", _folder["policies"]);

        Assert.Equal((ExitCodes.Refused, ""), (result.ExitCode, result.Out));
        var lines = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(lines, line => line.StartsWith(_folder["policies/below/b.yml"] + ":15:18: spec.rules[2].probability '50%': expected", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith(_folder["policies/c.json"] + ":1:10: kind '1': expected text", StringComparison.Ordinal));
        Assert.Matches(@"^gantry: \d+ problems; nothing was done$", lines[^1]);
        Assert.Equal("[]", (await RunAsync("get", "samplingpolicies", "-o", "json")).Out.Trim());
    }

    [Fact]
    public async Task One_name_twice_is_found_before_the_hub_is_asked()
    {
        await System.IO.File.WriteAllTextAsync(_folder["twice.yaml"], SamplingExample.Yaml);

        var result = await RunAsync("apply", "-f", File, "-f", _folder["twice.yaml"]);

        Assert.Equal(ExitCodes.Refused, result.ExitCode);
        Assert.Contains("everything', ", result.Error.Replace("'everything': is the name of another SamplingPolicy", "everything', ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("nowhere.yaml", "there is no such file")]
    [InlineData("empty", "no file in this folder ends in .yaml")]
    public async Task A_path_without_documents_is_one_line(string name, string words)
    {
        Directory.CreateDirectory(_folder["empty"]);

        (await RunAsync("apply", "-f", _folder[name])).FailedWith(ExitCodes.Error, name, words);
    }

    [Fact]
    public async Task Without_a_hub_it_is_exit_code_8() =>
        (await Cli.RunAsync("apply", "-f", File, "--hub", "http://127.0.0.1:1")).FailedWith(ExitCodes.HubUnreachable, "no hub at http://127.0.0.1:1");

    [Fact]
    public async Task What_was_applied_comes_back_as_it_was_through_a_pipe_and_goes_again()
    {
        await RunAsync("apply", "-f", File);
        var yaml = await RunAsync("get", "samplingpolicies", "-o", "yaml");
        var table = await RunAsync("get", "samplingpolicies", "everything");
        var deleted = await RunAsync("delete", "samplingpolicy", "everything");
        var again = await RunWithInputAsync(yaml.Out, "apply", "-f", "-");

        Assert.Equal(SamplingExample.Yaml, yaml.Out);
        Assert.Matches(@"everything\s+3 rules, default 0.1\s+1\s+\d+s\s+ada, ", table.Out);
        Assert.Equal("deleted  SamplingPolicy  everything\n", deleted.Out);
        Assert.Equal(ExitCodes.Ok, again.ExitCode);
        Assert.Contains("created", again.Out);
        Assert.Contains("standard input", (await RunAsync("get", "samplingpolicies")).Out);
    }

    [Fact]
    public async Task Deleting_what_is_not_there_is_one_line()
    {
        (await RunAsync("delete", "samplingpolicy", "nope")).FailedWith(ExitCodes.Error, "no SamplingPolicy \"nope\"");
        Assert.Contains("KIND 'thing': expected samplingpolicy", (await RunAsync("delete", "thing", "nope")).Error);
        Assert.Contains("Nothing of kind SamplingPolicy is declared", (await RunAsync("get", "samplingpolicies")).Error);
    }

    [Fact]
    public async Task Sampling_get_shows_rules_in_order_and_that_nobody_reports()
    {
        var before = await RunAsync("sampling", "get");
        await RunAsync("apply", "-f", File);
        var after = await RunAsync("sampling", "get");
        using var json = JsonDocument.Parse((await RunAsync("sampling", "get", "-o", "json")).Out);

        Assert.Contains("No sampling policy was ever declared", before.Out);
        Assert.Matches(@"default\s+any other span\s+always\s+0", before.Out);
        Assert.Matches(@"1\s+everything\s+health-checks\s+operation='GET /health\*' kind=server status=unset\s+never\s+-", after.Out);
        Assert.Matches(@"2\s+everything\s+errors\s+status=error\s+always\s+0", after.Out);
        Assert.Matches(@"3\s+everything\s+slow\s+kind=server slowerThan=500ms\s+0.5\s+8", after.Out);
        Assert.Matches(@"-\s+everything\s+default\s+any other span\s+0.1\s+e666", after.Out);
        Assert.Contains("No gateway has reported", after.Error);
        Assert.Equal("everything", json.RootElement.GetProperty("policies")[0].GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("--kind server --duration 700ms", @"everything/errors\s+no: status unset is not error", "Decided by everything/slow: kept with probability 0.5 (th:8); each kept span stands for 2.")]
    [InlineData("--kind server --status error --duration 700ms", @"everything/errors\s+yes", "Decided by everything/errors: always kept (th:0).")]
    [InlineData("--kind server --operation GET_/health/live", @"everything/health-checks\s+no: operation 'GET_/health/live' is not 'GET /health\*'", "Decided by the default: kept with probability 0.1 (th:e666); each kept span stands for 9.9994.")]
    [InlineData("--service cart", @"everything/slow\s+no: kind unspecified is not server", "Decided by the default")]
    public async Task Explain_says_which_rule_decides_by_the_hub_and_by_a_file(string span, string asked, string verdict)
    {
        await RunAsync("apply", "-f", File);

        var byHub = await RunAsync(["sampling", "explain", .. span.Split(' ')]);
        var byFile = await Cli.RunAsync(["sampling", "explain", "-f", File, .. span.Split(' ')]);

        Assert.Equal((ExitCodes.Ok, ""), (byHub.ExitCode, byHub.Error));
        Assert.Matches(asked, byHub.Out);
        Assert.Contains(verdict, byHub.Out);
        Assert.Equal(byHub.Out, byFile.Out);
    }

    [Fact]
    public async Task Explain_as_json_has_the_numbers()
    {
        using var json = JsonDocument.Parse((await RunAsync("sampling", "explain", "-f", File, "--operation", "GET /healthz", "--kind", "server", "-o", "json")).Out);

        Assert.Equal("everything/health-checks", json.RootElement.GetProperty("rule").GetString());
        Assert.Equal(0, json.RootElement.GetProperty("probability").GetDouble());
        Assert.Equal("", json.RootElement.GetProperty("threshold").GetString());
    }

    [Fact]
    public async Task A_duration_without_a_unit_is_refused() =>
        Assert.Contains("--duration '700': expected a duration", (await RunAsync("sampling", "explain", "--duration", "700")).Error);

    /// <summary>The example of the page is the one that the docs explain, and it is applied above.</summary>
    [Fact]
    public void The_docs_have_the_example() => Assert.Contains(SamplingExample.Yaml, Repository.Read("docs/sampling.md"));

    [Fact]
    public async Task Every_document_in_the_docs_can_be_applied()
    {
        var blocks = Repository.Read("docs/sampling.md").Split("```yaml\n").Skip(1).Select(block => block.Split("```")[0]).ToList();
        Assert.True(blocks.Count >= 2);
        foreach (var block in blocks)
        {
            var result = await RunWithInputAsync(block, "apply", "-f", "-");
            Assert.True(result.ExitCode == ExitCodes.Ok, result.Error);
        }
    }

    [Fact]
    public async Task A_gateway_refuses_to_start_with_a_policy_that_is_wrong()
    {
        await System.IO.File.WriteAllTextAsync(File, SamplingExample.Yaml.Replace("1/2", "2/1", StringComparison.Ordinal));

        var result = await Cli.RunAsync("gateway", "--grpc-port", "0", "--http-port", "0", "--sampling", File);

        Assert.Equal(ExitCodes.Refused, result.ExitCode);
        Assert.Contains("spec.rules[2].probability '2/1'", result.Error);
    }

    private Task<Cli> RunAsync(params string[] args) => RunWithInputAsync("", args);

    private Task<Cli> RunWithInputAsync(string input, params string[] args) =>
        Cli.RunWithAsync(Cli.Environment(("GANTRY_HUB", _hub.Address.ToString()), ("USER", "ada")), args, input: input);
}
