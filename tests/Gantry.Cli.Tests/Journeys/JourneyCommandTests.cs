using System.Text.Json;
using Gantry.Cli.Tests.Get;
using Gantry.Hub.Coverage;
using Gantry.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Cli.Tests.Journeys;

public class JourneyCommandTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 15, 9, 26, TimeSpan.Zero);

    private static readonly EstateSnapshot Estate = Newspaper.Snapshot(Now);

    [Fact]
    public async Task Journeys_are_a_table()
    {
        var result = await RunAsync(["journey", "get"]);

        Assert.Equal(ExitCodes.Ok, result.ExitCode);
        Assert.Matches("^NAME +STATE +COMPLETE +BREAKS +RUNG", result.Out);
        Assert.Matches(@"(?m)^subscribe +broken +62 % \(58–65 %\) +3  0 dark", result.Out);
        Assert.Matches(@"(?m)^read +whole +100 % \(99\.7–100 %\) +0  3 transactions", result.Out);
        Assert.Matches("(?m)^cancel +never seen +- +0  0 dark", result.Out);
    }

    [Fact]
    public async Task Describe_draws_the_way_and_says_of_each_break_cause_evidence_and_fix()
    {
        var result = await RunAsync(["journey", "describe", "subscribe"]);

        Assert.Contains("Buy a subscription (subscribe): broken, owner subscriptions", result.Out, StringComparison.Ordinal);
        Assert.Contains("Complete: 62 % (58–65 %), 688 looked at of 66,240, newest 11s ago.", result.Out, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^  frontpage  POST /subscribe +3 transactions +100%  +18\.4/s +7\.1% +740ms$", result.Out);
        Assert.Matches(@"(?m)^!!    billing-batch +0 dark +28%  sends nothing$", result.Out);
        Assert.Matches(@"(?m)^ +\^ billing-batch sends nothing$", result.Out);
        Assert.Matches(@"(?m)^        ledger +never met +0%", result.Out);
        Assert.Contains("3 breaks, the one that costs most first:", result.Out, StringComparison.Ordinal);
        Assert.Contains("    link:     checkout -> queue orders -> newsletter, last seen 9s ago", result.Out, StringComparison.Ordinal);
        Assert.Contains("    cause:    It gets traceparent and does not take it over", result.Out, StringComparison.Ordinal);
        Assert.Contains("    $ OTEL_PROPAGATORS=tracecontext,baggage", result.Out, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^available +entry +errors +burning +\d+m +99\.5% +99\.303% +-39% +page,ticket$", result.Out);
        Assert.Contains("Next: Bring billing-batch out of the dark", result.Out, StringComparison.Ordinal);
        Assert.Contains("gantry journey next subscribe", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Describe_says_since_when_no_trace_is_judged()
    {
        var row = Estate.Journeys.Single(row => row.Name == "read") with { UnjudgedSince = new DateTimeOffset(2026, 3, 14, 17, 8, 0, TimeSpan.FromHours(2)) };
        await using var hub = await ScriptedHub.StartAsync(_ => (200, Json(row)));

        Assert.Contains("\nA gateway has been silent since 15:08:00 UTC. ", (await RunAsync(hub, ["journey", "describe", "read"])).Out, StringComparison.Ordinal);
        Assert.DoesNotContain("silent", (await RunAsync(["journey", "describe", "subscribe"])).Out.Split('\n')[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Describe_as_json_is_the_row_as_the_hub_sent_it()
    {
        var result = await RunAsync(["journey", "describe", "subscribe", "-o", "json"]);

        using var told = JsonDocument.Parse(result.Out);
        Assert.True(JsonElement.DeepEquals(JsonSerializer.SerializeToElement(Estate.Journeys.Single(row => row.Name == "subscribe"), JsonSerializerOptions.Web), told.RootElement));
        Assert.Equal(
            ["hop-dark", "queue-loses-context", "context-not-continued"], told.RootElement.GetProperty("breaks").EnumerateArray().Select(item => item.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Steps_have_gain_cost_and_command()
    {
        var result = await RunAsync(["journey", "next", "subscribe"]);

        Assert.Contains("  1. Bring billing-batch out of the dark\n", result.Out, StringComparison.Ordinal);
        Assert.Contains("     gains: 28 % of subscribe, closes 1 break, 1,860 requests an hour, 2 services\n", result.Out, StringComparison.Ordinal);
        Assert.Contains("     costs: a restart of the process; needs root", result.Out, StringComparison.Ordinal);
        Assert.Contains("     $ gantry instrument ", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_of_next_go_to_the_hub()
    {
        await using var hub = await ScriptedHub.StartAsync(_ => (200, "[]"));

        var result = await RunAsync(hub, ["next", "--owner", "a b", "--journey", "subscribe", "--most", "3"]);

        Assert.Equal(ExitCodes.Ok, result.ExitCode);
        Assert.Empty(result.Out);
        Assert.Contains("Nothing is left to do for subscribe.", result.Error, StringComparison.Ordinal);
        Assert.Contains("--most '0': expected 1 to 1000", (await RunAsync(hub, ["next", "--most", "0"])).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_list_says_how_to_declare_one()
    {
        await using var hub = await ScriptedHub.StartAsync(_ => (200, "[]"));

        var result = await RunAsync(hub, ["journey", "get"]);

        Assert.Equal((ExitCodes.Ok, ""), (result.ExitCode, result.Out));
        Assert.Contains("docs/journeys.md", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Coverage_has_bars_journeys_and_three_steps()
    {
        var result = await RunAsync(["coverage"]);

        Assert.Matches("(?m)^3 transactions +#{30} +8 +31%$", result.Out);
        Assert.Matches("(?m)^0 dark +#{22} +6 +23%$", result.Out);
        Assert.Contains("26 services, 1 of them stale; 6 of 7 hosts measured.", result.Out, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^subscribe +broken +62 % \(58–65 %\) +3 +0 dark +subscriptions$", result.Out);
        Assert.Equal(3, result.Out.Split("     costs: ").Length - 1);
    }

    [Fact]
    public async Task What_was_sent_by_others_does_not_reach_the_terminal_as_control_characters()
    {
        var row = Estate.Journeys.Single(row => row.Name == "subscribe") with { Title = "a\e[31mb" };
        await using var hub = await ScriptedHub.StartAsync(_ => (200, JsonSerializer.Serialize(row, JsonSerializerOptions.Web)));

        Assert.DoesNotContain('\e', (await RunAsync(hub, ["journey", "describe", "subscribe"])).Out);
    }

    private static async Task<Cli> RunAsync(string[] args)
    {
        await using var hub = await ScriptedHub.StartAsync(path => path switch
        {
            "/api/v1/journeys" => (200, Json(Estate.Journeys)),
            "/api/v1/journeys/subscribe" => (200, Json(Estate.Journeys.Single(row => row.Name == "subscribe"))),
            "/api/v1/steps" => (200, Json(Estate.Steps.OfJourney("subscribe"))),
            "/api/v1/coverage" => (200, Json(CoverageSummary.Of(Estate))),
            _ => (404, ""),
        });
        return await RunAsync(hub, args);
    }

    private static Task<Cli> RunAsync(ScriptedHub hub, string[] args) => Cli.RunWithAsync(Cli.Environment(("GANTRY_HUB", hub.Address)), args, new FakeTimeProvider(Now));

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, JsonSerializerOptions.Web);
}
