using System.Text.Json;
using Gantry.Hub.Coverage;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Cli.Tests.Get;

public class GetTests
{
    private static readonly FakeTimeProvider Time = new(Rows.Now);

    [Fact]
    public async Task Hosts_are_a_table()
    {
        var result = await AskAsync("hosts", Rows.Json(Rows.Host));

        Assert.Equal(
            """
            NAME   RUNG              CPU  MEMORY  FILESYSTEM  SERVICES  DARK  SEEN
            web-1  1 infrastructure  25%     50%           -         3     2   12s

            """,
            result.Out);
    }

    [Fact]
    public async Task Services_show_rung_language_and_red_and_dark_ones_stand_among_them()
    {
        var result = await AskAsync("services", Rows.Json(Rows.Service, Rows.Dark));

        Assert.Equal(
            """
            NAME          RUNG            LANGUAGE    RATE  ERRORS   P95  REQUESTS  SEEN
            cart          3 transactions  nodejs    12.5/s    2.5%  13ms       190    3m
            payments.dll  0 dark          dotnet         -       -     -         0    2h

            """,
            result.Out);
    }

    [Fact]
    public async Task Wide_says_how_the_language_was_recognised_and_what_is_next()
    {
        var result = await AskAsync("services", Rows.Json(Rows.Dark with { Owner = "team-pay", Criticality = "high", Names = [new("payments.dll", "process", ""), new("pay", "declared", "")] }), "-o", "wide");

        Assert.Matches(@"(?m)^NAME .* OWNER +CRITICALITY +ALSO CALLED +ID ", result.Out);
        Assert.Matches(" team-pay +high +pay +dark-pay-1 ", result.Out);
        Assert.Contains("libcoreclr.so is mapped", result.Out);
        Assert.Contains("127.0.0.1:5082", result.Out);
        Assert.Contains("Bring payments.dll out of the dark", result.Out);
    }

    [Fact]
    public async Task Wide_hosts_count_their_evidence_and_name_what_lacks()
    {
        var result = await AskAsync("hosts", Rows.Json(Rows.Host), "-o", "wide");

        Assert.Contains("1/2 stale:disk.errors", result.Out);
    }

    [Fact]
    public async Task Agents_show_connection_and_health()
    {
        var result = await AskAsync("agents", Rows.Json(Rows.Agent));

        Assert.Contains("web-1  gantry-agent  0.1.0    connected  healthy  websocket    0s  a1", result.Out);
    }

    [Fact]
    public async Task Edges_show_both_ends_red_and_the_rule_and_what_is_open_says_why()
    {
        var result = await AskAsync("edges", Rows.Json(Rows.Edge, Rows.OpenEdge));
        var wide = await AskAsync("edges", Rows.Json(Rows.OpenEdge), "-o", "wide");

        Assert.Equal(
            """
            CALLER  CALLEE           TYPE        RATE  ERRORS   P95  SEEN  JOINED BY
            cart    mysql productdb  database  12.5/s    2.5%  13ms    2s  named by the caller's spans
            web     cart             service        -       -     -    2s  (open) service.peer.name: 2 services

            """,
            result.Out);
        Assert.Contains("cart (a),cart (b)", wide.Out, StringComparison.Ordinal);
        Assert.Contains("1h", wide.Out, StringComparison.Ordinal);
    }

    /// <summary>The hub knows every name of a service, also of those that a document made one.</summary>
    [Theory]
    [InlineData("edges")]
    [InlineData("findings")]
    [InlineData("regressions")]
    [InlineData("scores")]
    public async Task Rows_of_a_name_are_asked_of_the_hub(string resource)
    {
        await using var hub = await ScriptedHub.StartAsync(_ => (200, "[]"));

        var result = await RunAsync(hub, resource, "cart & co");

        Assert.Equal(ExitCodes.Ok, result.ExitCode);
        Assert.Equal($"/api/v1/{resource}?name=cart%20%26%20co", Assert.Single(hub.Asked));
    }

