using Gantry.Hub.Fleet;
using Gantry.Protocol.OpAmp;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Hub.Tests.Fleet;

/// <summary>After a crash every agent is ahead of its row. All are asked for what was missed, and never many at once.</summary>
public class AfterCrashTests
{
    private const int Agents = 1_000;

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void All_come_back_at_once_and_are_asked_for_their_state_a_few_at_a_time()
    {
        var fleet = new FleetStore(_time);
        var agents = Enumerable.Range(0, Agents).Select(_ => new Agent(fleet)).ToArray();
        foreach (var agent in agents)
        {
            agent.Restore(sequence: 10);
        }

        var asked = agents.Count(agent => agent.Say(sequence: 25, full: false));
        Assert.InRange(asked, 1, 50);
        var seconds = 0;
        for (var sequence = 26ul; Array.Exists(agents, agent => !agent.Told); sequence++, seconds += 30)
        {
            _time.Advance(TimeSpan.FromSeconds(30));
            var now = agents.Count(agent => agent.Say(sequence, full: agent.Asked));
            Assert.InRange(now, 0, 50);
        }

        // 25 a second at most, and at most 50 in a round of heartbeats.
        Assert.InRange(seconds, Agents / 25, Agents / 50 * 30 + 60);
    }

    [Fact]
    public void One_that_lost_nothing_is_not_asked()
    {
        var fleet = new FleetStore(_time);
        var agent = new Agent(fleet);
        agent.Restore(sequence: 10);

        Assert.False(agent.Say(sequence: 11, full: false));
    }

    private sealed class Agent(FleetStore fleet)
    {
        private readonly AgentConnection _connection = new Connection();
        private readonly Guid _uid = Guid.CreateVersion7();

        public bool Asked { get; private set; }

        public bool Told { get; private set; }

        public void Restore(ulong sequence)
        {
            var before = new AgentState(_uid) { SequenceNum = sequence, Capabilities = AgentCapabilities.ReportsStatus, Description = Description() };
            fleet.Restore(AgentRecord.Restore(_uid, AgentRecord.Of(before), DateTimeOffset.UnixEpoch, "websocket", fleet)!);
        }

        public bool Say(ulong sequence, bool full)
        {
            Told |= full;
            var reply = fleet.Take(
                new AgentToServer { InstanceUid = _uid.ToByteArray(bigEndian: true), SequenceNum = sequence, Capabilities = AgentCapabilities.ReportsStatus, Description = full ? Description() : null }, _connection);
            Asked = reply.Flags.HasFlag(ServerToAgentFlags.ReportFullState);
            return Asked;
        }

        private static AgentDescription Description() => new() { Identifying = { new KeyValue("service.name", "io.opentelemetry.collector") } };
    }

    private sealed class Connection() : AgentConnection("websocket")
    {
        public override bool IsWebSocket => true;
    }
}
