using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using Gantry.Hub.Access;
using Gantry.Testing;

namespace Gantry.Hub.Tests.Access;

/// <summary>Every door against every caller.</summary>
public class DoorTests
{
    private static readonly string[] Callers = ["viewer", "operator", "admin", "agent", "gateway", "enrolment"];

    /// <summary>Door, and who may use it. "" is nobody but those without any door of their own.</summary>
    public static TheoryData<string, string, string> Doors => new()
    {
        { "GET", "/", "viewer operator admin" },
        { "GET", "/services", "viewer operator admin" },
        { "GET", "/live?page=%2F", "viewer operator admin" },
        { "GET", "/openapi/v1.json", "viewer operator admin" },
        { "GET", "/api/v1/summary", "viewer operator admin" },
        { "GET", "/api/v1/agents", "viewer operator admin" },
        { "GET", "/api/v1/resources", "viewer operator admin" },
        { "PUT", "/api/v1/resources/samplingpolicies/x", "operator admin" },
        { "DELETE", "/api/v1/resources/samplingpolicies/x", "operator admin" },
        { "POST", "/api/v1/something/new", "operator admin" },
        { "GET", "/api/v1/audit", "operator admin" },
        { "GET", "/api/v1/access/tokens", "admin" },
        { "POST", "/api/v1/access/tokens", "admin" },
        { "DELETE", "/api/v1/access/tokens/x", "admin" },
        { "GET", "/api/v1/access", "viewer operator admin agent gateway enrolment" },
        { "POST", "/api/v1/access/enrol", "enrolment" },
        { "POST", "/v1/opamp", "agent enrolment" },
        { "POST", "/api/v1/observations", "gateway" },
        { "GET", "/api/v1/sampling/active", "viewer operator admin gateway" },
        { "GET", "/bundles/x", "viewer operator admin agent gateway" },
        { "POST", "/collector.v1.CollectorService/GetConfig", "agent enrolment" },
        { "GET", "/collector.v1.CollectorService/GetConfig", "agent enrolment" },
        { "POST", "/collector.v1.CollectorService/ListCollectors", "viewer operator admin" },
        { "POST", "/collector.v1.CollectorService/DeleteCollector", "operator admin" },
        { "POST", "/pipeline.v1.PipelineService/ListPipelines", "viewer operator admin" },
        { "POST", "/pipeline.v1.PipelineService/UpsertPipeline", "operator admin" },
        { "POST", "/pipeline.v1.PipelineService/SyncPipelines", "operator admin" },
    };

    [Theory]
    [MemberData(nameof(Doors))]
    public void A_door_asks_for_what_its_row_says(string method, string path, string allowed)
    {
        var need = DoorRules.Of(method, new Uri(new Uri("http://h/"), path).AbsolutePath);

        Assert.Equal(allowed, string.Join(' ', Callers.Where(caller => DoorRules.Allows(need, Enum.Parse<Role>(caller, ignoreCase: true)))));
    }

    [Fact]
    public async Task Every_door_of_a_running_hub_holds_to_the_table_and_is_closed_without_a_token()
    {
        await using var access = await AccessFixture.StartAsync();
        var tokens = new Dictionary<string, string> { ["enrolment"] = (await access.EnrolmentAsync()).Token };
        foreach (var role in Callers[..^1])
        {
            tokens.Add(role, (await access.TokenAsync(role, role)).Token);
        }

        foreach (var (method, path, allowed) in Doors.Select(row => row.Data))
        {
            Assert.Equal((path, HttpStatusCode.Unauthorized), (path, await access.StatusAsync("", new HttpMethod(method), path)));
            Assert.Equal((path, HttpStatusCode.Unauthorized), (path, await access.StatusAsync("gto_wrong", new HttpMethod(method), path)));
            // A stream that is let in would last; the table above has it.
            foreach (var (role, token) in tokens.Where(_ => !path.StartsWith("/live", StringComparison.Ordinal)))
            {
                var status = await access.StatusAsync(token, new HttpMethod(method), path);
                Assert.True((status is HttpStatusCode.Forbidden) != allowed.Split(' ').Contains(role) && status is not HttpStatusCode.Unauthorized, $"{method} {path} as {role}: {status}");
            }
        }

        Assert.Equal(HttpStatusCode.OK, await access.GetStatusAsync("", "/healthz"));
        Assert.Equal(HttpStatusCode.OK, await access.GetStatusAsync("", "/readyz"));
    }

