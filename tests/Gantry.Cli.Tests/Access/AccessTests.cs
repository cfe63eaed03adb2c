using System.Net;
using Gantry.Hub;
using Microsoft.Extensions.Logging;

namespace Gantry.Cli.Tests.Access;

/// <summary>What docs/access.md tells people to type, against a real hub.</summary>
public sealed class AccessTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task From_bootstrap_to_revocation()
    {
        var admin = await Cli.RunAsync("access", "bootstrap", "--data", _folder["data"]);
        Assert.Equal(ExitCodes.Ok, admin.ExitCode);
        Assert.Contains("admin token first admin", admin.Error);
        Assert.Matches("^gto_[A-Za-z0-9_-]{43}\n$", admin.Out);
        (await Cli.RunAsync("access", "bootstrap", "--data", _folder["data"])).FailedWith(ExitCodes.Conflict, "there is an admin token already");
        await File.WriteAllTextAsync(_folder["admin.token"], admin.Out);
        await using var hub = new HubServer(new HubOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0), DataFolder = _folder["data"] }, logging => logging.SetMinimumLevel(LogLevel.None));
        await hub.StartAsync();
        Task<Cli> As(string token, params string[] args) => Cli.RunWithAsync(Cli.Environment(("GANTRY_HUB", $"{hub.Address}"), ("GANTRY_TOKEN", token)), args);

        (await As("", "get", "hosts")).FailedWith(ExitCodes.Authentication, "wants a token", "GANTRY_TOKEN", "--token-file");
        (await As("gto_wrong", "get", "hosts")).FailedWith(ExitCodes.Authentication, "unknown, expired or revoked");
        var ada = await As("", "access", "tokens", "create", "ada", "--role", "operator", "--days", "2", "--token-file", _folder["admin.token"]);
        Assert.Equal(ExitCodes.Ok, ada.ExitCode);
        Assert.Equal(ExitCodes.Ok, (await As(ada.Out.Trim(), "get", "hosts")).ExitCode);
        (await As(ada.Out.Trim(), "access", "tokens", "list")).FailedWith(ExitCodes.Authentication, "needs the role admin");

        var list = await As(admin.Out, "access", "tokens", "list");
        var id = list.Out.Split('\n').Single(line => line.Contains("  ada  ", StringComparison.Ordinal)).Split(' ')[0];
        Assert.Matches($"{id}  ada +operator  valid +20", list.Out);
        Assert.Equal($"revoked  {id}  ada\n", (await As(admin.Out, "access", "tokens", "revoke", id)).Out);
        (await As(ada.Out.Trim(), "get", "hosts")).FailedWith(ExitCodes.Authentication);
        Assert.Contains("revoked", (await As(admin.Out, "access", "tokens", "list", "--ended")).Out);

        var enrol = await As(admin.Out, "access", "enrol", "create", "berlin", "--uses", "50", "--attribute", "deployment.environment.name=prod");
        Assert.StartsWith("gte_", enrol.Out);
        Assert.Matches("berlin +enrolment  valid .* 0?-? +deployment.environment.name=prod", (await As(admin.Out, "access", "enrol", "list")).Out);
        var audit = await As(admin.Out, "access", "audit", "--about", "ada");
        Assert.Matches("first admin +token.revoke +operator token ada", audit.Out);
        Assert.DoesNotContain("gto_", audit.Out);
        await hub.StopAsync();
    }

    [Fact]
    public async Task Single_agents_are_given_another_credential_and_lose_it()
    {
        var admin = (await Cli.RunAsync("access", "bootstrap", "--data", _folder["data"])).Out.Trim();
        await using var hub = new HubServer(new HubOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0), DataFolder = _folder["data"] }, logging => logging.SetMinimumLevel(LogLevel.None));
        await hub.StartAsync();
        Task<Cli> Run(params string[] args) => Cli.RunWithAsync(Cli.Environment(("GANTRY_HUB", $"{hub.Address}"), ("GANTRY_TOKEN", admin)), args);
        var enrolment = (await Run("access", "enrol", "create", "berlin")).Out.Trim();
        var uid = Guid.CreateVersion7();
        using var client = new HttpClient { BaseAddress = hub.Address, DefaultRequestHeaders = { Authorization = new("Bearer", enrolment) } };
        using var enrol = await client.PostAsync(new Uri("/api/v1/access/enrol", UriKind.Relative), new StringContent($$"""{"instanceUid":"{{uid}}"}""", System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.Created, enrol.StatusCode);

        (await Run("access", "agents", "rotate", $"{uid}")).FailedWith(ExitCodes.Error, $"agent {uid} has not come yet");
        (await Run("access", "agents", "revoke", "berlin")).FailedWith(ExitCodes.Refused, "expected the instance uid of an agent, a UUID");
        Assert.Matches($"^revoked  [a-z0-9]{{12}}  token  agent {uid}\n$", (await Run("access", "agents", "revoke", $"{uid}")).Out);
        (await Run("access", "agents", "revoke", $"{uid}")).FailedWith(ExitCodes.Error, "has no credential of its own that counts");
        Assert.StartsWith("AGENT", (await Run("access", "agents", "requests")).Out);
        (await Run("access", "agents", "approve", $"{uid}")).FailedWith(ExitCodes.Error, "no signing request of agent");
        await hub.StopAsync();
    }

    [Theory]
    [InlineData("--heartbeat '0': expected 1 to 3600", "--heartbeat", "0")]
    [InlineData("--opamp-endpoint 'hub:4320': expected a URL with ws, wss, http, https", "--opamp-endpoint", "hub:4320")]
    [InlineData("--opamp-ca", "--opamp-ca", "none.pem")]
    public async Task Settings_for_agents_that_make_no_sense_are_named(string expected, params string[] args)
    {
        var failed = await Cli.RunAsync(["hub", "--hub-port", "0", "--data", _folder["data"], .. args]);

        Assert.NotEqual(ExitCodes.Ok, failed.ExitCode);
        Assert.Contains(expected, failed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_file_that_is_none_is_named()
    {
        (await Cli.RunAsync("get", "hosts", "--token-file", _folder["none"])).FailedWith(ExitCodes.Error, "--token-file", _folder["none"], "cannot be read");
        await File.WriteAllTextAsync(_folder["empty"], "\n");
        (await Cli.RunAsync("get", "hosts", "--token-file", _folder["empty"])).FailedWith(ExitCodes.Error, "is empty");
    }

    [Fact]
    public async Task A_hub_for_others_is_refused_until_there_is_an_admin()
    {
        (await Cli.RunAsync("hub", "--listen", "0.0.0.0:0", "--hub-port", "0", "--data", _folder["data"])).FailedWith(ExitCodes.Error, "--listen 0.0.0.0:0", "gantry access bootstrap");
        (await Cli.RunAsync("hub", "--hub-port", "0", "--data", _folder["data"], "--tls-cert", _folder["none"])).FailedWith(ExitCodes.Error, "--tls-cert", "give both or none");
    }

    [Fact]
    public async Task A_database_that_cannot_be_used_is_named_without_its_password() =>
        Assert.DoesNotContain("hunter2", (await Fails()).Error);

    private static async Task<Cli> Fails()
    {
        var failed = await Cli.RunWithAsync(Cli.Environment(("GANTRY_DATABASE", "Host=127.0.0.1;Port=1;Database=x;Password=hunter2")), ["hub", "--hub-port", "0"]);
        failed.FailedWith(ExitCodes.Error, "127.0.0.1:1", "cannot be reached", "--database");
        return failed;
    }
}
