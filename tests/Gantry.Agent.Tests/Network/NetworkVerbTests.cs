using System.Text.Json;
using Gantry.Agent.Boot.Verbs;
using Gantry.Agent.Tests.Processes;
using Gantry.Agent.Tests.Support;

namespace Gantry.Agent.Tests.Network;

public sealed class NetworkVerbTests
{
    [Fact]
    public async Task The_example_of_the_page_shows_who_talks_to_whom()
    {
        var page = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "network.md"));
        var example = Assert.Single(page, line => line.StartsWith("$ gantry-agent network --once --json", StringComparison.Ordinal));
        using var listener = Talk.Listen();
        using var client = await Talk.ConnectAsync(listener.LocalEndpoint);
        using var peer = await listener.AcceptSocketAsync();

        var running = RunAsync(example.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)[3..]);
        await Talk.SendAsync(client, 1);
        var (code, output, error) = await running;

        Assert.True(code == 0, error);
        using var json = JsonDocument.Parse(output);
        var rows = json.RootElement.GetProperty("rows").EnumerateArray()
            .Where(row => row.GetProperty("attributes").TryGetProperty("destination.port", out var port) && port.GetString() == Talk.PortOf(listener)).ToList();
        Assert.Equal(["client", "server"], rows.Select(row => row.GetProperty("attributes").GetProperty("gantry.network.role").GetString()).Order());
        Assert.All(rows, row => Assert.Equal(1, row.GetProperty("active").GetInt32()));
        // Every attribute and every metric of the page is one that there is, and the other way round.
        var text = string.Join('\n', page);
        Assert.All(rows.SelectMany(row => row.GetProperty("attributes").EnumerateObject()), tag => Assert.Contains($"`{tag.Name}`", text, StringComparison.Ordinal));
        foreach (var field in typeof(Gantry.Agent.Network.NetworkMetrics).GetFields().Select(field => field.GetValue(null)).OfType<Gantry.Agent.Host.Metric>())
        {
            Assert.Contains($"| `{field.Name}` | {field.Unit} |", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_table_has_a_line_for_each_pair_and_ends_when_its_time_is_over()
    {
        using var listener = Talk.Listen();
        using var client = await Talk.ConnectAsync(listener.LocalEndpoint);
        using var peer = await listener.AcceptSocketAsync();

        var (code, output, error) = await RunAsync(["--for", "100ms"]);

        Assert.True(code == 0, error);
        Assert.Single(output.Split('\n'), line => line.Contains($":{Talk.PortOf(listener)} ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--for")]
    [InlineData("--for banana")]
    [InlineData("--for 0s")]
    [InlineData("--twice")]
    public async Task A_wrong_option_is_named(string options)
    {
        var (code, output, error) = await RunAsync(options.Split(' '));

        Assert.Equal((1, ""), (code, output));
        Assert.Contains(options.Split(' ')[0], error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_root_it_shows_what_it_may_and_says_what_it_may_not()
    {
        Assert.SkipWhen(Environment.UserName != "root" || ChildProcess.Find("setpriv") is null, "needs root and setpriv to be another user");
        Assert.SkipWhen((await Commands.RunAsync("setpriv", "--reuid=65534", "--clear-groups", "test", "-r", Commands.Agent)).Code != 0, "the folder of the tests is closed to other users");
        using var listener = Talk.Listen();
        using var client = await Talk.ConnectAsync(listener.LocalEndpoint);
        using var peer = await listener.AcceptSocketAsync();

        var (code, output, error) = await Commands.RunAsync(
            "setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", "env", "DOTNET_CLI_HOME=/tmp", .. Commands.RunAgent("network", "--for", "7s", "--json")]);

        Assert.True(code == 0, error);
        using var json = JsonDocument.Parse(output.Trim().Split('\n')[^1]);
        Assert.Contains("CAP_SYS_PTRACE", json.RootElement.GetProperty("limits").GetString());
        var rows = json.RootElement.GetProperty("rows").EnumerateArray()
            .Where(row => row.GetProperty("attributes").GetProperty("destination.port").GetString() == Talk.PortOf(listener)).ToList();
        Assert.Equal(2, rows.Sum(row => row.GetProperty("active").GetInt32()));
        // It may not know who this is, and so does not say.
        Assert.All(rows, row => Assert.False(row.GetProperty("attributes").TryGetProperty("gantry.source.service", out _)));
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await NetworkVerb.RunAsync(new VerbConsole(output, error, TimeProvider.System), arguments, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
