using System.Net;
using System.Net.Http.Json;
using System.Text;
using Gantry.Estate.Instrumentation;
using Gantry.Estate.Methods;
using Gantry.Hub.Coverage;
using Gantry.Hub.Estate;
using Gantry.Hub.Instrument;
using Gantry.Hub.Tests.Pipelines;
using Gantry.Protocol.Inventory;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;

namespace Gantry.Hub.Tests.Instrument;

/// <summary>From a document to the preview, to what the agent is given, to the state of each process.</summary>
public class PlanPreviewTests
{
    private const string Host = "host-1";

    private readonly Guid _uid = Guid.CreateVersion7();
    private ulong _sequence;

    [Fact]
    public async Task A_preview_names_exactly_the_processes_that_a_document_reaches_and_what_would_restart()
    {
        await using var hub = await HubFixture.StartAsync();
        await SayAsync(hub, DotNet(10, "payments.dll"), DotNet(11, "admin.dll"), Node(12, "cart.js"), new ProcessFact { Pid = 13, Language = "go", Executable = "/usr/bin/gw", DisplayName = "gw", Libc = "glibc" });

        var preview = await PreviewAsync(hub, Document("- {name: admin, action: block, match: {script: admin.dll}}\n  - {name: rest, action: allow, match: {language: [dotnet, nodejs, go]}}"));
        var before = await hub.GetAsync<List<ResourceRow>>("resources/instrumentations");

        Assert.Equal((1, 0, 0), (preview.Agents, preview.Silent, preview.Unmatched));
        var pay = Row(preview, 10);
        Assert.Equal(("begins", "shop/rest", "dotnet-attach", false, "payments.dll"), (pay.Change, pay.Rule, pay.Method, pay.Restart, pay.Service));
        Assert.Equal(("left", "shop/admin", "", "block"), (Row(preview, 11).Change, Row(preview, 11).Rule, Row(preview, 11).Method, Row(preview, 11).Action));
        var cart = Row(preview, 12);
        Assert.Equal(("begins", true), (cart.Change, cart.Restart));
        Assert.Contains(cart.Method, AgentMethods.All);
        Assert.Equal(preview.Processes.Count(row => row.Restart), preview.Restarts);
        // Nothing was written.
        Assert.Empty(before);
    }

    [Fact]
    public async Task What_is_previewed_is_what_the_agent_is_given_and_a_second_preview_says_that_it_stays()
    {
        await using var hub = await HubFixture.StartAsync();
        await SayAsync(hub, DotNet(10, "payments.dll"), Node(12, "cart.js"));
        var document = Document("- {name: pay, action: allow, match: {script: payments.dll}, service: payments}");
        var first = await PreviewAsync(hub, document);

        await ApplyAsync(hub, document);
        var config = await Testing.Eventually.Get("a plan", async () => (await hub.SayAsync(Beat())).RemoteConfig);
        var plan = InstrumentationPlanJson.TryRead(config.Map.Entries.Single(entry => entry.Name == InstrumentationPlanJson.FileName).Config.Body, out _)!;
        var second = await PreviewAsync(hub, document);
        var renamed = await PreviewAsync(hub, document.Replace("service: payments", "service: pay", StringComparison.Ordinal));
        var without = await PreviewAsync(hub, document.Replace("allow", "block", StringComparison.Ordinal).Replace(", service: payments", "", StringComparison.Ordinal));

        Assert.Equal("begins", Row(first, 10).Change);
        Assert.Equal(1, first.Unmatched);
        Assert.Equal("shop/pay", plan.RuleFor(DotNet(10, "payments.dll"))!.Name);
        Assert.Null(plan.RuleFor(Node(12, "cart.js")));
        Assert.Equal("stays", Row(second, 10).Change);
        Assert.Equal("changes", Row(renamed, 10).Change);
        Assert.Equal("ends", Row(without, 10).Change);
    }

