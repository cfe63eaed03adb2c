using System.Data.Common;
using System.Net;
using System.Net.Http.Json;
using Gantry.Hub.Access;
using Gantry.Hub.Storage;
using Gantry.Testing;

namespace Gantry.Hub.Tests.Access;

/// <summary>Tokens from their making to their end, enrolment, and the audit log, on every engine.</summary>
public abstract class TokenTests<TState>
    where TState : TestState, new()
{
    [Fact]
    public async Task A_hub_on_loopback_is_open_until_there_is_an_admin_and_stays_closed_after_a_restart()
    {
        using var state = new TState();
        string viewer;
        await using (var hub = await HubFixture.StartAsync(state))
        {
            Assert.True((await hub.Client.GetFromJsonAsync<WhoAmI>("/api/v1/access"))!.Open);
            await using var access = await AccessFixture.StartAsync(hub);
            viewer = (await access.TokenAsync("ada", "viewer")).Token;
            Assert.Equal(HttpStatusCode.Unauthorized, await access.GetStatusAsync(""));
        }

        await using var second = await HubFixture.StartAsync(state);

        Assert.Equal(HttpStatusCode.Unauthorized, (await second.Client.GetAsync("/api/v1/summary")).StatusCode);
        second.Client.DefaultRequestHeaders.Authorization = new("Bearer", viewer);
        Assert.Equal(new WhoAmI(false, (await second.Client.GetFromJsonAsync<WhoAmI>("/api/v1/access"))!.Id, "ada", "viewer"), await second.Client.GetFromJsonAsync<WhoAmI>("/api/v1/access"));
    }

    [Fact]
    public async Task No_token_is_kept_anywhere()
    {
        using var state = new TState();
        await using var access = await AccessFixture.StartAsync(await HubFixture.StartAsync(state));
        var issued = await access.TokenAsync("ada", "viewer");
        await access.GetStatusAsync(issued.Token);

        Assert.Equal(2, state.Counts("credential")[0]);
        Assert.Equal(0, state.Counts($"credential WHERE id || hash || name || created_by || attributes LIKE '%{issued.Token}%'")[0]);
        Assert.Equal(0, state.Counts($"audit WHERE who || what || resource || detail LIKE '%{issued.Token}%'")[0]);
        Assert.DoesNotContain(access.Hub.Logs.Entries, entry => entry.Message.Contains(issued.Token, StringComparison.Ordinal));
        Assert.Equal(1, state.Counts($"credential WHERE hash = '{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(issued.Token)))}'")[0]);
    }

    [Fact]
    public async Task An_enrolment_token_gives_each_agent_a_credential_as_often_as_it_may()
    {
        using var state = new TState();
        await using var access = await AccessFixture.StartAsync(await HubFixture.StartAsync(state));
        var enrolment = await access.EnrolmentAsync(uses: 2, attributes: ("deployment.environment.name", "prod"));
        var prod = new Dictionary<string, string> { ["deployment.environment.name"] = "prod" };
        var uid = Guid.CreateVersion7();

        using (var other = await access.SendAsync(enrolment.Token, HttpMethod.Post, DoorRules.Enrol, JsonContent.Create(new AgentRequest($"{uid}"))))
        {
            Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);
            Assert.Contains("deployment.environment.name = prod", await other.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        // At the same time, and only two of them.
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            access.StatusAsync(enrolment.Token, HttpMethod.Post, DoorRules.Enrol, JsonContent.Create(new AgentRequest($"{Guid.CreateVersion7()}", prod)))));

        Assert.Equal(2, results.Count(status => status == HttpStatusCode.Created));
        Assert.Equal(6, results.Count(status => status == HttpStatusCode.Unauthorized));
        // Used up, it opens nothing more; the agents stay.
        Assert.Equal(HttpStatusCode.Unauthorized, await access.StatusAsync(enrolment.Token, HttpMethod.Post, "/v1/opamp"));
        var agents = (await access.ReadAsync<CredentialRow[]>("/api/v1/access/tokens")).Where(row => row.Role == "agent").ToList();
        Assert.All(agents, row => Assert.Equal((enrolment.Credential.Id, "prod"), (row.Parent, row.Attributes["deployment.environment.name"])));
        Assert.Equal(2, agents.Count);
        Assert.Equal("used up", Assert.Single(await access.ReadAsync<CredentialRow[]>("/api/v1/access/enrolments?ended=true")).State);
        Assert.Equal(2, (await access.AuditAsync("enrol")).Length);
    }

    [Fact]
    public async Task A_replaced_secret_counts_until_the_new_one_is_used_and_a_day_at_most()
    {
        using var state = new TState();
        await using var access = await AccessFixture.StartAsync(await HubFixture.StartAsync(state));
        var first = await access.TokenAsync("alloy", "agent");

        var second = await access.IssueAsync(first.Token, DoorRules.Rotate, new object());
        Assert.NotEqual(HttpStatusCode.Unauthorized, await access.StatusAsync(first.Token, HttpMethod.Post, "/v1/opamp"));
        Assert.NotEqual(HttpStatusCode.Unauthorized, await access.StatusAsync(second.Token, HttpMethod.Post, "/v1/opamp"));
        Assert.Equal(HttpStatusCode.Unauthorized, await access.StatusAsync(first.Token, HttpMethod.Post, "/v1/opamp"));

        var third = await access.IssueAsync(second.Token, DoorRules.Rotate, new object());
        access.Hub.Time.Jump(TimeSpan.FromHours(25));
        Assert.Equal(HttpStatusCode.Unauthorized, await access.StatusAsync(second.Token, HttpMethod.Post, "/v1/opamp"));
        Assert.NotEqual(HttpStatusCode.Unauthorized, await access.StatusAsync(third.Token, HttpMethod.Post, "/v1/opamp"));
        Assert.Single(await access.AuditAsync("token.replaced"), row => row.Resource.Contains(first.Credential.Id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Changes_are_told_with_who_and_both_versions_and_dry_runs_are_not()
    {
        using var state = new TState();
        await using var access = await AccessFixture.StartAsync(await HubFixture.StartAsync(state));
        var ada = (await access.TokenAsync("ada", "operator")).Token;
        const string Path = "/api/v1/resources/samplingpolicies/all";
        await access.StatusAsync(ada, HttpMethod.Put, Path, Policy("always"));
        await access.StatusAsync(ada, HttpMethod.Put, Path, Policy("always"));
        await access.StatusAsync(ada, HttpMethod.Put, Path + "?dryRun=true", Policy("never"));
        await access.StatusAsync(ada, HttpMethod.Put, Path, Policy("never"));
        await access.StatusAsync(access.Admin, HttpMethod.Delete, Path);

        var rows = await access.ReadAsync<AuditRow[]>("/api/v1/audit?about=SamplingPolicy/all");

        Assert.Equal(
            [("root", "delete", 2L, 3L), ("ada", "apply", 1L, 2L), ("ada", "apply", 0L, 1L)],
            rows.Select(row => (row.Who, row.What, row.FromVersion, row.ToVersion)));
        Assert.All(rows, row => Assert.Equal(("SamplingPolicy/all", "127.0.0.1"), (row.Resource, row.Address)));

        static StringContent Policy(string keep) => new($"apiVersion: gantry/v1\nkind: SamplingPolicy\nmetadata: {{ name: all }}\nspec:\n  rules:\n    - name: all\n      keep: {keep}\n");
    }

    [Fact]
    public async Task The_audit_log_refuses_to_be_changed_by_anybody()
    {
        using var state = new TState();
        await using var access = await AccessFixture.StartAsync(await HubFixture.StartAsync(state));

        Assert.ThrowsAny<DbException>(() => state.Sql("DELETE FROM audit"));
        Assert.ThrowsAny<DbException>(() => state.Sql("UPDATE audit SET who = 'nobody'"));
        Assert.Single(await access.AuditAsync("token.create"));
    }

    [Fact]
    public async Task The_last_admin_cannot_be_revoked_and_another_can()
    {
        using var state = new TState();
        await using var access = await AccessFixture.StartAsync(await HubFixture.StartAsync(state));
        var root = (await access.ReadAsync<CredentialRow[]>("/api/v1/access/tokens")).Single();
        Assert.Equal(HttpStatusCode.Conflict, await access.StatusAsync(access.Admin, HttpMethod.Delete, $"/api/v1/access/tokens/{root.Id}"));

        var second = await access.TokenAsync("second", "admin");

        Assert.Equal(HttpStatusCode.OK, await access.StatusAsync(second.Token, HttpMethod.Delete, $"/api/v1/access/tokens/{root.Id}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await access.GetStatusAsync(access.Admin));
        Assert.Equal(HttpStatusCode.NotFound, await access.StatusAsync(second.Token, HttpMethod.Delete, "/api/v1/access/tokens/nobody"));
    }

    [Fact]
    public async Task A_hub_for_others_starts_only_when_there_is_an_admin_and_bootstrap_makes_one_once()
    {
        using var state = new TState();
        var options = new HubOptions { DataFolder = state.Folder, Database = state.Database, Listen = new IPEndPoint(IPAddress.Any, 0) };
        var refused = Assert.Throws<HubStorageException>(() => new HubServer(options, _ => { }));
        Assert.Contains("gantry access bootstrap", refused.Message, StringComparison.Ordinal);

        var issued = AccessBootstrap.FirstAdmin(options, "first", TimeProvider.System);
        Assert.NotNull(issued);
        Assert.Null(AccessBootstrap.FirstAdmin(options, "first", TimeProvider.System));

        await using var hub = new HubServer(options, _ => { });
        await hub.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{hub.Address.Port}") };
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/summary")).StatusCode);
        client.DefaultRequestHeaders.Authorization = new("Bearer", issued.Token);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/summary")).StatusCode);
        client.DefaultRequestHeaders.Add("Origin", "http://evil.example");
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("/api/v1/summary")).StatusCode);
        await hub.StopAsync();
    }

    [Theory]
    [InlineData("""{"name":"x","role":"king"}""", "expected viewer, operator, admin, agent or gateway")]
    [InlineData("""{"name":"x","role":"4"}""", "expected viewer, operator, admin, agent or gateway")]
    [InlineData("""{"name":"","role":"viewer"}""", "name: expected 1 to 100")]
    [InlineData("""{"name":"x","role":"viewer","days":-1}""", "days=-1")]
    [InlineData("""{"name":"x","role":"viewer","attributes":{"a":"b"}}""", "only tokens of agents")]
    public async Task What_makes_no_sense_is_refused_with_the_fix(string request, string expected)
    {
        using var state = new TState();
        await using var access = await AccessFixture.StartAsync(await HubFixture.StartAsync(state));

        using var response = await access.SendAsync(access.Admin, HttpMethod.Post, "/api/v1/access/tokens", new StringContent(request, System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(expected, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}

public sealed class TokenOnSqliteTests : TokenTests<SqliteState>;

public sealed class TokenOnPostgresTests : TokenTests<PostgresState>;
