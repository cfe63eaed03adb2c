using System.Net;
using Gantry.Hub.Methods;
using Gantry.Protocol.Inventory;

namespace Gantry.Hub.Tests.Methods;

public class MethodTests
{
    private static readonly Guid Agent = Guid.CreateVersion7();

    private static ProcessFact Dotnet(uint pid, string name)
    {
        var process = Reports.Process(pid, name, 8080, language: "dotnet");
        (process.RuntimeVersion, process.HasDiagnosticPort, process.Libc, process.Unit) = ("10.0.1", true, "glibc", "shop.service");
        return process;
    }

    [Theory]
    [InlineData("payments.dll")]
    [InlineData("42")]
    [InlineData("web-1/42")]
    [InlineData("h1/42")]
    public async Task A_service_and_its_process_are_advised_by_what_the_agent_saw(string of)
    {
        await using var hub = await HubFixture.StartAsync();
        var other = Dotnet(43, "other.dll");
        other.OtherAgents.Add(new OtherAgent { Name = "Datadog", Rule = "its library is mapped", StopsInjection = true });
        await hub.SayAsync(Reports.Agent(Agent, 1, Dotnet(42, "payments.dll"), other));

        var row = Assert.Single(await hub.GetAsync<MethodRow[]>($"method?of={Uri.EscapeDataString(of)}"));

        Assert.Equal("payments.dll (pid 42 on web-1)", row.Of);
        Assert.Equal(("dotnet", "10.0.1", "vm"), (row.Language, row.RuntimeVersion, row.Platform));
        Assert.Equal([(2, "dotnet-attach", "none"), (3, "injector-pkg", "process")], row.Rungs.Select(rung => (rung.Rung, rung.Applicable[0].Method, rung.Applicable[0].Restart)));
        Assert.NotEmpty(row.Sources);
    }

    [Fact]
    public async Task What_does_not_apply_says_why()
    {
        await using var hub = await HubFixture.StartAsync();
        var process = Dotnet(42, "payments.dll");
        (process.ContainerId, process.PodUid, process.HasDiagnosticPort) = ("c0ffee", "", false);
        await hub.SayAsync(Reports.Agent(Agent, 1, process));

        var row = Assert.Single(await hub.GetAsync<MethodRow[]>("method?of=42"));

        Assert.Equal(InstrumentationReasons.Container, row.Rungs[1].Refused.Single(refusal => refusal.Method == "injector-pkg").Reason);
        Assert.Equal(InstrumentationReasons.Host, row.Rungs[0].Refused.Single(refusal => refusal.Method == "dotnet-attach").Reason);
    }

    [Fact]
    public async Task A_pod_is_on_kubernetes_and_another_platform_can_be_asked_for()
    {
        await using var hub = await HubFixture.StartAsync();
        var process = Reports.Process(42, "cart.js", 80);
        (process.ContainerId, process.PodUid, process.RuntimeVersion) = ("c0ffee", "1-2-3", "20.20.2");
        await hub.SayAsync(Reports.Agent(Agent, 1, process));

        Assert.Equal("operator", Assert.Single(await hub.GetAsync<MethodRow[]>("method?of=cart.js")).Rungs[1].Applicable[0].Method);
        Assert.Equal("taskdef-init", Assert.Single(await hub.GetAsync<MethodRow[]>("method?of=cart.js&platform=fargate")).Rungs[1].Applicable[0].Method);
    }

    [Fact]
    public async Task A_service_without_a_process_is_advised_by_its_telemetry()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.ReportAsync(Reports.Batch(1, full: true).With(Reports.Service(1, "cart"), Reports.Source(1, hub.Now, ("telemetry.sdk.language", "go")), Reports.Red(1, 1, hub.Now)));

        var row = Assert.Single(await hub.GetAsync<MethodRow[]>("method?of=cart"));

        Assert.Equal(("cart (no process of it is known)", "go"), (row.Of, row.Language));
    }

    [Theory]
    [InlineData("method?of=nobody", HttpStatusCode.NotFound)]
    [InlineData("method?of=nobody/7", HttpStatusCode.NotFound)]
    [InlineData("method?of=nobody&platform=moon", HttpStatusCode.BadRequest)]
    [InlineData("method", HttpStatusCode.BadRequest)]
    public async Task What_is_not_there_is_said(string path, HttpStatusCode status)
    {
        await using var hub = await HubFixture.StartAsync();

        using var response = await hub.Client.GetAsync($"/api/v1/{path}");

        Assert.Equal(status, response.StatusCode);
    }
}
