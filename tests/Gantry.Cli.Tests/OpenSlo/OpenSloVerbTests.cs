using System.Net;
using System.Text.Json;
using Gantry.Hub;
using Gantry.Hub.Estate;
using Microsoft.Extensions.Logging;

namespace Gantry.Cli.Tests.OpenSlo;

/// <summary>OpenSLO out of a real hub and in again, and campaigns.</summary>
public sealed class OpenSloVerbTests : IAsyncLifetime
{
    private const string Journey = """
        apiVersion: gantry/v1
        kind: Journey
        metadata: {name: purchase}
        spec:
          entry: {service: storefront, operation: POST /purchase}
          objectives:
          - {name: available, indicator: errors, target: 99.5%, window: 28d}

        """;

    private readonly TestFolder _folder = new();
    private HubServer _hub = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = new HubServer(new HubOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0), DataFolder = _folder["data"] }, logging => logging.SetMinimumLevel(LogLevel.None));
        await _hub.StartAsync();
        await File.WriteAllTextAsync(_folder["journey.yaml"], Journey);
        Assert.Equal(ExitCodes.Ok, (await RunAsync("apply", "-f", _folder["journey.yaml"])).ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.StopAsync();
        await _hub.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_journey_goes_out_and_comes_back()
    {
        var shown = await RunAsync("openslo", "export", "purchase");
        var written = await RunAsync("openslo", "export", "purchase", "-o", _folder["slo.yaml"]);
        var imported = await RunAsync("openslo", "import", _folder["slo.yaml"], "--journey", "again", "--entry", "storefront/POST /purchase");
        var applied = await RunAsync("openslo", "import", _folder["slo.yaml"], "--journey", "again", "--apply");
        var list = await RunAsync("get", "journeys");

        Assert.Contains("kind: SLO", shown.Out);
        Assert.Equal(shown.Out, await File.ReadAllTextAsync(_folder["slo.yaml"]));
        Assert.Equal((ExitCodes.Ok, ""), (written.ExitCode, written.Out));
        Assert.Equal((ExitCodes.Ok, ""), (imported.ExitCode, imported.Error));
        Assert.Contains("{name: available, indicator: errors, target: 99.5%, window: 28d}", imported.Out);
        Assert.Equal((ExitCodes.Ok, ""), (applied.ExitCode, applied.Error));
        Assert.StartsWith("created Journey again: ", applied.Out);
        Assert.Contains("again", list.Out);
    }

    [Fact]
    public async Task What_a_hub_answers_does_not_steer_the_terminal()
    {
        await RunAsync("openslo", "export", "purchase", "-o", _folder["slo.yaml"]);
        var row = new ResourceRow("Journey", "a\e[2J", new Dictionary<string, string>(), 1, 1, "x", default, default, "s\e]0;t\a", "", "");
        await using var hub = await Get.ScriptedHub.StartAsync(_ => (200, JsonSerializer.Serialize(new ApplyAnswer(true, [], [new ResourceChange("created", false, row)]), JsonSerializerOptions.Web)));

        var applied = await Cli.RunAsync("openslo", "import", _folder["slo.yaml"], "--apply", "--hub", hub.Address);

        Assert.Equal((ExitCodes.Ok, "created Journey a\uFFFD[2J: s\uFFFD]0;t\uFFFD\n"), (applied.ExitCode, applied.Out));
    }

    [Fact]
    public async Task What_cannot_be_taken_is_said_and_refused()
    {
        await File.WriteAllTextAsync(_folder["slo.yaml"], "apiVersion: openslo/v2\nkind: SLO\n");

        var other = await RunAsync("openslo", "import", _folder["slo.yaml"]);
        var none = await RunAsync("openslo", "export", "nothing");
        var entry = await RunAsync("openslo", "import", _folder["slo.yaml"], "--entry", "/");

        Assert.Equal((ExitCodes.Refused, ""), (other.ExitCode, other.Out));
        Assert.Contains("slo.yaml:1:13: apiVersion 'openslo/v2': expected openslo/v1", other.Error);
        Assert.Equal(ExitCodes.Error, none.ExitCode);
        Assert.Contains("expected SERVICE or SERVICE/OPERATION", entry.Error);
    }

    [Fact]
    public async Task Campaigns_are_listed_with_how_far_they_are()
    {
        var empty = await RunAsync("get", "campaigns");
        await File.WriteAllTextAsync(_folder["campaign.yaml"], "apiVersion: gantry/v1\nkind: Campaign\nmetadata: {name: q4}\nspec: {journey: purchase, target: transactions, by: 2027-12-18}\n");
        await RunAsync("apply", "-f", _folder["campaign.yaml"]);
        // A snapshot of the hub is at most half a second old; what is declared is read each time.
        var table = await RunAsync("get", "campaigns");
        var rows = await RunAsync("get", "campaigns", "q4", "-o", "json");

        Assert.Contains("No campaign is declared", empty.Error);
        Assert.Matches(@"\nq4\s+in progress\s+transactions\s+0/1\s+0/1\s+2027-12-18\s+purchase", table.Out);
        using var json = JsonDocument.Parse(rows.Out);
        Assert.Equal("rung", json.RootElement[0].GetProperty("checks")[0].GetProperty("id").GetString());
    }

    private Task<Cli> RunAsync(params string[] args) => Cli.RunAsync([.. args, "--hub", _hub.Address.ToString()]);
}
