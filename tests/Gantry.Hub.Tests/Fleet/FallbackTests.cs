using System.Text;
using Gantry.Hub.Coverage;
using Gantry.Hub.Tests.FleetManagement;
using Gantry.Protocol.OpAmp;

namespace Gantry.Hub.Tests.Fleet;

/// <summary>Who is on fallback, by the messages of agents themselves: docs/opamp.md has the definition.</summary>
public class FallbackTests
{
    private const string First = "receivers:\n  otlp:\nprocessors:\n  batch:\n    timeout: 1s\n";
    private const string Second = "receivers:\n  otlp:\nprocessors:\n  batch:\n    timeout: 2s\n";
    private const string Own = "receivers:\n  nop:\n";

    [Fact]
    public async Task An_agent_that_refuses_and_shows_the_one_before_runs_its_last_one()
    {
        var assignments = new SetAssignments();
        await using var hub = await HubFixture.StartAsync(null, null, assignments);
        var uid = Guid.CreateVersion7();
        var first = assignments.Set("Collector", First);
        await SayAsync(hub, uid, 1, first, RemoteConfigState.Applied, First);
        Assert.Equal("", (await RowAsync(hub, uid)).Fallback);
        var second = assignments.Set("Collector", Second);
        await SayAsync(hub, uid, 2, second, RemoteConfigState.Applying, null);
        // On its way: it runs the one before, and that is no fallback.
        Assert.Equal(("applying", ""), Standing(await RowAsync(hub, uid)));

        await SayAsync(hub, uid, 3, second, RemoteConfigState.Failed, First);

        Assert.Equal(("failed", "last"), Standing(await RowAsync(hub, uid)));
        Assert.Equal([uid.ToString()], (await hub.GetAsync<AgentRow[]>("agents?state=on-fallback")).Select(row => row.Id));
        // What it runs after all is what it should: the word FAILED alone makes no fallback.
        await SayAsync(hub, uid, 4, second, RemoteConfigState.Failed, Second);
        Assert.Equal(("failed", ""), Standing(await RowAsync(hub, uid)));
    }

    [Fact]
    public async Task An_agent_that_went_back_by_itself_runs_its_last_one_also_without_showing_it()
    {
        var assignments = new SetAssignments();
        await using var hub = await HubFixture.StartAsync(null, null, assignments);
        var uid = Guid.CreateVersion7();
        var first = assignments.Set("Collector", First);
        await SayAsync(hub, uid, 1, first, RemoteConfigState.Applied, null);
        var second = assignments.Set("Collector", Second);
        await SayAsync(hub, uid, 2, second, RemoteConfigState.Applying, null);

        await SayAsync(hub, uid, 3, first, RemoteConfigState.Applied, null);

        Assert.Equal(("rolled-back", "last"), Standing(await RowAsync(hub, uid)));
    }

    [Fact]
    public async Task A_new_agent_with_a_file_of_its_own_is_on_fallback_when_it_does_not_leave_it_within_the_deadline()
    {
        var assignments = new SetAssignments();
        await using var hub = await HubFixture.StartAsync(null, null, assignments);
        assignments.Set("Collector", First);
        var (silent, blank) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await SayAsync(hub, silent, 1, null, RemoteConfigState.Unset, Own);
        await SayAsync(hub, blank, 1, null, RemoteConfigState.Unset, null);
        Assert.Equal(("offered", ""), Standing(await RowAsync(hub, silent)));

        hub.Time.Advance(TimeSpan.FromMinutes(3));
        // It is offered the same again, for it says nothing; that is no new beginning.
        await SayAsync(hub, silent, 2, null, RemoteConfigState.Unset, null);
        await SayAsync(hub, blank, 2, null, RemoteConfigState.Unset, null);

        Assert.Equal(("offered", "own"), Standing(await RowAsync(hub, silent)));
        // Of one that shows nothing nobody knows what it runs.
        Assert.Equal(("offered", ""), Standing(await RowAsync(hub, blank)));
        // Nor of one that is gone.
        hub.Time.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal("", (await RowAsync(hub, silent)).Fallback);
    }

    [Fact]
    public async Task An_agent_that_refuses_its_first_one_runs_its_own_until_it_takes_another()
    {
        var assignments = new SetAssignments();
        await using var hub = await HubFixture.StartAsync(null, null, assignments);
        var uid = Guid.CreateVersion7();
        var first = assignments.Set("Collector", First);

        await SayAsync(hub, uid, 1, first, RemoteConfigState.Failed, Own);
        Assert.Equal(("failed", "own"), Standing(await RowAsync(hub, uid)));
        var second = assignments.Set("Collector", Second);
        await SayAsync(hub, uid, 2, second, RemoteConfigState.Applied, Second);

        Assert.Equal(("in-effect", ""), Standing(await RowAsync(hub, uid)));
    }

