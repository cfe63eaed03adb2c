using Gantry.Hub.Coverage;
using Gantry.Protocol.Inventory;

namespace Gantry.Hub.Tests.Coverage;

/// <summary>A process and the service that it emits are one row (docs/adr/0003).</summary>
public class MatchingTests
{
    private static readonly Guid Agent = Guid.CreateVersion7();

    [Fact]
    public async Task A_listening_process_that_sends_nothing_is_dark_with_its_language()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.SayAsync(Reports.Agent(Agent, 1, Reports.Process(10, "cart.js", 8080), Reports.Process(11, "idle.js")));

        var row = Assert.Single(await hub.GetAsync<ServiceRow[]>("services"));

        Assert.True(row.Dark);
        Assert.Equal(("cart.js", 0, "nodejs", "test"), (row.Name, row.Rung, row.Language, row.LanguageRule));
        Assert.Equal("127.0.0.1:8080", Assert.Single(Assert.Single(row.Processes).Listening));
        Assert.StartsWith("gantry instrument ", row.Next!.Command, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("host.id", "h1", "10", "same host and pid")]
    [InlineData("host.name", "web-1", "10", "same host and pid")]
    [InlineData("host.name", "web-1", "", "service name in the process's environment")]
    [InlineData("", "", "", "service name in the process's environment")]
    public async Task The_process_that_sends_and_its_service_are_one_row(string hostKey, string host, string pid, string rule)
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.SayAsync(Reports.Agent(Agent, 1, Reports.Process(10, "cart.js", 8080, declared: "cart")));
        await hub.ReportAsync(Reports.Batch(1, full: true).With(
            Reports.Service(1, "cart"), Reports.Source(1, hub.Now, (hostKey, host), ("process.pid", pid)), Reports.Red(1, 1, hub.Now)));

        var row = Assert.Single(await hub.GetAsync<ServiceRow[]>("services"));

        Assert.Equal(("cart", false, 2, rule), (row.Name, row.Dark, row.Rung, row.MatchedBy));
        Assert.Equal(10u, Assert.Single(row.Processes).Pid);
    }

    [Fact]
    public async Task Inside_a_container_the_pid_is_the_containers_own()
    {
        await using var hub = await HubFixture.StartAsync();
        ProcessFact one = Reports.Process(500, "a.js", 80), two = Reports.Process(501, "b.js", 81);
        (one.ContainerId, one.ContainerPid, two.ContainerId, two.ContainerPid) = ("c1", 1, "c1", 7);
        await hub.SayAsync(Reports.Agent(Agent, 1, one, two));
        await hub.ReportAsync(Reports.Batch(1, full: true).With(
            Reports.Service(1, "b"), Reports.Source(1, hub.Now, ("container.id", "c1"), ("process.pid", "7")), Reports.Red(1, 1, hub.Now)));

        var rows = (await hub.GetAsync<ServiceRow[]>("services")).ToDictionary(row => row.Name);

        Assert.Equal(501u, Assert.Single(rows["b"].Processes).Pid);
        Assert.True(rows["a.js"].Dark);
    }

    [Fact]
    public async Task A_pid_that_was_handed_out_again_does_not_match_older_telemetry()
    {
        await using var hub = await HubFixture.StartAsync();
        var before = hub.Now;
        await hub.ReportAsync(Reports.Batch(1, full: true).With(
            Reports.Service(1, "old"), Reports.Source(1, before, ("host.id", "h1"), ("process.pid", "10")), Reports.Red(1, 1, before)));
        hub.Time.Advance(TimeSpan.FromMinutes(1));
        await hub.SayAsync(Reports.Agent(Agent, 1, Reports.Process(10, "new.js", 8080, started: hub.Now)));

        var rows = (await hub.GetAsync<ServiceRow[]>("services")).ToDictionary(row => row.Name);

        Assert.Empty(rows["old"].Processes);
        Assert.True(rows["new.js"].Dark);
    }

    [Fact]
    public async Task A_list_of_processes_from_a_silent_agent_is_not_believed()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.SayAsync(Reports.Agent(Agent, 1, Reports.Process(10, "cart.js", 8080)));
        Assert.Single(await hub.GetAsync<ServiceRow[]>("services"));

        hub.Time.Advance(TimeSpan.FromMinutes(6));

        Assert.Empty(await hub.GetAsync<ServiceRow[]>("services"));
    }

    [Theory]
    [InlineData("container.id", "elsewhere", 0, "")]
    [InlineData("", "", 1, "")]
    [InlineData("", "", 0, "c1")]
    public async Task A_pid_of_a_container_is_none_of_the_host(string key, string container, int containerPid, string containerId)
    {
        await using var hub = await HubFixture.StartAsync();
        var process = Reports.Process(10, "cart.js", 8080);
        (process.ContainerPid, process.ContainerId) = ((uint)containerPid, containerId);
        await hub.SayAsync(Reports.Agent(Agent, 1, process));
        await hub.ReportAsync(Reports.Batch(1, full: true).With(
            Reports.Service(1, "cart"), Reports.Source(1, hub.Now, ("host.id", "h1"), ("process.pid", "10"), (key, container)), Reports.Red(1, 1, hub.Now)));

        Assert.Empty((await hub.GetAsync<ServiceRow>("services/cart")).Processes);
    }

    [Fact]
    public async Task A_process_whose_container_is_unknown_is_still_known_by_its_declared_name()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.SayAsync(Reports.Agent(Agent, 1, Reports.Process(10, "other.js", 8080), Reports.Process(11, "cart.js", 8081, declared: "cart")));
        await hub.ReportAsync(Reports.Batch(1, full: true).With(
            Reports.Service(1, "cart"), Reports.Source(1, hub.Now, ("host.id", "h1"), ("process.pid", "10"), ("container.id", "c9")), Reports.Red(1, 1, hub.Now)));

        Assert.Equal(11u, Assert.Single((await hub.GetAsync<ServiceRow>("services/cart")).Processes).Pid);
    }

    [Theory]
    [InlineData("", "", "")]
    [InlineData("host.id", "h1", "h1")]
    [InlineData("host.id", "h2", "h2")]
    [InlineData("host.id", "h3", "")]
    public async Task Of_two_hosts_with_one_name_only_the_id_tells_which(string key, string id, string matched)
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.SayAsync(Reports.AgentOn("h1", "same", Agent, 1, Reports.Process(10, "cart.js", 8080)));
        await hub.SayAsync(Reports.AgentOn("h2", "same", Guid.CreateVersion7(), 1, Reports.Process(10, "cart.js", 8080)));
        await hub.ReportAsync(Reports.Batch(1, full: true).With(
            Reports.Service(1, "cart"), Reports.Source(1, hub.Now, ("host.name", "same"), ("process.pid", "10"), (key, id)), Reports.Red(1, 1, hub.Now)));

        Assert.Equal(matched, string.Concat((await hub.GetAsync<ServiceRow>("services/cart")).Processes.Select(process => process.HostId)));
    }
}
