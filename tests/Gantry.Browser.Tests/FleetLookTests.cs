using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Gantry.Hub.Coverage;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;
using Gantry.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Gantry.Browser.Tests;

/// <summary>A real hub with pipelines, and collectors that speak OpAMP with it, in a browser.</summary>
public sealed class FleetLookTests : HubInBrowser
{
    private static readonly Guid Drifted = Guid.CreateVersion7();

    protected override async Task TellAsync()
    {
        using var body = new StringContent(Pipeline("edge"), Encoding.UTF8, "application/yaml");
        (await Client.PutAsync("/api/v1/resources/pipelines/edge?owner=ui&source=ada", body)).EnsureSuccessStatusCode();
        foreach (var (host, uid) in Enumerable.Range(1, 5).Select(i => ($"edge-{i}", Guid.CreateVersion7())).Append(("edge-6", Drifted)))
        {
            await SayAsync(uid, host, 1, null, null, RemoteConfigState.Unset);
            var hash = (await Client.GetFromJsonAsync<AgentRow[]>($"/api/v1/agents?q={uid}"))!.Single().DesiredHash;
            var detail = await Client.GetFromJsonAsync<global::System.Text.Json.JsonElement>($"/api/v1/agents/{uid}");
            var desired = detail.GetProperty("desired")[0].GetProperty("body").GetString()!;
            await SayAsync(uid, host, 2, hash, uid == Drifted ? desired.Replace("5s", "1m", StringComparison.Ordinal) : desired, host == "edge-3" ? RemoteConfigState.Failed : RemoteConfigState.Applied);
        }

        using var alloy = new StringContent(AlloyPipeline("self", ""), Encoding.UTF8, "application/yaml");
        (await Client.PutAsync("/api/v1/resources/pipelines/self?owner=ui&source=ada", alloy)).EnsureSuccessStatusCode();
        await PollAsync("shop/eu/alloy-0", "host-a", "", null);
        var good = (await Client.GetFromJsonAsync<global::System.Text.Json.JsonElement>("/api/v1/agents/shop%2Feu%2Falloy-0/configuration")).GetProperty("hash").GetString()!;
        await PollAsync("shop/eu/alloy-0", "host-a", good, true);
        await PollAsync("shop/eu/alloy-1", "host-b", "", null);
        await PollAsync("shop/eu/alloy-1", "host-b", good, true);
        using var next = new StringContent(AlloyPipeline("self", "prometheus.exporter.unix \"default\" { }"), Encoding.UTF8, "application/yaml");
        (await Client.PutAsync("/api/v1/resources/pipelines/self?owner=ui&source=ada", next)).EnsureSuccessStatusCode();
        await PollAsync("shop/eu/alloy-1", "host-b", good, null);
        var bad = (await Client.GetFromJsonAsync<global::System.Text.Json.JsonElement>("/api/v1/agents/shop%2Feu%2Falloy-1/configuration")).GetProperty("hash").GetString()!;
        await PollAsync("shop/eu/alloy-1", "host-b", bad, false);
    }

    [Fact]
    public async Task Pages_of_the_fleet_fit_and_do_not_complain()
    {
        foreach (var (name, path) in ((string, string)[])[("fleet", "/agents"), ("fleet-agent", $"/agents/{Drifted}"), ("pipelines", "/pipelines"), ("pipeline", "/pipelines/edge"), ("pipeline-new", "/pipelines/_new"),
            ("fleet-fallback", "/agents?show=fallback"), ("fleet-collector", "/agents/shop%2Feu%2Falloy-1"), ("audit", "/audit"), ("audit-none", "/audit?show=logins")])
        {
            // On a telephone the menu must fit, with the audit log in it.
            int[]? widths = name.StartsWith("audit", StringComparison.Ordinal) || name == "fleet" ? [1440, 800, 390] : null;
            await Look.FitsAsync((width, scheme) => VisitAsync(path, width, scheme), name, widths, isForDocs: name is "fleet" or "pipeline");
        }
    }

    [Fact]
    public async Task The_editor_says_while_typing_what_the_text_is_worth_and_saves_with_and_without_a_script()
    {
        await using (var visit = await VisitAsync("/pipelines/edge", 1440, ColorScheme.Light))
        {
            var (box, verdict) = (visit.Page.Locator("#document"), visit.Page.Locator("[data-check-out]"));
            await box.FillAsync(Pipeline("edge").Replace("batch]", "nothere]", StringComparison.Ordinal));
            await Expect(verdict).ToContainTextAsync("nothere");
            await Screenshots.TakeAsync(visit.Page, "pipeline-problem");
            await box.FillAsync(Pipeline("edge").Replace("5s", "9s", StringComparison.Ordinal));
            await Expect(verdict).ToContainTextAsync("It is sound.");
            await Expect(verdict).ToContainTextAsync("It matches 6 agents now.");
            await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
            await Expect(visit.Page.Locator("[data-live=revisions] details")).ToHaveCountAsync(2);
            Assert.Empty(visit.Complaints);
        }

        await using var plain = await VisitAsync("/pipelines/edge", 800, ColorScheme.Dark, scripts: false);
        await plain.Page.Locator("#document").FillAsync("nonsense");
        await plain.Page.GetByRole(AriaRole.Button, new() { Name = "Check" }).ClickAsync();
        await Expect(plain.Page.Locator("[data-check-out]")).ToContainTextAsync("1 problem");
        await Expect(plain.Page.Locator("#document")).ToHaveValueAsync("nonsense");
    }

