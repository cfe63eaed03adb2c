using System.Net;
using System.Net.Http.Json;
using Gantry.Estate.Sampling;
using Gantry.Hub.Sampling;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Tests.Sampling;

/// <summary>The door at which gateways wait, and what the hub shows of them.</summary>
public class ActivePolicyTests
{
    [Fact]
    public async Task A_hub_without_a_policy_says_so_and_one_whose_policies_were_deleted_says_keep_all()
    {
        await using var hub = await HubFixture.StartAsync();

        var none = await ReadAsync(await AskAsync(hub, known: null));
        await ApplyAsync(hub, "a", "default: {probability: 0.5}");
        var one = await ReadAsync(await AskAsync(hub, known: ""));
        await hub.Client.DeleteAsync("/api/v1/resources/samplingpolicies/a");
        var deleted = await ReadAsync(await AskAsync(hub, known: one.Revision));

        Assert.Equal(("", 1.0), (none.Revision, none.Default));
        Assert.Equal(0.5, one.Default);
        Assert.Equal(1, deleted.Default);
        Assert.Equal(16, deleted.Revision.Length);
        var revisions = await hub.Client.GetFromJsonAsync<SamplingRevisionRow[]>("/api/v1/sampling/revisions");
        Assert.Equal([deleted.Revision, one.Revision], revisions!.Select(row => row.Revision));
    }

    [Fact]
    public async Task Whoever_waits_gets_the_next_policy_and_nobody_else_is_held()
    {
        await using var hub = await HubFixture.StartAsync();
        await ApplyAsync(hub, "a", "default: {probability: 0.5}");
        var first = await ReadAsync(await AskAsync(hub, known: null));
        var waiting = Enumerable.Range(0, 20).Select(_ => AskAsync(hub, first.Revision, wait: 25)).ToList();

        Assert.Equal(HttpStatusCode.NotModified, (await AskAsync(hub, first.Revision)).StatusCode);
        Assert.All(waiting, request => Assert.False(request.IsCompleted));
        await ApplyAsync(hub, "b", "rules: [{name: errors, match: {status: error}, keep: always}]");

        foreach (var request in waiting)
        {
            var model = await ReadAsync(await request.WaitAsync(TimeSpan.FromSeconds(30)));
            Assert.Equal("b/errors", Assert.Single(model.Rules).Name);
        }
    }

    [Fact]
    public async Task Patience_ends_by_the_shared_tick()
    {
        await using var hub = await HubFixture.StartAsync();
        var (began, waiting) = (hub.Time.GetUtcNow(), AskAsync(hub, known: "", wait: 5));

        await Eventually.True("the end of a wait of five seconds", () =>
        {
            if (!waiting.IsCompleted)
            {
                hub.Time.Advance(TimeSpan.FromSeconds(1));
            }

            return waiting.IsCompleted;
        });

        using var response = await waiting;
        Assert.Equal(HttpStatusCode.NotModified, response.StatusCode);
        Assert.Equal("wait=5", Assert.Single(response.Headers.GetValues("Preference-Applied")));
        Assert.True(hub.Time.GetUtcNow() - began >= TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_hub_that_stops_holds_nobody()
    {
        var hub = await HubFixture.StartAsync();
        var waiting = AskAsync(hub, known: "", wait: 60);
        await Eventually.True("a waiter", () => hub.Logs.Entries.Any(entry => entry.Message.Contains("/sampling/active", StringComparison.Ordinal)));

        // The client of the fixture is disposed with it, which would end the request from the other side.
        await hub.StopServerAsync().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(HttpStatusCode.NotModified, (await waiting.WaitAsync(TimeSpan.FromSeconds(30))).StatusCode);
        await hub.DisposeAsync();
    }

    [Fact]
    public async Task Gateways_are_shown_with_what_they_have_in_force_and_what_it_does()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.ReportAsync(Batch(hub, "g1", "0123456789abcdef"));
        Assert.Equal("kept", Assert.Single((await ViewAsync(hub)).Gateways).State);

        await ApplyAsync(hub, "a", "default: {probability: 0.5}");
        var revision = (await ViewAsync(hub)).Revision;
        await hub.ReportAsync(Batch(hub, "g2", revision, seen: 1000, kept: 493));
        var view = await ViewAsync(hub);
        hub.Time.Advance(TimeSpan.FromMinutes(1));
        var later = await ViewAsync(hub);

        Assert.Equal([("g1", "behind"), ("g2", "in force")], view.Gateways.Select(row => (row.Id, row.State)));
        Assert.Equal((1000UL, 493UL, 0.493), (view.Gateways[1].Seen, view.Gateways[1].Kept, view.Gateways[1].KeptShare));
        Assert.Equal(hub.Time.GetUtcNow().AddMinutes(-1).AddSeconds(-7), later.Gateways[1].Since);
        Assert.All(later.Gateways, row => Assert.Equal("silent", row.State));
        hub.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Empty((await ViewAsync(hub)).Gateways);
    }

    [Fact]
    public async Task Policies_are_shown_in_the_order_in_which_they_are_asked()
    {
        await using var hub = await HubFixture.StartAsync();
        await ApplyAsync(hub, "zebra", "{priority: 3, rules: [{name: r, match: {service: a}, keep: never}]}");
        await ApplyAsync(hub, "base", "default: {probability: 1/10}");
        await ApplyAsync(hub, "alpha", "default: {probability: 1/3}");

        var view = await ViewAsync(hub);

        Assert.Equal(["zebra", "alpha", "base"], view.Policies.Select(policy => policy.Name));
        Assert.Equal(("alpha", 1.0 / 3), (view.DefaultFrom, view.Default));
        Assert.Equal(new SamplingRuleRow("r", "service=a", 0, ""), Assert.Single(view.Policies[0].Rules));
    }

    private static ObservationBatch Batch(HubFixture hub, string gateway, string revision, ulong seen = 0, ulong kept = 0)
    {
        var batch = Reports.Batch(1, full: true, gateway);
        (batch.SamplingRevision, batch.SamplingSinceUnixNano, batch.SpansSeen, batch.SpansKept) = (revision, hub.Now - 7_000_000_000, seen, kept);
        return batch;
    }

    private static async Task<SamplingView> ViewAsync(HubFixture hub) => (await hub.Client.GetFromJsonAsync<SamplingView>("/api/v1/sampling"))!;

    private static async Task ApplyAsync(HubFixture hub, string name, string spec)
    {
        using var body = new StringContent($"apiVersion: gantry/v1\nkind: SamplingPolicy\nmetadata: {{name: {name}}}\nspec:\n  {spec}\n");
        using var response = await hub.Client.PutAsync($"/api/v1/resources/samplingpolicies/{name}", body);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private static async Task<HttpResponseMessage> AskAsync(HubFixture hub, string? known, int? wait = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/sampling/active");
        if (known is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", $"\"{known}\"");
        }

        if (wait is not null)
        {
            request.Headers.Add("Prefer", $"wait={wait}");
        }

        return await hub.Client.SendAsync(request);
    }

    private static async Task<SamplingModel> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            var model = SamplingModelJson.TryRead(await response.Content.ReadAsByteArrayAsync(), out var error);
            Assert.True(model is not null, error);
            Assert.Equal($"\"{model.Revision}\"", response.Headers.ETag?.Tag);
            return model;
        }
    }
}