    [Fact]
    public async Task An_agent_that_is_left_alone_is_not_on_fallback_whatever_it_runs()
    {
        await using var hub = await HubFixture.StartAsync(null, null, new SetAssignments());
        var uid = Guid.CreateVersion7();
        await SayAsync(hub, uid, 1, null, RemoteConfigState.Unset, Own);

        Assert.Equal(("unmanaged", ""), Standing(await RowAsync(hub, uid)));
    }

    [Theory]
    [InlineData("1.13.0")]
    [InlineData("1.19.0")]
    public async Task An_Alloy_that_could_not_load_what_it_should_runs_its_last_one_also_after_its_restart(string version)
    {
        var assignments = new TestAssignments();
        assignments.Set("good \"a\" { }\n");
        await using var hub = await assignments.StartHubAsync();
        var alloy = new AlloyClient(hub.Client, version, "host-1") { Load = text => text.Contains("bad", StringComparison.Ordinal) ? "1:1: unrecognized component" : null };
        await alloy.StartAsync();
        Assert.Equal(("in-effect", ""), Standing(await RowAsync(hub, "host-1")));
        assignments.Set("bad \"b\" { }\n");
        await alloy.PollAsync();

        Assert.Equal(("failed", "last"), Standing(await RowAsync(hub, "host-1")));
        await alloy.StartAsync();
        Assert.Equal(("failed", "last"), Standing(await RowAsync(hub, "host-1")));
        assignments.Set("good \"c\" { }\n");
        await alloy.PollAsync();

        Assert.Equal(("in-effect", ""), Standing(await RowAsync(hub, "host-1")));
    }

    [Fact]
    public async Task An_Alloy_whose_first_configuration_is_bad_runs_nothing_and_that_is_no_fallback()
    {
        var assignments = new TestAssignments();
        assignments.Set("bad \"b\" { }\n");
        await using var hub = await assignments.StartHubAsync();
        await new AlloyClient(hub.Client, "1.13.0", "host-1") { Load = _ => "1:1: unrecognized component" }.StartAsync();

        Assert.Equal(("failed", ""), Standing(await RowAsync(hub, "host-1")));
    }

    [Fact]
    public async Task The_definition_stands_in_the_docs_and_in_the_chip()
    {
        await using var hub = await HubFixture.StartAsync();
        await SayAsync(hub, Guid.CreateVersion7(), 1, null, RemoteConfigState.Unset, null);

        Assert.Contains("## On fallback", Repository.Read("docs/opamp.md"), StringComparison.Ordinal);
        Assert.Contains("title=\"Connected, assigned a configuration", await hub.Client.GetStringAsync("/agents"), StringComparison.Ordinal);
    }

    private static (string State, string Fallback) Standing(AgentRow row) => (row.State, row.Fallback);

    private static async Task<AgentRow> RowAsync(HubFixture hub, object id)
    {
        hub.Fleet.CompareSome();
        return (await hub.GetAsync<AgentRow[]>("agents")).Single(row => row.Id == $"{id}");
    }

    private static Task SayAsync(HubFixture hub, Guid uid, ulong sequence, string? hash, RemoteConfigState state, string? effective) => hub.SayAsync(new AgentToServer
    {
        InstanceUid = uid.ToByteArray(bigEndian: true),
        SequenceNum = sequence,
        Capabilities = AgentCapabilities.ReportsStatus | AgentCapabilities.AcceptsRemoteConfig | AgentCapabilities.ReportsRemoteConfig | AgentCapabilities.ReportsEffectiveConfig,
        Description = new AgentDescription
        {
            Identifying = { new KeyValue("service.name", "io.opentelemetry.collector"), new KeyValue("service.version", "0.155.0") },
            NonIdentifying = { new KeyValue("host.name", "edge-1"), new KeyValue("os.type", "linux") },
        },
        RemoteConfigStatus = hash is null ? null : new RemoteConfigStatus { LastHash = Convert.FromHexString(hash), State = state, ErrorMessage = state == RemoteConfigState.Failed ? "no" : "" },
        EffectiveConfig = effective is null ? null : new EffectiveConfig { Map = { Entries = { new NamedConfig { Name = "", Config = new AgentConfigObject { Body = Encoding.UTF8.GetBytes(effective), ContentType = "text/yaml" } } } } },
    });
}
