using System.Net;
using System.Net.Http.Json;
using Gantry.Conformance;
using Gantry.Hub.Access;
using Gantry.Hub.Fleet.Settings;
using Gantry.Protocol.OpAmp;
using Gantry.Testing;
using static Gantry.Hub.Tests.Access.OpAmpPeers;

namespace Gantry.Hub.Tests.Access;

/// <summary>A credential for each agent, from the enrolment token to its end, over real sockets and on every engine.</summary>
public abstract class AgentCredentialTests<TState>
    where TState : TestState, new()
{
    [Theory]
    [InlineData(Transport.WebSocket)]
    [InlineData(Transport.Http)]
    public async Task An_enrolled_agent_is_offered_its_own_credential_and_the_token_serves_it_until_it_came_with_that(Transport transport)
    {
        using var state = new TState();
        await using var access = await AccessFixture.StartAsync(await HubFixture.StartAsync(state));
        var enrolment = await access.EnrolmentAsync(uses: 1);
        var agent = new TestAgent(Accepts);

        var (peer, reply) = await EnterAsync(access.Hub.OpAmp, transport, enrolment.Token, agent);
        var first = TokenOf(reply);
        Assert.StartsWith("gta_", first, StringComparison.Ordinal);
        Assert.Equal(transport == Transport.WebSocket ? "ws" : "http", new Uri(reply.ConnectionSettings!.OpAmp!.Endpoint).Scheme);
        Assert.Equal(access.Hub.OpAmp.PathAndQuery, new Uri(reply.ConnectionSettings.OpAmp.Endpoint).PathAndQuery);
        Assert.Equal(30UL, reply.ConnectionSettings.OpAmp.HeartbeatSeconds);
        Assert.NotEmpty(reply.ConnectionSettings.Hash);
        Assert.Null((await peer.SayAsync(agent.Beat())).ConnectionSettings);
        Assert.Equal("used up", Assert.Single(await access.ReadAsync<CredentialRow[]>("/api/v1/access/enrolments?ended=true")).State);

        // It lost the answer: it comes again with the token, which is used up for all others, and that costs no use.
        await peer.DisposeAsync();
        access.Hub.Time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal("the enrolment token is used up", await RefusalAsync(access.Hub.OpAmp, transport, enrolment.Token, new TestAgent(Accepts)));
        await Assert.ThrowsAnyAsync<Exception>(async () => await ConnectAsync(access.Hub.OpAmp, Transport.WebSocket, enrolment.Token, Guid.NewGuid()));
        (peer, reply) = await EnterAsync(access.Hub.OpAmp, transport, enrolment.Token, agent);
        var second = TokenOf(reply);
        Assert.NotEqual(first, second);
        Assert.Equal("401", await RefusalAsync(access.Hub.OpAmp, transport, first, agent));
        Assert.Equal(1, Assert.Single(await access.ReadAsync<CredentialRow[]>("/api/v1/access/enrolments?ended=true")).Uses);

        // The old one works on until it has come with the new one, and then no more.
        Assert.Null((await peer.SayAsync(agent.Beat())).Error);
        await peer.DisposeAsync();
        Assert.Equal("", await RefusalAsync(access.Hub.OpAmp, transport, second, agent));
        Assert.Equal("401", await RefusalAsync(access.Hub.OpAmp, transport, enrolment.Token, agent));
        var own = Assert.Single((await access.ReadAsync<CredentialRow[]>("/api/v1/access/tokens")), row => row.Role == "agent");
        Assert.Equal((agent.Uid.ToString(), enrolment.Credential.Id, true), (own.AgentUid, own.Parent, own.Used));
        Assert.Equal(0, state.Counts($"credential WHERE id || hash || name || agent LIKE '%{second}%'")[0]);
        Assert.DoesNotContain(access.Hub.Logs.Entries, entry => entry.Message.Contains(second, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Transport.WebSocket)]
    [InlineData(Transport.Http)]
    public async Task An_agent_that_says_FAILED_works_on_with_the_old_one_and_is_left_alone_also_after_a_restart(Transport transport)
    {
        using var state = new TState();
        var agent = new TestAgent(Accepts);
        string token;
        await using (var access = await AccessFixture.StartAsync(await HubFixture.StartAsync(state)))
        {
            token = (await access.EnrolmentAsync(uses: 1)).Token;
            var (peer, reply) = await EnterAsync(access.Hub.OpAmp, transport, token, agent);
            Assert.Null((await peer.SayAsync(Told(agent, reply.ConnectionSettings!.Hash, ConnectionSettingsState.Failed))).ConnectionSettings);
            await peer.DisposeAsync();
            access.Hub.Time.Advance(TimeSpan.FromMinutes(6));
            (peer, reply) = await EnterAsync(access.Hub.OpAmp, transport, token, agent);
            Assert.Equal((null, null), (reply.Error, reply.ConnectionSettings));
            Assert.Null((await peer.SayAsync(agent.Beat())).ConnectionSettings);
            await peer.DisposeAsync();
        }

        await using var second = await HubFixture.StartAsync(state);
        var (again, answer) = await EnterAsync(second.OpAmp, transport, token, agent);

        Assert.Equal((null, null), (answer.Error, answer.ConnectionSettings));
        await again.DisposeAsync();
    }

    [Theory]
    [InlineData(Transport.WebSocket)]
    [InlineData(Transport.Http)]
    public async Task A_credential_speaks_for_its_own_agent_alone_and_opens_no_other_door(Transport transport)
    {
        using var state = new TState();
        await using var access = await AccessFixture.StartAsync(await HubFixture.StartAsync(state));
        var agent = new TestAgent(Accepts);
        var token = await EnrolAsync(access, transport, agent);
        var other = new TestAgent(Accepts);
        await using var peer = await ConnectAsync(access.Hub.OpAmp, transport, token);

        var reply = await peer.SayAsync(other.Full());

        Assert.Equal(ServerErrorType.BadRequest, reply.Error!.Type);
        Assert.Contains($"belongs to agent {agent.Uid}, and the message is of agent {other.Uid}", reply.Error.Message, StringComparison.Ordinal);
        await access.DenialAsync($"belongs to agent {agent.Uid}");
        Assert.Null(access.Hub.Fleet.Find_NeedsLock(other.Uid));
        if (transport == Transport.WebSocket)
        {
            Assert.Equal(1008, await CloseCodeAsync(peer));
        }

        foreach (var door in (string[])["/api/v1/summary", "/api/v1/access/tokens", "/api/v1/audit", "/"])
        {
            Assert.Equal(HttpStatusCode.Forbidden, await access.GetStatusAsync(token, door));
        }
    }

    [Theory]
    [InlineData(Transport.WebSocket)]
    [InlineData(Transport.Http)]
    public async Task A_rotation_is_offered_at_once_and_the_old_one_ends_when_the_new_one_comes(Transport transport)
    {
        using var state = new TState();
        await using var access = await AccessFixture.StartAsync(await HubFixture.StartAsync(state));
        var agent = new TestAgent(Accepts);
        var token = await EnrolAsync(access, transport, agent);
        var (peer, reply) = await EnterAsync(access.Hub.OpAmp, transport, token, agent);
        Assert.Null(reply.ConnectionSettings);

        Assert.Equal(HttpStatusCode.Accepted, await access.StatusAsync(access.Admin, HttpMethod.Post, $"/api/v1/access/agents/{agent.Uid}/rotate"));
        var offered = transport == Transport.Http ? await peer.SayAsync(agent.Beat()) : await peer.HearAsync(Patience);
        var rotated = TokenOf(offered);
        Assert.Null((await peer.SayAsync(agent.Beat())).ConnectionSettings);
        if (transport == Transport.Http)
        {
            // However long it takes, nobody is locked out; what was lost on the way is offered anew.
            access.Hub.Time.Advance(state.Database is null ? TimeSpan.FromHours(25) : TimeSpan.FromMinutes(6));
            rotated = TokenOf(await peer.SayAsync(agent.Beat()));
        }

        Assert.Null((await peer.SayAsync(agent.Beat())).Error);
        var (next, entered) = await EnterAsync(access.Hub.OpAmp, transport, rotated, agent);
        Assert.Equal((null, null), (entered.Error, entered.ConnectionSettings));
        Assert.Equal("401", await RefusalAsync(access.Hub.OpAmp, transport, token, agent));
        if (transport == Transport.WebSocket)
        {
            Assert.Equal(1008, await CloseCodeAsync(peer));
        }

        await next.DisposeAsync();
        Assert.Equal(transport == Transport.Http ? 2 : 1, (await access.AuditAsync("token.offer")).Length);
        Assert.Single(await access.AuditAsync("token.replaced"));
        Assert.Equal(HttpStatusCode.NotFound, await access.StatusAsync(access.Admin, HttpMethod.Post, $"/api/v1/access/agents/{Guid.NewGuid()}/rotate"));
        Assert.Equal(HttpStatusCode.BadRequest, await access.StatusAsync(access.Admin, HttpMethod.Post, "/api/v1/access/agents/berlin/rotate"));
    }

    [Fact]
    public async Task A_revoked_agent_is_closed_and_refused_at_once_and_comes_back_with_a_later_enrolment_token_alone()
    {
        using var state = new TState();
        await using var access = await AccessFixture.StartAsync(await HubFixture.StartAsync(state));
        var agent = new TestAgent(Accepts);
        var enrolment = await access.EnrolmentAsync();
        var token = await EnrolAsync(access, Transport.WebSocket, agent, enrolment.Token);
        var (peer, _) = await EnterAsync(access.Hub.OpAmp, Transport.WebSocket, token, agent);
        access.Hub.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(HttpStatusCode.OK, await access.StatusAsync(access.Admin, HttpMethod.Delete, $"/api/v1/access/agents/{agent.Uid}"));

        Assert.Equal(1008, await CloseCodeAsync(peer));
        foreach (var transport in Enum.GetValues<Transport>())
        {
            Assert.Equal("401", await RefusalAsync(access.Hub.OpAmp, transport, token, agent));
            Assert.Contains("was revoked; it comes back with an enrolment token that is made after that", await RefusalAsync(access.Hub.OpAmp, transport, enrolment.Token, agent), StringComparison.Ordinal);
        }

        await access.DenialAsync($"revoked token agent {agent.Uid}");
        Assert.Single(await access.AuditAsync("token.revoke"));
        Assert.Equal(HttpStatusCode.NotFound, await access.StatusAsync(access.Admin, HttpMethod.Delete, $"/api/v1/access/agents/{agent.Uid}"));
        access.Hub.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.NotEqual(token, await EnrolAsync(access, Transport.WebSocket, agent, (await access.EnrolmentAsync()).Token));
    }

    [Fact]
    public async Task An_enrolment_token_does_not_open_for_an_agent_that_has_its_own()
    {
        using var state = new TState();
        await using var access = await AccessFixture.StartAsync(await HubFixture.StartAsync(state));
        var agent = new TestAgent(Accepts);
        var enrolment = await access.EnrolmentAsync();
        await EnrolAsync(access, Transport.WebSocket, agent, enrolment.Token);

        var refusal = await RefusalAsync(access.Hub.OpAmp, Transport.WebSocket, enrolment.Token, agent);
        using var rest = await access.SendAsync(enrolment.Token, HttpMethod.Post, DoorRules.Enrol, JsonContent.Create(new AgentRequest($"{agent.Uid}")));

        Assert.Contains($"has a credential of its own, and no enrolment token opens for it any more; if it lost it: gantry access agents revoke {agent.Uid}", refusal, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, rest.StatusCode);
    }

    [Theory]
    [InlineData(Transport.WebSocket)]
    [InlineData(Transport.Http)]
    public async Task Agents_that_take_no_settings_come_with_the_enrolment_token_and_use_nothing_up(Transport transport)
    {
        using var state = new TState();
        await using var access = await AccessFixture.StartAsync(await HubFixture.StartAsync(state));
        var enrolment = await access.EnrolmentAsync(uses: 1);
        foreach (var agent in (TestAgent[])[new(TestAgent.Usual), new(TestAgent.Usual)])
        {
            var (peer, reply) = await EnterAsync(access.Hub.OpAmp, transport, enrolment.Token, agent);
            Assert.Equal((null, null), (reply.Error, reply.ConnectionSettings));
            Assert.Null((await peer.SayAsync(agent.Beat())).Error);
            await peer.DisposeAsync();
        }

        Assert.Equal(0, Assert.Single(await access.ReadAsync<CredentialRow[]>("/api/v1/access/enrolments")).Uses);
    }

    [Fact]
    public async Task An_enrolment_token_for_others_is_refused_with_what_the_agent_lacks()
    {
        using var state = new TState();
        await using var access = await AccessFixture.StartAsync(await HubFixture.StartAsync(state));
        var enrolment = await access.EnrolmentAsync(attributes: ("os.type", "windows"));

        var refusal = await RefusalAsync(access.Hub.OpAmp, Transport.WebSocket, enrolment.Token, new TestAgent(Accepts));

        Assert.Equal("this enrolment token is for agents with os.type = windows, and this one has linux", refusal);
        await access.DenialAsync("os.type = windows");
        Assert.NotEmpty(await EnrolAsync(access, Transport.WebSocket, new TestAgent(Accepts), (await access.EnrolmentAsync(attributes: ("os.type", "linux"))).Token));
    }

    [Fact]
    public async Task A_scope_sees_what_pipelines_are_matched_with_and_what_was_said_before()
    {
        using var state = new TState();
        await using var access = await AccessFixture.StartAsync(await HubFixture.StartAsync(state));
        var linux = (await access.EnrolmentAsync(attributes: ("os.type", "linux"))).Token;
        var windows = (await access.EnrolmentAsync(attributes: ("os.type", "windows"))).Token;
        async Task<string> SayAsync(string token, AgentToServer message)
        {
            await using var peer = await OpAmpPeers.ConnectAsync(access.Hub.OpAmp, Transport.WebSocket, token);
            return (await peer.SayAsync(message)).Error?.Message ?? "";
        }

        // Of two with one name matching takes the last.
        var both = new TestAgent(TestAgent.Usual).Full();
        both.Description!.NonIdentifying.Add(new KeyValue("os.type", "windows"));
        Assert.Contains("and this one has windows", await SayAsync(linux, both), StringComparison.Ordinal);

        // One that says nothing of itself is what it was.
        var known = new TestAgent(TestAgent.Usual);
        Assert.Equal("", await SayAsync(linux, known.Full()));
        Assert.Contains("and this one has linux", await SayAsync(windows, known.Beat()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_uid_that_the_hub_gave_goes_with_the_credential_also_after_a_restart()
    {
        using var state = new TState();
        var agent = new TestAgent(Accepts);
        string token;
        await using (var access = await AccessFixture.StartAsync(await HubFixture.StartAsync(state)))
        {
            token = await EnrolAsync(access, Transport.WebSocket, agent);
            await using var peer = await ConnectAsync(access.Hub.OpAmp, Transport.WebSocket, token);
            var asks = agent.Full();
            asks.Flags = AgentToServerFlags.RequestInstanceUid;
            var given = new Guid((await peer.SayAsync(asks)).Identification!.NewInstanceUid, bigEndian: true);
            Assert.NotEqual(agent.Uid, given);
            agent.Uid = given;
            Assert.Null((await peer.SayAsync(agent.Full())).Error);
        }

        await using var second = await HubFixture.StartAsync(state);

        Assert.Equal("", await RefusalAsync(second.OpAmp, Transport.WebSocket, token, agent));
        Assert.NotEqual("", await RefusalAsync(second.OpAmp, Transport.WebSocket, token, new TestAgent(Accepts)));
    }

    [Fact]
    public async Task Other_settings_come_with_another_credential_for_an_offer_is_always_whole()
    {
        using var state = new TState();
        await using var access = await AccessFixture.StartAsync(await HubFixture.StartAsync(state));
        var agent = new TestAgent(Accepts);
        var token = await EnrolAsync(access, Transport.WebSocket, agent);
        var (peer, _) = await EnterAsync(access.Hub.OpAmp, Transport.WebSocket, token, agent);

        access.Hub.Fleet.Offer(new ConnectionSettingsConfig { OpAmp = new Uri("wss://hub.example/v1/opamp"), HeartbeatSeconds = 12, OpAmpHeaders = new Dictionary<string, string> { ["X-Tenant"] = "a", ["authorization"] = "Bearer shared" } });
        var offered = await peer.HearAsync(Patience);

        Assert.Equal(("wss://hub.example/v1/opamp", 12UL), (offered!.ConnectionSettings!.OpAmp!.Endpoint, offered.ConnectionSettings.OpAmp.HeartbeatSeconds));
        Assert.Equal(["Authorization", "X-Tenant"], offered.ConnectionSettings.OpAmp.Headers!.Items.Select(header => header.Name));
        // It has them now, whether it says so or not.
        var (again, entered) = await EnterAsync(access.Hub.OpAmp, Transport.WebSocket, TokenOf(offered), agent);
        Assert.Null(entered.ConnectionSettings);
        await again.DisposeAsync();
    }

    /// <summary>Enrols over OpAMP and comes with the credential once.</summary>
    internal static async Task<string> EnrolAsync(AccessFixture access, Transport transport, TestAgent agent, string? enrolment = null)
    {
        var (peer, reply) = await EnterAsync(access.Hub.OpAmp, transport, enrolment ?? (await access.EnrolmentAsync(uses: 1)).Token, agent);
        await peer.DisposeAsync();
        Assert.True(reply.Error is null, reply.Error?.Message);
        var token = TokenOf(reply);
        Assert.Equal("", await RefusalAsync(access.Hub.OpAmp, transport, token, agent));
        return token;
    }
}

public sealed class AgentCredentialOnSqliteTests : AgentCredentialTests<SqliteState>;

public sealed class AgentCredentialOnPostgresTests : AgentCredentialTests<PostgresState>
{
    [Fact]
    public async Task What_is_revoked_at_one_node_is_closed_and_refused_at_the_other()
    {
        using var state = new PostgresState();
        await using var access = await AccessFixture.StartAsync(await HubFixture.StartAsync(state));
        await using var other = await HubFixture.StartAsync(state);
        var agent = new TestAgent(Accepts);
        var token = await EnrolAsync(access, Transport.WebSocket, agent);
        await Eventually.Get("the other node knows the credential", async () => await RefusalAsync(other.OpAmp, Transport.WebSocket, token, agent) == "" ? agent : null);
        var (peer, _) = await EnterAsync(other.OpAmp, Transport.WebSocket, token, agent);

        Assert.Equal(HttpStatusCode.OK, await access.StatusAsync(access.Admin, HttpMethod.Delete, $"/api/v1/access/agents/{agent.Uid}"));

        Assert.Equal(1008, await CloseCodeAsync(peer));
        Assert.Equal("401", await RefusalAsync(other.OpAmp, Transport.WebSocket, token, agent));
    }
}
