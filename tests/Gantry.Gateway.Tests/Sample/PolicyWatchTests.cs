using System.Net;
using System.Net.Http.Json;
using Gantry.Estate.Sampling;
using Gantry.Gateway.Sample;
using Gantry.Hub;
using Gantry.Hub.Estate;
using Gantry.Hub.Sampling;
using Gantry.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gantry.Gateway.Tests.Sample;

/// <summary>A real gateway, and where there is one a real hub: which policy is in force, when, and what survives what.</summary>
public sealed class PolicyWatchTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gantry-policy-").FullName;
    private readonly TestLogs _logs = new();

    private string HubFolder => Path.Combine(_folder, "hub");

    private string State => Path.Combine(_folder, "gateway");

    private string Kept => Path.Combine(State, PolicyFile.Name);

    [Fact]
    public async Task A_policy_is_in_force_right_after_it_was_applied_and_again_after_the_hub_was_away()
    {
        var hub = await StartHubAsync();
        var address = hub.Address;
        await using var gateway = await StartGatewayAsync(address);
        var first = await ApplyAsync(address, "default: {probability: 0.5}");
        await InForceAsync(address, first);

        await ApplyAsync(address, "default: {probability: 0.25}");
        var applied = await ApplyAsync(address, "default: {probability: 0.1}");
        var row = await InForceAsync(address, applied);
        // The promise is a second, and some milliseconds are measured; a busy machine may take longer to run anything at all.
        var took = row.Since!.Value - applied.Resource.Applied;
        TestContext.Current.SendDiagnosticMessage($"in force after {took.TotalMilliseconds:0} ms");
        Assert.True(took < TimeSpan.FromSeconds(10), $"in force after {took}");

        await hub.DisposeAsync();
        hub = await StartHubAsync(address.Port);
        await InForceAsync(address, applied);
        await InForceAsync(address, await ApplyAsync(address, "default: {probability: 0.2}"));
        await hub.DisposeAsync();
    }

    [Fact]
    public async Task What_was_approved_is_in_force_after_a_restart_while_the_hub_is_away()
    {
        var hub = await StartHubAsync();
        ResourceChange applied;
        await using (await StartGatewayAsync(hub.Address))
        {
            applied = await ApplyAsync(hub.Address, "default: {probability: 0.5}");
            await InForceAsync(hub.Address, applied);
            await Eventually.True("the policy in the state folder", () => File.Exists(Kept));
        }

        var revision = await RevisionAsync(hub.Address);
        await hub.DisposeAsync();
        await using var sink = await OtlpSink.StartAsync();
        await using var again = await StartGatewayAsync(sink.Address);

        Assert.Equal(revision, await ReportedAsync(sink));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"revision":"0123456789abcdef","default":0.5,"rules":[]}""")]
    [InlineData("""{"revision":"","default":1,"rules":[]}""")]
    public async Task A_damaged_file_is_not_believed(string content)
    {
        _logs.Expect("PolicyFileRefused");
        Directory.CreateDirectory(State);
        await File.WriteAllTextAsync(Kept, content);
        await using var sink = await OtlpSink.StartAsync();

        await using var gateway = await StartGatewayAsync(sink.Address);

        Assert.Equal("", await ReportedAsync(sink));
        Assert.Contains(_logs.Entries, entry => entry.Event == "PolicyFileRefused" && entry.Message.Contains(Kept, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_policy_of_its_own_holds_until_a_hub_has_one()
    {
        var own = SamplingComposition.Compose([new SamplingPolicy("own", 0, [], 0.01)]);
        await using var hub = await StartHubAsync();
        await using var gateway = await StartGatewayAsync(hub.Address, own);

        // A hub without a policy takes nothing away.
        Assert.Equal(("kept", own.Revision), await RowAsync(hub.Address, row => (row.State, row.Revision)));
        Assert.Contains(_logs.Entries, entry => entry.Event == "PolicyFromBefore");

        await InForceAsync(hub.Address, await ApplyAsync(hub.Address, "default: {probability: 0.5}"));
    }

    [Fact]
    public async Task A_new_gateway_has_the_hubs_policy_before_its_doors_open()
    {
        await using var hub = await StartHubAsync();
        await ApplyAsync(hub.Address, "default: {probability: 0.5}");

        await using var gateway = await StartGatewayAsync(hub.Address);

        // In force when StartAsync returned: nothing was waited for since.
        Assert.Contains(_logs.Entries, entry => entry.Event == "PolicyInForce" && entry.Category.Contains("Gateway", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_policy_that_cannot_be_taken_leaves_the_one_in_force_and_the_next_is_taken()
    {
        var good = SamplingComposition.Compose([new SamplingPolicy("a", 0, [], 0.5)]);
        var better = SamplingComposition.Compose([new SamplingPolicy("a", 0, [], 0.25)]);
        var next = new Queue<(string Tag, byte[] Body)>([
            (good.Revision, SamplingModelJson.Write(good)),
            ("00000000000000aa", """{"revision":"00000000000000aa","default":0.5,"rules":[],"budgets":[]}"""u8.ToArray()),
            (better.Revision, SamplingModelJson.Write(better)),
        ]);
        await using var hub = await ScriptedAsync(next);

        await using var gateway = await StartGatewayAsync(new Uri(hub.Urls.First()));

        await Eventually.True("the third policy", () => _logs.Entries.Any(entry => entry.Event == "PolicyInForce" && entry.Message.Contains(better.Revision, StringComparison.Ordinal)), TimeSpan.FromSeconds(60));
        var refusal = Assert.Single(_logs.Entries, entry => entry.Event == "PolicyRefused");
        Assert.Contains("budgets", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(good.Revision, refusal.Message, StringComparison.Ordinal);
        await Eventually.True("the third policy on disk", () => File.ReadAllBytes(Kept).AsSpan().SequenceEqual(SamplingModelJson.Write(better)));
    }

    [Fact]
    public void What_was_seen_belongs_to_the_policy_that_decided()
    {
        var state = new SamplerState(TimeProvider.System);
        var before = state.InForce;

        state.Swap(SamplingComposition.Compose([]));
        before.Count(10, 4);
        state.InForce.Count(3, 1);

        Assert.Equal((10UL, 4UL), (before.Seen, before.Kept));
        Assert.Equal((3UL, 1UL), (state.InForce.Seen, state.InForce.Kept));
        Assert.Same(state.InForce.Model, state.Current);
    }

    public void Dispose()
    {
        _logs.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<Running> StartHubAsync(int port = 0)
    {
        var hub = new HubServer(new HubOptions { Listen = new IPEndPoint(IPAddress.Loopback, port), DataFolder = HubFolder }, _logs.AddTo);
        await hub.StartAsync();
        return new Running(hub.Address, hub.StopAsync, hub);
    }

    private async Task<Running> StartGatewayAsync(Uri hub, SamplingModel? own = null)
    {
        var gateway = new GatewayServer(
            new GatewayOptions
            {
                Grpc = new IPEndPoint(IPAddress.Loopback, 0),
                Http = new IPEndPoint(IPAddress.Loopback, 0),
                Hub = hub,
                StateFolder = State,
                Sampling = own,
                ReportInterval = TimeSpan.FromMilliseconds(50),
            },
            _logs.AddTo);
        await gateway.StartAsync();
        return new Running(gateway.Http, gateway.StopAsync, gateway);
    }

    private static async Task<ResourceChange> ApplyAsync(Uri hub, string spec)
    {
        using var client = new HttpClient { BaseAddress = hub };
        using var body = new StringContent($"apiVersion: gantry/v1\nkind: SamplingPolicy\nmetadata: {{name: a}}\nspec:\n  {spec}\n");
        using var response = await client.PutAsync("/api/v1/resources/samplingpolicies/a", body);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<ResourceChange>())!;
    }

    /// <summary>The newest gateway's row, once there is one that says what it has in force.</summary>
    private static async Task<T> RowAsync<T>(Uri hub, Func<GatewaySamplingRow, T> read)
    {
        using var client = new HttpClient { BaseAddress = hub };
        var row = await Eventually.Get("a gateway that says what it has in force", async () =>
            (await client.GetFromJsonAsync<SamplingView>("/api/v1/sampling"))!.Gateways.MaxBy(row => row.LastSeen) is { State: not "unknown" } row ? row : null);
        return read(row);
    }

    private static async Task<GatewaySamplingRow> InForceAsync(Uri hub, ResourceChange applied)
    {
        using var client = new HttpClient { BaseAddress = hub };
        return await Eventually.Get($"generation {applied.Resource.Generation} in force", async () =>
        {
            var view = await client.GetFromJsonAsync<SamplingView>("/api/v1/sampling");
            return view!.Policies[0].Generation == applied.Resource.Generation ? view.Gateways.FirstOrDefault(row => row.State == "in force") : null;
        });
    }

    private static async Task<string> RevisionAsync(Uri hub)
    {
        using var client = new HttpClient { BaseAddress = hub };
        return (await client.GetFromJsonAsync<SamplingView>("/api/v1/sampling"))!.Revision;
    }

    private static Task<string> ReportedAsync(OtlpSink sink) =>
        Eventually.Get("a report", () => Task.FromResult(sink.Reports.LastOrDefault()?.SamplingRevision));

    /// <summary>A hub that gives one policy after the other, whatever is asked, and then holds back.</summary>
    private static async Task<WebApplication> ScriptedAsync(Queue<(string Tag, byte[] Body)> answers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapGet("/api/v1/sampling/active", async context =>
        {
            (string Tag, byte[] Body) answer;
            lock (answers)
            {
                if (!answers.TryDequeue(out answer))
                {
                    context.Response.StatusCode = StatusCodes.Status304NotModified;
                    context.Response.Headers.RetryAfter = "1";
                    return;
                }
            }

            context.Response.Headers.ETag = $"\"{answer.Tag}\"";
            await context.Response.Body.WriteAsync(answer.Body);
        });
        await app.StartAsync();
        return app;
    }

    /// <summary>A server that is stopped, in order, before it is gone.</summary>
    private sealed class Running(Uri address, Func<CancellationToken, Task> stop, IAsyncDisposable server) : IAsyncDisposable
    {
        public Uri Address { get; } = address;

        public async ValueTask DisposeAsync()
        {
            await stop(CancellationToken.None);
            await server.DisposeAsync();
        }
    }
}