    [Fact]
    public async Task What_an_agent_tells_of_its_host_decides_a_preview_for_explicit_methods_too()
    {
        await using var hub = await HubFixture.StartAsync();
        var go = new ProcessFact { Pid = 13, Language = "go", RuntimeVersion = "1.25", Executable = "/usr/bin/gw", DisplayName = "gw", Libc = "glibc" };
        await SayAsync(hub, inventory =>
        {
            inventory.MethodLimits.Add(new MethodLimit { Method = "dotnet-attach", Reason = InstrumentationReasons.Guard, Message = "the guard file" });
            inventory.MethodLimits.Add(new MethodLimit { Method = "injector-pkg", Reason = InstrumentationReasons.NotInstalled, Message = "no library" });
            inventory.MethodLimits.Add(new MethodLimit { Method = "obi-systemd", Reason = InstrumentationReasons.NoRule, Message = "obi: true" });
            inventory.AllowedUnits.Add("shop-*.service");
        }, DotNet(10, "payments.dll"), Node(12, "cart.js"), go);

        var asked = await PreviewAsync(hub, Document("- {name: pay, action: allow, match: {language: dotnet}, method: dotnet-attach}"));
        var auto = await PreviewAsync(hub, Document("- {name: all, action: allow}"));
        var withObi = await PreviewAsync(hub, Document("- {name: all, action: allow}") + "  obi: true\n");

        Assert.Equal(("left", "", "the guard file"), (Row(asked, 10).Change, Row(asked, 10).Method, Row(asked, 10).Message));
        var unit = await PreviewAsync(hub, Document("- {name: all, action: allow, method: unit-environment}"));
        Assert.Contains("allow unit cart.service", Row(unit, 12).Message, StringComparison.Ordinal);
        Assert.Contains("obi: true", Row(auto, 13).Message, StringComparison.Ordinal);
        // The draft itself would run OBI.
        Assert.Equal(("begins", "obi-systemd", false), (Row(withObi, 13).Change, Row(withObi, 13).Method, Row(withObi, 13).Restart));
    }

    [Fact]
    public async Task Another_environment_is_another_start_for_what_is_instrumented_by_one()
    {
        await using var hub = await HubFixture.StartAsync();
        await SayAsync(hub, DotNet(10, "payments.dll"), Node(12, "cart.js"));
        var document = Document("- {name: all, action: allow}");
        await ApplyAsync(hub, document);

        var preview = await PreviewAsync(hub, document + "  environment: {OTEL_METRIC_EXPORT_INTERVAL: \"5000\"}\n");

        Assert.Equal(("stays", "changes", true), (Row(preview, 10).Change, Row(preview, 12).Change, Row(preview, 12).Restart));
        Assert.Equal((1, 1, 1), (preview.Of("stays"), preview.Of("changes"), preview.Restarts));
    }

    [Fact]
    public async Task A_document_of_another_kind_or_one_that_is_wrong_is_told_with_its_place()
    {
        await using var hub = await HubFixture.StartAsync();

        var other = await PreviewAsync(hub, Documents.Destination("x"));
        var wrong = await PreviewAsync(hub, Document("- {name: pay, action: perhaps}"));

        Assert.Equal(("kind", "Destination"), (Assert.Single(other.Problems).Field, other.Problems[0].Value));
        Assert.Equal(("shop.yaml", 7, "spec.rules[0].action"), (wrong.Problems[0].File, wrong.Problems[0].Line, wrong.Problems[0].Field));
    }

