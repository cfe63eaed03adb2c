using Gantry.Protocol.Inventory;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Gantry.Browser.Tests;

/// <summary>Pages of processes and instrumentations in a real browser, in front of a real hub: they fit, nothing complains, and a person can go from a process to its instrumentation.</summary>
public sealed class ProcessLookTests : HubInBrowser
{
    [Fact]
    public async Task Pages_fit_and_do_not_complain()
    {
        foreach (var (name, path) in ((string, string)[])[("processes", "/processes"), ("processes-none", "/processes?show=conflicting"), ("process", await PathAsync("payments.dll")), ("process-blocked", await PathAsync("orders")), ("instrumentation-new", "/instrumentations/_new")])
        {
            await Look.FitsAsync((width, scheme) => VisitAsync(path, width, scheme), name, name == "processes" ? [1440, 800, 390] : null);
        }
    }

    [Fact]
    public async Task From_a_process_to_its_instrumentation_nothing_is_written_before_it_was_seen()
    {
        await using var visit = await VisitAsync("/processes", 1440, ColorScheme.Light);
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "payments.dll" }).ClickAsync();
        await Expect(visit.Page.GetByText("Attach to the .NET runtime").First).ToBeVisibleAsync();
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Instrument it" }).ClickAsync();

        await Expect(visit.Page.Locator("#document")).ToHaveValueAsync(new global::System.Text.RegularExpressions.Regex("script: 'payments.dll'"));
        await Expect(visit.Page.GetByText("Begins")).ToBeVisibleAsync();
        Assert.Equal("[]", await Client.GetStringAsync("/api/v1/resources/instrumentations"));

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(visit.Page).ToHaveURLAsync(new global::System.Text.RegularExpressions.Regex("/instrumentations/payments$"));
        Assert.Contains("payments.dll", await Client.GetStringAsync("/api/v1/resources/instrumentations"), StringComparison.Ordinal);
        Assert.Empty(visit.Complaints);
    }

    private async Task<string> PathAsync(string name)
    {
        using var rows = global::System.Text.Json.JsonDocument.Parse(await Client.GetStringAsync("/api/v1/processes"));
        return "/processes/" + rows.RootElement.EnumerateArray().First(row => row.GetProperty("name").GetString() == name).GetProperty("id").GetString();
    }

    protected override async Task TellAsync()
    {
        var uid = Guid.CreateVersion7();
        var now = (ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1_000_000;
        var inventory = new ProcessInventory { HostId = "h1", HostName = "app-01.fra.shop.example", ScannedUnixNano = now };
        inventory.Processes.Add(Process(10, "payments.dll", "dotnet", "10.0.1", InstrumentationState.Detected, "", "dotnet-attach", now));
        inventory.Processes.Add(Process(11, "storefront.js", "nodejs", "20.20.2", InstrumentationState.RestartPending, "it started before its files were written; restart storefront.service", "injector-pkg", now));
        var blocked = Process(12, "orders", "java", "17.0.15", InstrumentationState.Blocked, "Datadog is in it already, and a second agent would fight with it; take the first one out, or leave it and send its telemetry here.", "", now);
        blocked.OtherAgents.Add(new OtherAgent { Name = "Datadog", Rule = "-javaagent:dd-java-agent.jar is in its command line", StopsInjection = true });
        inventory.Processes.Add(blocked);
        inventory.Processes.Add(Process(13, "gateway", "go", "1.25", InstrumentationState.Eligible, "no rule matches it", "obi-systemd", now));
        var message = new AgentToServer
        {
            InstanceUid = uid.ToByteArray(bigEndian: true),
            SequenceNum = 1,
            Capabilities = AgentCapabilities.ReportsStatus | AgentCapabilities.AcceptsRemoteConfig | AgentCapabilities.ReportsRemoteConfig,
            Description = new AgentDescription { Identifying = { new KeyValue("service.name", "gantry-agent") }, NonIdentifying = { new KeyValue("host.id", "h1"), new KeyValue("host.name", "app-01.fra.shop.example") } },
            CustomMessage = new CustomMessage { Capability = ProcessInventory.Capability, Type = ProcessInventory.MessageType, Data = inventory.ToArray() },
        };
        using var body = new ByteArrayContent(message.ToArray()) { Headers = { { "Content-Type", "application/x-protobuf" } } };
        (await Client.PostAsync("/v1/opamp", body)).EnsureSuccessStatusCode();
    }

    private static ProcessFact Process(uint pid, string name, string language, string version, InstrumentationState state, string message, string method, ulong now)
    {
        var fact = new ProcessFact
        {
            Pid = pid, StartUnixNano = now - 3_600_000_000_000, Executable = "/usr/bin/" + language, DisplayName = name, Script = name, Language = language, LanguageRule = "its runtime is mapped", RuntimeVersion = version,
            Libc = "glibc", Owner = "shop", HasDiagnosticPort = language == "dotnet", Unit = name.Split('.')[0] + ".service",
            Instrumentation = new InstrumentationStatus { State = state, Message = message, Method = method, SinceUnixNano = now, Rule = state == InstrumentationState.RestartPending ? "shop/node" : "" },
        };
        fact.Listening.Add(new ListeningSocket { Address = "::", Port = 5000 + pid });
        return fact;
    }
}
