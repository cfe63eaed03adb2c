using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using Gantry.Conformance;
using Gantry.Hub.Access;
using Gantry.Hub.Fleet;
using Gantry.Hub.Fleet.Credentials;
using Gantry.Hub.Fleet.Settings;
using Gantry.Hub.Tests.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gantry.Hub.Tests.Fleet;

/// <summary>A hub with an admin for the conformance suite, and somebody who listens to revocations.</summary>
internal sealed class GuardedHub(AccessFixture access, WebApplication listener, ConcurrentBag<RevocationNotice> heard) : IGuardedServer, IAsyncDisposable
{
    public Uri Url => access.Hub.OpAmp;

    public static async Task<GuardedHub> StartAsync(bool approves)
    {
        var heard = new ConcurrentBag<RevocationNotice>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var listener = builder.Build();
        listener.MapPost("/revoked", async (HttpRequest request) => heard.Add((await request.ReadFromJsonAsync<RevocationNotice>())!));
        await listener.StartAsync();
        var options = new FleetOptions
        {
            ApprovesCertificates = approves,
            RevocationHook = new Uri(new Uri(listener.Urls.First()), "/revoked"),
            ConnectionSettings = new ConnectionSettingsConfig { OwnTelemetry = new Uri("http://127.0.0.1:4318") },
        };
        return new GuardedHub(await AccessFixture.StartAsync(await HubFixture.StartAsync(null, null, null, options)), listener, heard);
    }

    public async Task<string> EnrolmentTokenAsync()
    {
        access.Hub.Time.Advance(TimeSpan.FromSeconds(1));
        return (await access.EnrolmentAsync()).Token;
    }

    public async Task<string> ExpiredTokenAsync()
    {
        var token = await access.TokenAsync("short", "agent", days: 0.01);
        access.Hub.Time.Jump(TimeSpan.FromDays(0.02));
        return token.Token;
    }

    public async Task RevokeAsync(Guid agent)
    {
        // The audit log keeps one line a minute of a flood from one address, and all checks come from one.
        access.Hub.Time.Advance(TimeSpan.FromMinutes(12));
        Assert.Equal(HttpStatusCode.OK, await access.StatusAsync(access.Admin, HttpMethod.Delete, $"/api/v1/access/agents/{agent}"));
    }

    public async Task DecideAsync(Guid agent, bool approves) =>
        Assert.Equal(HttpStatusCode.OK, await access.StatusAsync(access.Admin, HttpMethod.Post, $"/api/v1/access/requests/{agent}/{(approves ? "approve" : "refuse")}"));

    public async Task<bool> IsAuditedAsync(string words) => (await access.AuditAsync("denied")).Any(row => $"{row}".Contains(words, StringComparison.Ordinal));

    public async Task<IReadOnlyList<string>> ToldAsync(Guid agent)
    {
        var told = await access.AuditAsync("token.revoke.told");
        return told.Any(row => row.Resource == $"agent {agent}" && row.Detail.StartsWith("told http://127.0.0.1:", StringComparison.Ordinal))
            ? heard.FirstOrDefault(notice => notice.Agent == agent.ToString())?.Destinations ?? []
            : [];
    }

    public async ValueTask DisposeAsync()
    {
        await access.DisposeAsync();
        await listener.DisposeAsync();
    }
}