    [Fact]
    public async Task Telemetry_lifts_a_loaded_process_to_healthy_and_two_senders_are_a_conflict()
    {
        await using var hub = await HubFixture.StartAsync();
        var loaded = DotNet(10, "payments.dll");
        loaded.Instrumentation = new InstrumentationStatus { State = InstrumentationState.Loaded, Method = "dotnet-attach", Rule = "shop/pay", SinceUnixNano = hub.Now };
        var pending = Node(12, "cart.js");
        pending.Instrumentation = new InstrumentationStatus { State = InstrumentationState.RestartPending, Method = "injector-pkg", Rule = "shop/cart", SinceUnixNano = hub.Now };
        await SayAsync(hub, loaded, pending);
        Assert.Equal("loaded", (await OneAsync(hub, 10)).State);

        await hub.ReportAsync(Reports.Batch(full: true).With(
            Reports.Service(1, "payments"), Reports.Source(1, hub.Now, ("host.id", Host), ("process.pid", "10"), ("telemetry.distro.name", "gantry-attach")), Reports.Red(1, 5, hub.Now),
            Reports.Service(2, "cart"), Reports.Source(2, hub.Now, ("host.id", Host), ("process.pid", "12"), ("telemetry.sdk.name", "opentelemetry")), Reports.Red(2, 5, hub.Now)));
        hub.Time.Advance(TimeSpan.FromSeconds(1));
        var healthy = await OneAsync(hub, 10);

        Assert.Equal(("healthy", "payments"), (healthy.State, Assert.Single(healthy.Services)));
        Assert.Contains("gantry-attach sends for it as payments", healthy.Evidence, StringComparison.Ordinal);
        // What waits for a restart goes on waiting, whatever it sent before.
        Assert.Equal("restart pending", (await OneAsync(hub, 12)).State);

        await hub.ReportAsync(Reports.Batch(2).With(
            Reports.Service(3, "payments-sdk"), Reports.Source(3, hub.Now, ("host.id", Host), ("process.pid", "10"), ("telemetry.distro.name", "opentelemetry-dotnet-instrumentation"))));
        hub.Time.Advance(TimeSpan.FromSeconds(1));
        var conflict = await OneAsync(hub, 10);

        Assert.Equal("conflicting", conflict.State);
        Assert.Contains("gantry-attach and opentelemetry-dotnet-instrumentation", conflict.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_waits_for_telemetry_is_told_of_which_processes_it_came_also_after_it_forgot()
    {
        await using var hub = await HubFixture.StartAsync();
        var pending = Node(12, "cart.js");
        pending.Instrumentation = new InstrumentationStatus { State = InstrumentationState.Loaded, Method = "unit-environment", Rule = "shop/cart" };
        await SayAsync(hub, pending, Node(13, "other.js"));
        await hub.ReportAsync(Reports.Batch(full: true).With(
            Reports.Service(2, "cart"), Reports.Source(2, hub.Now, ("host.id", Host), ("process.pid", "12"), ("telemetry.sdk.name", "opentelemetry")), Reports.Red(2, 5, hub.Now)));

        var first = await ObservedAsync(hub);
        var again = await ObservedAsync(hub);

        Assert.Equal((12u, 12ul), (Assert.Single(first.Processes).Pid, first.Processes[0].StartUnixNano));
        Assert.Equal(12u, Assert.Single(again.Processes).Pid);
    }

    /// <summary>The hub tells every two seconds what is new, and every half minute what is not.</summary>
    private async Task<ObservedProcesses> ObservedAsync(HubFixture hub) => await Testing.Eventually.Get("the hub's word", async () =>
    {
        hub.Time.Advance(TimeSpan.FromSeconds(2));
        return (await hub.SayAsync(Beat())).CustomMessage is { Type: ObservedProcesses.MessageType } told ? WireMessage.TryRead<ObservedProcesses>(told.Data, out _) : null;
    });

    private static ProcessFact DotNet(uint pid, string script) => new()
    {
        Pid = pid, StartUnixNano = pid, Executable = "/usr/bin/dotnet", DisplayName = script, Script = script, Language = "dotnet", RuntimeVersion = "10.0.1", Libc = "glibc", HasDiagnosticPort = true, Owner = "shop",
    };

    private static ProcessFact Node(uint pid, string script) => new()
    {
        Pid = pid, StartUnixNano = pid, Executable = "/usr/bin/node", DisplayName = script, Script = script, Language = "nodejs", RuntimeVersion = "20.20.2", Libc = "glibc", Owner = "shop", Unit = "cart.service",
    };

    private static string Document(string rules) => Documents.Head("Instrumentation", "shop") + $"  matchers: [collector.type=gantry]\n  rules:\n  {rules}\n";

    private static PreviewRow Row(PlanPreview preview, uint pid) => Assert.Single(preview.Processes, row => row.Pid == pid);

    private static async Task<PlanPreview> PreviewAsync(HubFixture hub, string document)
    {
        using var response = await hub.Client.PostAsync("/api/v1/instrumentations/preview?file=shop.yaml", new StringContent(document, Encoding.UTF8, "application/yaml"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<PlanPreview>())!;
    }

    private static async Task ApplyAsync(HubFixture hub, string document)
    {
        using var response = await hub.Client.PostAsJsonAsync("/api/v1/apply", new ApplyRequest([new DocumentFile("shop.yaml", document)]));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private static async Task<ProcessRow> OneAsync(HubFixture hub, uint pid) => Assert.Single(await hub.GetAsync<List<ProcessRow>>("processes"), row => row.Pid == pid);

    private Task SayAsync(HubFixture hub, params ProcessFact[] processes) => SayAsync(hub, _ => { }, processes);

    private async Task SayAsync(HubFixture hub, Action<ProcessInventory> more, params ProcessFact[] processes)
    {
        var message = Reports.Agent(_uid, ++_sequence);
        message.Capabilities |= AgentCapabilities.AcceptsRemoteConfig | AgentCapabilities.ReportsRemoteConfig | AgentCapabilities.ReportsEffectiveConfig;
        message.RemoteConfigStatus = new RemoteConfigStatus();
        message.CustomCapabilities = new CustomCapabilities { Names = [ProcessInventory.Capability] };
        await hub.SayAsync(message);
        var inventory = new ProcessInventory { HostId = Host, HostName = "one", ScannedUnixNano = hub.Now };
        inventory.Processes.AddRange(processes);
        more(inventory);
        var told = Beat();
        told.CustomMessage = new CustomMessage { Capability = ProcessInventory.Capability, Type = ProcessInventory.MessageType, Data = inventory.ToArray() };
        await hub.SayAsync(told);
    }

    private AgentToServer Beat() => new() { InstanceUid = _uid.ToByteArray(bigEndian: true), SequenceNum = ++_sequence };
}