    [Fact]
    public async Task Regressions_show_what_was_lost_and_what_changed_before()
    {
        var result = await AskAsync("regressions", Rows.Json(Rows.Regression));

        Assert.Equal(
            """
            SEVERITY  OF    RUNGS   LOST    SINCE  CHANGED BEFORE
            medium    cart  3 to 1  traces    10m  version 1.4 to 1.5

            """,
            result.Out);
        Assert.StartsWith("Nothing stands lower", (await AskAsync("regressions", "[]")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Findings_show_what_puts_them_right_and_are_found_by_service_and_code()
    {
        var result = await AskAsync("findings", Rows.Json(Rows.Finding), "cart");
        var code = await AskAsync("findings", Rows.Json(Rows.Finding), "missing_resource_attribute", "-o", "wide");

        Assert.Equal(
            """
            SEVERITY  SERVICE  FINDING                                        COUNT  SEEN  SETTING
            low       cart     Resource attribute service.version is missing      4    7s  OTEL_RESOURCE_ATTRIBUTES=service.version=…

            """,
            result.Out);
        Assert.Contains("Set it.", code.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Summary_has_rungs_attention_and_the_next_step()
    {
        var result = await AskAsync("summary", Rows.Json(Rows.Summary));

        Assert.Equal(
            """
            RUNG              HOSTS  SERVICES
            4 custom              -         0
            3 transactions        -         1
            2 baseline            -         0
            1 infrastructure      1         0
            0 dark                0         1

            Agents: 1 of 1 connected. Stale: 0 hosts, 1 services.

            ATTENTION  SINCE  WHAT              DETAIL
            high          6m  cart fell silent  for 6 minutes

            Next: Bring payments.dll out of the dark
                  It sends nothing.
                  $ gantry demo

            """,
            result.Out);
    }

    [Fact]
    public async Task Json_is_what_the_hub_sent_also_what_this_version_does_not_know()
    {
        const string Sent = """[{"id":"x","rung":1,"big":18446744073709551615,"exact":0.10,"new":{"µ":[null,true]}}]""";

        var result = await AskAsync("hosts", Sent, "-o", "json");

        Assert.Equal(Sent, Compact(result.Out));
        Assert.Contains("\n  {\n    \"id\": \"x\",", result.Out);
        Assert.Contains("0.10", result.Out);
        Assert.Empty(result.Error);
    }

    [Theory]
    [InlineData("cart")]
    [InlineData("cart-1")]
    public async Task A_service_is_found_by_name_and_by_id_and_stays_a_list(string name)
    {
        var result = await AskAsync("services", Rows.Json(Rows.Service, Rows.Dark), name, "-o", "json");

        using var json = JsonDocument.Parse(result.Out);
        Assert.Equal("cart-1", Assert.Single(json.RootElement.EnumerateArray()).GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("Cart_Service", "cart-1")]
    [InlineData("basket", "cart-1")]
    [InlineData("cart-obi", "cart-1")]
    public async Task A_service_is_found_by_every_name_that_telemetry_or_a_document_has_for_it(string name, string id)
    {
        var service = Rows.Service with
        {
            Names = [new KnownName("Cart_Service", "telemetry", ""), new KnownName("basket", "declared", ""), new KnownName("cart-obi", "obi", ""), new KnownName("node", "process", "")],
        };
        await using var hub = await ScriptedHub.StartAsync(_ => (200, Rows.Json(service, Rows.Dark)));

        using var json = JsonDocument.Parse((await RunAsync(hub, "services", name, "-o", "json")).Out);

        Assert.Equal(id, Assert.Single(json.RootElement.EnumerateArray()).GetProperty("id").GetString());
        // Many processes are called node.
        (await RunAsync(hub, "services", "node")).FailedWith(ExitCodes.Error, "'node'");
    }

    [Fact]
    public async Task An_unknown_name_is_an_error()
    {
        await using var hub = await ScriptedHub.StartAsync(_ => (200, Rows.Json(Rows.Service)));

        var result = await RunAsync(hub, "services", "basket");

        result.FailedWith(ExitCodes.Error, "'basket'", "gantry get services");
    }

    [Theory]
    [InlineData("hosts")]
    [InlineData("services")]
    [InlineData("agents")]
    [InlineData("edges")]
    [InlineData("findings")]
    public async Task Nothing_there_is_explained_on_stderr(string resource)
    {
        var table = await AskAsync(resource, "[]");
        var json = await AskAsync(resource, "[]", "-o", "json");

        Assert.Empty(table.Out);
        Assert.StartsWith($"No {resource} yet.", table.Error);
        Assert.Contains("gantry ", table.Error);
        Assert.Equal("[]", json.Out.Trim());
        Assert.StartsWith($"No {resource} yet.", json.Error);
    }

    [Fact]
    public async Task No_hub_is_exit_code_8_and_says_how_to_start_one()
    {
        var result = await Cli.RunAsync("get", "hosts", "--hub", "http://127.0.0.1:1");

        result.FailedWith(ExitCodes.HubUnreachable, "no hub at http://127.0.0.1:1", "gantry up", "--hub");
    }

    [Fact]
    public async Task The_hub_may_be_named_by_the_environment_and_live_below_a_path()
    {
        await using var hub = await ScriptedHub.StartAsync(_ => (200, "[]"));

        var result = await Cli.RunWithAsync(Cli.Environment(("GANTRY_HUB", hub.Address + "/gantry")), ["get", "agents"]);

        Assert.Equal(ExitCodes.Ok, result.ExitCode);
        Assert.Equal("/gantry/api/v1/agents", Assert.Single(hub.Asked));
    }

    /// <summary>The hub's whole list ends at a thousand: what is looked for may lie beyond.</summary>
    [Theory]
    [InlineData("cart & co", "/api/v1/changes?subject=cart%20%26%20co")]
    [InlineData("version", "/api/v1/changes?kind=version")]
    public async Task Changes_of_a_name_are_asked_of_the_hub(string name, string asked)
    {
        await using var hub = await ScriptedHub.StartAsync(_ => (200, """[{"id":7,"at":"2026-11-22T12:00:00Z","kind":"version","subject":"service","subjectId":"c","subjectName":"cart","from":"1","to":"2","text":"version 1 to 2"}]"""));

        var result = await RunAsync(hub, "changes", name);

        Assert.Equal(ExitCodes.Ok, result.ExitCode);
        Assert.Contains("version 1 to 2", result.Out, StringComparison.Ordinal);
        Assert.Equal(asked, Assert.Single(hub.Asked));
    }

    [Theory]
    [InlineData(401, ExitCodes.Authentication, "credentials")]
    [InlineData(403, ExitCodes.Authentication, "credentials")]
    [InlineData(404, ExitCodes.Error, "no Gantry hub")]
    [InlineData(500, ExitCodes.Error, "answered 500")]
    [InlineData(503, ExitCodes.HubUnreachable, "not ready")]
    public async Task A_refusal_has_its_exit_code(int status, int exitCode, string word)
    {
        await using var hub = await ScriptedHub.StartAsync(_ => (status, "{}"));

        var result = await RunAsync(hub, "hosts");

        result.FailedWith(exitCode, word, hub.Address);
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("{\"a\":1}")]
    [InlineData("null")]
    public async Task Something_else_at_that_address_is_said_to_be_so(string body)
    {
        await using var hub = await ScriptedHub.StartAsync(_ => (200, body));

        var result = await RunAsync(hub, "hosts");

        Assert.Equal(ExitCodes.Error, result.ExitCode);
        Assert.Contains("hub", result.Error);
        Assert.DoesNotContain("   at ", result.Error);
    }

    [Fact]
    public async Task Rows_of_another_version_point_to_json()
    {
        await using var hub = await ScriptedHub.StartAsync(_ => (200, """[{"id":7}]"""));

        var result = await RunAsync(hub, "hosts");

        result.FailedWith(ExitCodes.Error, "-o json");
    }

    private static async Task<Cli> AskAsync(string resource, string body, params string[] more)
    {
        await using var hub = await ScriptedHub.StartAsync(path => path == $"/api/v1/{resource}" ? (200, body) : (404, ""));
        var result = await RunAsync(hub, [resource, .. more]);
        Assert.Equal(ExitCodes.Ok, result.ExitCode);
        return result;
    }

    private static Task<Cli> RunAsync(ScriptedHub hub, params string[] args) =>
        Cli.RunWithAsync(Cli.Environment(("GANTRY_HUB", hub.Address)), ["get", .. args], Time);

    /// <summary>Without the indentation; the tests' strings have no blanks.</summary>
    private static string Compact(string json) => string.Concat(json.Where(c => !char.IsWhiteSpace(c)));
}
