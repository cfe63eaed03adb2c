using Gantry.Agent.Host;
using Gantry.Agent.Report;
using Gantry.Agent.Tests.Support;
using Gantry.Protocol.Inventory;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Agent.Tests.Report;

/// <summary>The client over real sockets against a hub that follows a script; time is the test's.</summary>
public sealed class OpAmpClientTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly RecordedLog _log = new();
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("gantry-agent-state-");
    private readonly CancellationTokenSource _stop = new();
    private ScriptedServer _hub = null!;
    private OpAmpClient _client = null!;
    private InstanceUid _uid = null!;
    private Task _running = Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        _hub = await ScriptedServer.StartAsync();
        _uid = new InstanceUid(_state.FullName, _time, _log);
        var messages = new AgentMessages(new HostIdentity("host-1", "web-1", "amd64", "Debian", "12"), "1.2.3", _uid, 42);
        _client = new OpAmpClient(new Uri(_hub.Address), "test/1", messages, _uid, new Backoff(new Random(1)), _time, _log);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _hub.DisposeAsync();
        await Eventually.Within(_running, "the client stops");
        _stop.Dispose();
        _state.Delete(recursive: true);
    }

    [Fact]
    public async Task The_first_message_says_everything_and_starts_the_sequence()
    {
        var hub = await ConnectAsync();

        var first = await hub.MessageAsync();

        Assert.Equal(1UL, first.SequenceNum);
        Assert.Equal(_uid.Bytes, first.InstanceUid);
        Assert.Equal(AgentCapabilities.ReportsStatus | AgentCapabilities.ReportsHealth | AgentCapabilities.ReportsHeartbeat, first.Capabilities);
        Assert.Equal(["service.name=gantry-agent", "service.version=1.2.3", $"service.instance.id={_uid.Value}"], first.Description!.Identifying.Select(pair => pair.ToString()));
        Assert.Equal(("host-1", "web-1", "linux", "amd64"), (first.Description.Find("host.id"), first.Description.Find("host.name"), first.Description.Find("os.type"), first.Description.Find("host.arch")));
        Assert.Equal((true, 42UL), (first.Health!.Healthy, first.Health.StartTimeUnixNano));
        Assert.Equal([ProcessInventory.Capability], first.CustomCapabilities!.Names);
        Assert.Equal(_uid.Value.ToString(), hub.Header("OpAMP-Instance-UID"));
        Assert.Equal(7, first.InstanceUid[6] >> 4);
    }

    [Fact]
    public async Task The_inventory_follows_the_first_answer_and_each_change()
    {
        _client.Publish(new ProcessInventory { HostId = "before" });
        var hub = await ConnectAsync();
        await hub.MessageAsync();

        await hub.SendAsync(new ServerToAgent { CustomCapabilities = new CustomCapabilities { Names = [ProcessInventory.Capability] } });
        var second = await hub.MessageAsync();
        _client.Publish(new ProcessInventory { HostId = "after" });
        var third = await hub.MessageAsync();

        Assert.Equal((2UL, "before"), (second.SequenceNum, Inventory(second).HostId));
        Assert.Equal((3UL, "after"), (third.SequenceNum, Inventory(third).HostId));
        Assert.Equal(1, _log.Count("HubConnected"));
    }

    [Fact]
    public async Task A_hub_that_does_not_know_inventories_gets_none()
    {
        _client.Publish(new ProcessInventory { HostId = "x" });
        var hub = await ConnectAsync();
        await hub.MessageAsync();

        await hub.SendAsync(new ServerToAgent { CustomCapabilities = new CustomCapabilities { Names = ["com.other/1"] }, Flags = ServerToAgentFlags.ReportFullState });
        var second = await hub.MessageAsync();
        await hub.SendAsync(new ServerToAgent { Flags = ServerToAgentFlags.ReportFullState, CustomCapabilities = new CustomCapabilities { Names = ["com.other/1"] } });
        var third = await hub.MessageAsync();

        Assert.Null(second.CustomMessage);
        Assert.Null(third.CustomMessage);
    }

    [Fact]
    public async Task A_demand_for_the_full_state_is_answered_with_it()
    {
        var hub = await ConnectAsync();
        await hub.MessageAsync();

        await hub.SendAsync(new ServerToAgent { Flags = ServerToAgentFlags.ReportFullState });
        var second = await hub.MessageAsync();

        Assert.Equal(2UL, second.SequenceNum);
        Assert.NotNull(second.Description);
        Assert.NotNull(second.Health);
    }

    [Fact]
    public async Task A_heartbeat_is_due_after_thirty_quiet_seconds_and_says_nothing_new()
    {
        var hub = await ConnectAsync();
        await hub.MessageAsync();
        await hub.SendAsync(new ServerToAgent());
        await Eventually.True(() => _log.Count("HubConnected") == 1, "the answer arrives");

        _time.Advance(TimeSpan.FromSeconds(29));
        _client.Beat();
        _time.Advance(TimeSpan.FromSeconds(1));
        _client.Beat();
        var heartbeat = await hub.MessageAsync();

        Assert.Equal((2UL, AgentCapabilities.ReportsStatus | AgentCapabilities.ReportsHealth | AgentCapabilities.ReportsHeartbeat), (heartbeat.SequenceNum, heartbeat.Capabilities));
        Assert.Null(heartbeat.Description);
        Assert.Null(heartbeat.Health);
        Assert.Null(heartbeat.CustomMessage);
    }

    [Fact]
    public async Task A_cut_connection_is_made_again_and_the_sequence_goes_on()
    {
        var hub = await ConnectAsync();
        await hub.MessageAsync();
        await hub.SendAsync(new ServerToAgent());
        hub.Cut();

        var again = await ReconnectAsync();
        var first = await again.MessageAsync();

        Assert.Equal(2UL, first.SequenceNum);
        Assert.NotNull(first.Description);
        Assert.Equal(1, _log.Count("HubLost"));
    }

    [Fact]
    public async Task A_hub_that_says_unavailable_is_left_alone_as_long_as_it_asks()
    {
        var hub = await ConnectAsync();
        await hub.MessageAsync();
        await hub.SendAsync(new ServerToAgent
        {
            Error = new ServerErrorResponse { Type = ServerErrorType.Unavailable, Retry = new RetryInfo { AfterNanoseconds = 120_000_000_000 } },
        });
        Assert.Null(await hub.ReceiveAsync());
        await Eventually.True(() => Waits("00:02:00"), "the client waits two minutes");

        _time.Advance(TimeSpan.FromSeconds(119));
        Assert.Equal(1, _hub.Attempts);
        _time.Advance(TimeSpan.FromSeconds(1));

        await _hub.ConnectionAsync();
        Assert.Equal(2, _hub.Attempts);
    }

    [Fact]
    public async Task A_refused_upgrade_is_tried_again_after_its_retry_after()
    {
        _hub.Refusal = (503, "45");
        _running = _client.RunAsync(_stop.Token);
        await Eventually.True(() => Waits("00:00:45"), "the client waits 45 s");
        _hub.Refusal = null;

        _time.Advance(TimeSpan.FromSeconds(45));

        Assert.Equal(1UL, (await (await _hub.ConnectionAsync()).MessageAsync()).SequenceNum);
    }

    [Fact]
    public async Task A_new_instance_uid_is_used_and_kept()
    {
        var hub = await ConnectAsync();
        await hub.MessageAsync();
        var given = Guid.CreateVersion7();

        await hub.SendAsync(new ServerToAgent { Identification = new AgentIdentification { NewInstanceUid = given.ToByteArray(bigEndian: true) } });
        var second = await hub.MessageAsync();

        Assert.Equal(given.ToByteArray(bigEndian: true), second.InstanceUid);
        Assert.Equal(given.ToString(), second.Description!.Find("service.instance.id"));
        Assert.Equal(given, new InstanceUid(_state.FullName, _time, _log).Value);
    }

    [Fact]
    public async Task A_stop_says_goodbye_and_closes()
    {
        var hub = await ConnectAsync();
        await hub.MessageAsync();
        await hub.SendAsync(new ServerToAgent());

        await _stop.CancelAsync();

        var last = await hub.MessageAsync();
        Assert.NotNull(last.Disconnect);
        Assert.Equal(2UL, last.SequenceNum);
        Assert.Null(await hub.ReceiveAsync());
        await Eventually.Within(_running, "the client stops");
    }

    [Fact]
    public async Task A_hub_that_never_answers_is_given_up()
    {
        var hub = await ConnectAsync();
        await hub.MessageAsync();

        _time.Advance(TimeSpan.FromSeconds(90));
        _client.Beat();

        await Eventually.True(() => _log.Count("HubRetry") == 1, "the client gives up the silent connection");
        Assert.Contains(_log.Entries, entry => entry.Text.Contains("unanswered", StringComparison.Ordinal));
        hub.Cut();
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 3 })]
    [InlineData(new byte[] { 0, 0xff, 0xff })]
    public async Task Bytes_that_are_no_opamp_cost_the_connection_only(byte[] garbage)
    {
        var hub = await ConnectAsync();
        await hub.MessageAsync();

        await hub.SendRawAsync(garbage);
        Assert.Null(await hub.ReceiveAsync());

        Assert.Equal(2UL, (await (await ReconnectAsync()).MessageAsync()).SequenceNum);
    }

    [Fact]
    public async Task A_message_over_the_limit_costs_the_connection_only()
    {
        var hub = await ConnectAsync();
        await hub.MessageAsync();

        var sending = hub.SendRawAsync(new byte[(4 * 1024 * 1024) + 10]);

        Assert.NotNull(await (await ReconnectAsync()).MessageAsync());
        hub.Cut();
        await Eventually.True(() => sending.IsCompleted, "the send ends");
        _ = sending.Exception;
    }

    private async Task<HubConnection> ConnectAsync()
    {
        _running = _client.RunAsync(_stop.Token);
        return await _hub.ConnectionAsync();
    }

    /// <summary>Lets time pass until the back-off is over, and no longer: the handshake has a limit in the same time.</summary>
    private async Task<HubConnection> ReconnectAsync()
    {
        var before = _hub.Attempts;
        await Eventually.True(
            () =>
            {
                if (_hub.Attempts == before)
                {
                    _time.Advance(TimeSpan.FromMilliseconds(500));
                }

                return _hub.Attempts > before;
            },
            "the agent connects again");
        return await _hub.ConnectionAsync();
    }

    private bool Waits(string wait) => _log.Entries.Any(entry => entry.Event == "HubRetry" && entry.Text.Contains(wait, StringComparison.Ordinal));

    private static ProcessInventory Inventory(AgentToServer message)
    {
        Assert.Equal((ProcessInventory.Capability, ProcessInventory.MessageType), (message.CustomMessage!.Capability, message.CustomMessage.Type));
        return Assert.IsType<ProcessInventory>(WireMessage.TryRead<ProcessInventory>(message.CustomMessage.Data, out _));
    }
}