    [Fact]
    public async Task Doors_that_are_mapped_are_all_known_to_ask_for_something()
    {
        await using var access = await AccessFixture.StartAsync();
        using var response = await access.SendAsync(access.Admin, HttpMethod.Get, "/openapi/v1.json");
        using var document = System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        var paths = document.RootElement.GetProperty("paths").EnumerateObject().Select(path => path.Name).ToList();

        Assert.Contains("/api/v1/summary", paths);
        foreach (var path in paths)
        {
            Assert.Equal((path, HttpStatusCode.Unauthorized), (path, await access.GetStatusAsync("", path.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal))));
        }
    }

    [Fact]
    public async Task The_password_of_Basic_is_the_token_and_its_user_says_nothing()
    {
        await using var access = await AccessFixture.StartAsync();
        var viewer = await access.TokenAsync("ada", "viewer");

        Assert.Equal(HttpStatusCode.OK, await BasicAsync($"anybody:{viewer.Token}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await BasicAsync($"{viewer.Token}:"));
        Assert.Equal(HttpStatusCode.Unauthorized, await BasicAsync(viewer.Token));
        Assert.Equal(HttpStatusCode.Unauthorized, await BasicAsync(new string('x', 5000)));

        async Task<HttpStatusCode> BasicAsync(string pair)
        {
            using var response = await access.SendAsync("", HttpMethod.Get, "/api/v1/summary", also: request =>
                request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair))));
            if (response.StatusCode == HttpStatusCode.Unauthorized)
            {
                Assert.Equal(["Bearer", "Basic"], response.Headers.WwwAuthenticate.Select(challenge => challenge.Scheme));
            }

            return response.StatusCode;
        }
    }

    [Fact]
    public async Task A_WebSocket_is_refused_before_the_upgrade_and_cut_when_its_token_is_revoked()
    {
        await using var access = await AccessFixture.StartAsync();
        var agent = await access.TokenAsync("alloy", "agent");
        var gateway = await access.TokenAsync("gateway", "gateway");
        Assert.Equal(HttpStatusCode.Unauthorized, await RefusedAsync(""));
        Assert.Equal(HttpStatusCode.Unauthorized, await RefusedAsync("gta_wrong"));
        Assert.Equal(HttpStatusCode.Forbidden, await RefusedAsync(gateway.Token));
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", "Bearer " + agent.Token);
        await socket.ConnectAsync(new UriBuilder(access.Hub.OpAmp) { Scheme = "ws" }.Uri, CancellationToken.None);

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var received = new byte[100];
        var receive = socket.ReceiveAsync(received, limit.Token);
        Assert.Equal(HttpStatusCode.OK, await access.StatusAsync(access.Admin, HttpMethod.Delete, $"/api/v1/access/tokens/{agent.Credential.Id}"));

        Assert.Equal(WebSocketMessageType.Close, (await receive).MessageType);
        Assert.Equal((WebSocketCloseStatus.PolicyViolation, "the credential was revoked or has expired"), (socket.CloseStatus, socket.CloseStatusDescription));
        Assert.Equal(HttpStatusCode.Unauthorized, await RefusedAsync(agent.Token));
        await access.DenialAsync($"revoked token alloy ({agent.Credential.Id})");

        async Task<HttpStatusCode> RefusedAsync(string token)
        {
            using var web = new ClientWebSocket();
            web.Options.CollectHttpResponseDetails = true;
            web.Options.SetRequestHeader("Authorization", token.Length > 0 ? "Bearer " + token : null);
            await Assert.ThrowsAsync<WebSocketException>(() => web.ConnectAsync(new UriBuilder(access.Hub.OpAmp) { Scheme = "ws" }.Uri, CancellationToken.None));
            return web.HttpStatusCode;
        }
    }

    [Fact]
    public async Task Expired_and_revoked_tokens_are_refused_and_the_audit_log_says_which_it_was()
    {
        await using var access = await AccessFixture.StartAsync();
        var short1 = await access.TokenAsync("guest", "viewer", days: 1);
        var revoked = await access.TokenAsync("left", "operator");
        Assert.Equal(HttpStatusCode.OK, await access.GetStatusAsync(short1.Token));
        Assert.Equal(HttpStatusCode.OK, await access.StatusAsync(access.Admin, HttpMethod.Delete, $"/api/v1/access/tokens/{revoked.Credential.Id}"));

        access.Hub.Time.Jump(TimeSpan.FromHours(25));

        Assert.Equal(HttpStatusCode.Unauthorized, await access.GetStatusAsync(short1.Token));
        Assert.Equal(HttpStatusCode.Unauthorized, await access.GetStatusAsync(revoked.Token));
        Assert.Contains("127.0.0.1", $"{await access.DenialAsync("expired token guest")}", StringComparison.Ordinal);
        await access.DenialAsync("revoked token left");
        Assert.DoesNotContain((await access.AuditAsync("denied")).Select(row => $"{row}"), row => row.Contains("gto_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_flood_of_wrong_tokens_leaves_few_lines_that_say_how_many_there_were()
    {
        await using var access = await AccessFixture.StartAsync();
        for (var i = 0; i < 500; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await access.GetStatusAsync($"gto_wrong{i}"));
        }

        access.Hub.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(HttpStatusCode.Unauthorized, await access.GetStatusAsync("gto_last"));

        await access.DenialAsync("and 490 more since the last line");
        Assert.Equal(11, (await access.AuditAsync("denied")).Length);
    }
}