    [Fact]
    public async Task Operator_attributes_are_saved_by_the_form_of_the_page()
    {
        await using var visit = await VisitAsync($"/agents/{Drifted}", 1440, ColorScheme.Light);

        await visit.Page.Locator("#operator-attributes").FillAsync("team=shop");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Save attributes" }).ClickAsync();

        await Expect(visit.Page.Locator("#operator-attributes")).ToHaveValueAsync("team=shop");
        await visit.Page.GotoAsync("/agents?q=team%3Dshop");
        await Expect(visit.Page.Locator("[data-row]")).ToHaveCountAsync(1);
        Assert.Empty(visit.Complaints);
    }

    /// <summary>As Alloy polls.</summary>
    /// <param name="isLoaded">What became of the configuration with this hash; null: it says nothing about it.</param>
    private async Task PollAsync(string id, string host, string hash, bool? isLoaded)
    {
        var attributes = new Dictionary<string, string> { ["host.name"] = host, ["env"] = "prod", ["collector.os"] = "linux", ["collector.version"] = "v1.13.0" };
        var body = new Dictionary<string, object> { ["id"] = id, ["hash"] = hash, ["localAttributes"] = attributes };
        if (isLoaded is { } loaded)
        {
            body["remoteConfigStatus"] = new { status = loaded ? "RemoteConfigStatuses_APPLIED" : "RemoteConfigStatuses_FAILED", errorMessage = loaded ? "" : "/remote:7:1: cannot find the definition of component \"prometheus.exporter.unix\"" };
        }

        if (isLoaded == true)
        {
            var files = (await Client.GetFromJsonAsync<global::System.Text.Json.JsonElement>($"/api/v1/agents/{Uri.EscapeDataString(id)}/configuration")).GetProperty("files");
            body["effectiveConfig"] = new { configMap = new { configMap = new Dictionary<string, object> { [""] = new { body = Convert.ToBase64String(Encoding.UTF8.GetBytes(files[0].GetProperty("text").GetString()!)), contentType = "text/plain" } } } };
        }

        (await Client.PostAsJsonAsync("/collector.v1.CollectorService/GetConfig", body)).EnsureSuccessStatusCode();
    }

    private static string AlloyPipeline(string name, string more) => $$$"""
        apiVersion: gantry/v1
        kind: Pipeline
        metadata: {name: {{{name}}}}
        spec:
          type: alloy
          matchers: ['env=prod']
          contents: |
            prometheus.exporter.self "default" { }
            {{{more}}}

        """;

    private async Task SayAsync(Guid uid, string host, ulong sequence, string? hash, string? effective, RemoteConfigState state)
    {
        var message = new AgentToServer
        {
            InstanceUid = uid.ToByteArray(bigEndian: true),
            SequenceNum = sequence,
            Capabilities = AgentCapabilities.ReportsStatus | AgentCapabilities.AcceptsRemoteConfig | AgentCapabilities.ReportsRemoteConfig | AgentCapabilities.ReportsEffectiveConfig | AgentCapabilities.ReportsHealth,
            Description = new AgentDescription
            {
                Identifying = { new KeyValue("service.name", "io.opentelemetry.collector"), new KeyValue("service.version", "0.155.0") },
                NonIdentifying = { new KeyValue("host.id", host), new KeyValue("host.name", host), new KeyValue("os.type", "linux") },
            },
            Health = new ComponentHealth
            {
                Healthy = true, Status = "StatusOK",
                Components = { new NamedHealth { Name = "pipeline:traces", Health = new ComponentHealth { Healthy = true, Status = "StatusOK", Components = { new NamedHealth { Name = "exporter:debug", Health = new ComponentHealth { Healthy = host != "edge-6", Status = "StatusRecoverableError", LastError = host == "edge-6" ? "sending queue is full" : "" } } } } } },
            },
        };
        if (hash is not null)
        {
            message.RemoteConfigStatus = new RemoteConfigStatus { LastHash = Convert.FromHexString(hash), State = state, ErrorMessage = state == RemoteConfigState.Failed ? "cannot start pipelines: listen tcp: address already in use" : "" };
        }

        if (effective is not null && state == RemoteConfigState.Applied)
        {
            message.EffectiveConfig = new EffectiveConfig();
            message.EffectiveConfig.Map.Entries.Add(new NamedConfig { Name = "", Config = new AgentConfigObject { Body = Encoding.UTF8.GetBytes(effective), ContentType = "text/yaml" } });
        }

        using var content = new ByteArrayContent(message.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        (await Client.PostAsync("/v1/opamp", content)).EnsureSuccessStatusCode();
    }

    private static string Pipeline(string name) => $$$"""
        apiVersion: gantry/v1
        kind: Pipeline
        metadata: {name: {{{name}}}}
        spec:
          type: otelcol
          matchers: ['collector.os=linux']
          contents: |
            receivers:
              otlp:
                protocols: {http: {endpoint: "localhost:4318"}}
            processors:
              batch: {timeout: 5s}
            exporters:
              debug:
            service:
              pipelines:
                traces: {receivers: [otlp], processors: [batch], exporters: [debug]}

        """;
}
