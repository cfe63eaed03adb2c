using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;
using static Gantry.Conformance.Probe;

namespace Gantry.Conformance.Checks;

/// <summary>R: answers, numbers, and what is kept.</summary>
internal static class StateChecks
{
    private const string Reply = "ServerToAgent Message";
    private const string Compression = "Agent Status Compression";
    private const string Capabilities = "Interoperability of Partial Implementations";

    public static IReadOnlyList<Check> All { get; } =
    [
        new("R1", Level.Must, "Operation", "Every message is answered, a bare heartbeat too", static async probe =>
        {
            var agent = Agent();
            var (peer, _) = await probe.EnterAsync(agent);
            for (var i = 0; i < 3; i++)
            {
                await peer.SayAsync(agent.Beat());
            }

            await peer.SayAsync(new AgentToServer { InstanceUid = agent.UidBytes });
        }),
        new("R2", Level.Must, "ServerToAgent.instance_uid", "The answer has the uid of the message", static async probe =>
        {
            var agent = Agent();
            var (peer, reply) = await probe.EnterAsync(agent);
            True(reply.InstanceUid.AsSpan().SequenceEqual(agent.UidBytes), "the first answer has another");
            True((await peer.SayAsync(agent.Beat())).InstanceUid.AsSpan().SequenceEqual(agent.UidBytes), "a later answer has another");
        }),
        new("R3", Level.Must, "ServerToAgent.capabilities", "The first answer has capabilities: AcceptsStatus, and no bit that is not defined", static async probe =>
        {
            var (_, reply) = await probe.EnterAsync(Agent());
            True(reply.Capabilities.HasFlag(ServerCapabilities.AcceptsStatus), $"they are {reply.Capabilities}");
            True(((ulong)reply.Capabilities & ~0x7FUL) == 0, $"they are {(ulong)reply.Capabilities:x}");
        }),
        new("R4", Level.Must, "ServerToAgent.error_response", "An error response stands alone", static async probe =>
        {
            await using var peer = await probe.ConnectAsync();
            var reply = await peer.SayAsync(new AgentToServer { InstanceUid = [1, 2, 3], SequenceNum = 1, Capabilities = TestAgent.Usual });
            Applies(reply.Error is not null, "the server takes an instance_uid of 3 bytes, so there is no error to look at");
            True(
                reply is { RemoteConfig: null, ConnectionSettings: null, PackagesAvailable: null, Flags: ServerToAgentFlags.None, Capabilities: ServerCapabilities.None, Identification: null, Command: null, CustomCapabilities: null, CustomMessage: null },
                Says(reply));
        }),
        new("R5", Level.Must, "Operation", "A message that comes twice is answered twice, and does nothing more", static async probe =>
        {
            var agent = Agent();
            await using var peer = await probe.ConnectAsync();
            var message = agent.Full();
            await peer.SayAsync(message);
            var again = await peer.SayAsync(message);
            True(again.InstanceUid.AsSpan().SequenceEqual(agent.UidBytes) && again.Flags == ServerToAgentFlags.None, Says(again));
            await probe.SilenceAsync(peer);
            True((await peer.SayAsync(agent.Beat())).Flags == ServerToAgentFlags.None, "the number after it is taken for a gap");
        }),
        new("R6", Level.Must, "AgentToServer.sequence_num", "A gap in the numbers makes the server ask for the full state", static async probe =>
        {
            var agent = Agent();
            var (peer, _) = await probe.EnterAsync(agent);
            agent.Sequence += 5;
            var reply = await peer.SayAsync(agent.Beat());
            True(reply.Flags.HasFlag(ServerToAgentFlags.ReportFullState), Says(reply));
        }),
        new("R7", Level.Interop, "", "Without a gap it does not", static async probe =>
        {
            var agent = Agent();
            var (peer, _) = await probe.EnterAsync(agent);
            for (var i = 0; i < 5; i++)
            {
                var reply = await peer.SayAsync(agent.Beat());
                True(!reply.Flags.HasFlag(ServerToAgentFlags.ReportFullState), $"message {i + 2}: {Says(reply)}");
            }
        }),
        new("R8", Level.Interop, "", "A first contact that tells everything is not asked for it; one that leaves it out is", static async probe =>
        {
            var (_, whole) = await probe.EnterAsync(Agent());
            True(!whole.Flags.HasFlag(ServerToAgentFlags.ReportFullState), "a whole first report is asked for again");
            var agent = Agent();
            agent.Sequence = 76;
            await using var peer = await probe.ConnectAsync();
            var partial = await peer.SayAsync(agent.Beat());
            True(partial.Flags.HasFlag(ServerToAgentFlags.ReportFullState), "a first report without a description is enough for it");
        }),
        new("R9", Level.Interop, "", "Numbers may begin at 0, at 1 or anywhere", static async probe =>
        {
            foreach (var start in (ulong[])[0, 1, 4_000_000_000])
            {
                var agent = Agent();
                var message = agent.Full();
                message.SequenceNum = start;
                await using var peer = await probe.ConnectAsync();
                True(!(await peer.SayAsync(message)).Flags.HasFlag(ServerToAgentFlags.ReportFullState), $"begun at {start}: asked for the full state");
                agent.Sequence = start;
                True(!(await peer.SayAsync(agent.Beat())).Flags.HasFlag(ServerToAgentFlags.ReportFullState), $"begun at {start}: the second is a gap");
            }
        }),
        new("R10", Level.Interop, "", "A client that cannot count is not asked with every message", static async probe =>
        {
            var agent = Agent();
            var (peer, _) = await probe.EnterAsync(agent);
            var asked = 0;
            for (var i = 0; i < 10; i++)
            {
                agent.Sequence += 5;
                asked += (await peer.SayAsync(agent.Beat())).Flags.HasFlag(ServerToAgentFlags.ReportFullState) ? 1 : 0;
            }

            True(asked is > 0 and < 5, $"it was asked {asked} times with 10 messages");
        }),
        new("R11", Level.Interop, "", "After a planned restart of the server nobody is asked for everything", static async probe =>
        {
            var agent = Agent();
            var (peer, _) = await probe.EnterAsync(agent);
            await peer.SayAsync(agent.Beat());
            await peer.SayAsync(agent.Beat());
            await peer.DisposeAsync();

            await probe.Control.RestartServerAsync();
            await using var again = await probe.ConnectAsync();
            var reply = await again.SayAsync(agent.Beat());
            True(!reply.Flags.HasFlag(ServerToAgentFlags.ReportFullState), Says(reply));
        }),
        new("R12", Level.Interop, "", "Another node of the server goes on with the numbers", static async probe =>
        {
            var (first, second) = await probe.Control.NodesAsync();
            var agent = Agent();
            var peer = await probe.ConnectAsync(first, "");
            await peer.SayAsync(agent.Full());
            await peer.SayAsync(agent.Beat());
            await peer.DisposeAsync();
            // Nodes write behind; a balancer that moves an agent does not wait either, but then it is asked for everything once.
            var flags = ServerToAgentFlags.ReportFullState;
            for (var i = 0; i < 40 && flags != ServerToAgentFlags.None; i++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(250), TimeProvider.System);
                await using var other = await probe.ConnectAsync(i % 2 == 0 ? second : first, "");
                flags = (await other.SayAsync(agent.Beat())).Flags;
                True(i < 39 || flags == ServerToAgentFlags.None, $"after ten seconds of moving it is still asked for everything: flags {flags}");
            }
        }),
        new("R13", Level.Must, Compression, "What a message leaves out keeps its value, each part for itself", static async probe =>
        {
            var agent = Agent(TestAgent.Managed);
            var (peer, _) = await probe.EnterAsync(agent);
            await probe.Control.LookAsync(agent.Uid);
            var sick = agent.Beat();
            sick.Health = new ComponentHealth { Healthy = false, LastError = "disk full" };
            await peer.SayAsync(sick);
            var packages = agent.Beat();
            packages.PackageStatuses = new PackageStatuses { Packages = { new MapEntry<PackageStatus>("agent", new PackageStatus { Name = "agent", HasVersion = "1" }) } };
            await peer.SayAsync(packages);
            await peer.SayAsync(agent.Status([1, 2], RemoteConfigState.Failed, "no such key"));
            await peer.SayAsync(agent.Beat());
            var seen = await probe.Control.LookAsync(agent.Uid) ?? throw new CheckFailedException("the server does not know the agent");
            True(seen.Name == "io.gantry.conformance", $"the description is gone: \"{seen.Name}\"");
            True(seen is { Healthy: false, LastError: "disk full" }, $"the health is gone: {seen.Healthy} \"{seen.LastError}\"");
            True(seen.Effective.Contains("receivers", StringComparison.Ordinal), "the effective configuration is gone");
            True(seen.ConfigMessage == "no such key", $"the configuration's status is gone: \"{seen.ConfigMessage}\"");
            True(seen.Packages.Contains("agent"), "the packages are gone");
        }),
        new("R14", Level.Interop, "", "A part that is there and empty replaces", static async probe =>
        {
            var agent = Agent();
            var (peer, _) = await probe.EnterAsync(agent);
            await probe.Control.LookAsync(agent.Uid);
            var empty = agent.Beat();
            empty.Health = new ComponentHealth();
            await peer.SayAsync(empty);
            var seen = await probe.Control.LookAsync(agent.Uid);
            True(seen is { Healthy: false }, $"healthy is {seen?.Healthy}");
        }),
        new("R15", Level.Must, Capabilities, "An agent that drops AcceptsRemoteConfig is offered nothing more", static async probe =>
        {
            var agent = Agent(TestAgent.Managed);
            var (peer, _) = await probe.EnterAsync(agent);
            agent.Capabilities &= ~AgentCapabilities.AcceptsRemoteConfig;
            await peer.SayAsync(agent.Beat());
            await probe.Control.AssignAsync(agent.Uid, "receivers: {a: }\n");
            await probe.SilenceAsync(peer);
            True((await peer.SayAsync(agent.Beat())).RemoteConfig is null, "it is offered a configuration");
        }),
        new("R16", Level.Interop, "", "capabilities of 0 in a later message mean unchanged", static async probe =>
        {
            var agent = Agent(TestAgent.Managed);
            var (peer, _) = await probe.EnterAsync(agent);
            var bare = agent.Beat();
            bare.Capabilities = AgentCapabilities.None;
            await peer.SayAsync(bare);
            await probe.Control.AssignAsync(agent.Uid, "receivers: {b: }\n");
            True((await probe.HearAsync(peer, agent))?.RemoteConfig is not null, "it is not offered a configuration any more");
        }),
        new("R17", Level.Interop, "", "Fields and values that are not known are passed over", static async probe =>
        {
            var agent = Agent();
            var message = agent.Full();
            message.Capabilities |= (AgentCapabilities)(1UL << 40);
            message.Flags = (AgentToServerFlags)(1UL << 30);
            // Field 900 with text, and 901 with a number.
            byte[] bytes = [.. message.ToArray(), 0xA2, 0x38, 2, (byte)'h', (byte)'i', 0xA8, 0x38, 7];
            ServerToAgent reply;
            if (probe.Transport == Transport.Http)
            {
                reply = (await probe.Http.PostAsync(bytes)).Message();
            }
            else
            {
                var socket = await probe.OpenAsync();
                using var limit = TransportChecks.Limit();
                await socket.SendFrameAsync(Protocol.WebSockets.Opcode.Binary, (byte[])[0, .. bytes], limit.Token);
                reply = TransportChecks.Parse(await socket.ReceiveAsync(limit.Token));
            }

            True(reply.Error is null, Says(reply));
        }),
        new("R18", Level.Must, "Status Reporting", "No loop: the same report again makes the server say nothing more", static async probe =>
        {
            var agent = Agent(TestAgent.Managed);
            var (peer, _) = await probe.EnterAsync(agent);
            for (var i = 0; i < 3; i++)
            {
                var reply = await peer.SayAsync(agent.Full());
                True(reply is { Flags: ServerToAgentFlags.None, RemoteConfig: null, ConnectionSettings: null }, Says(reply));
                await probe.SilenceAsync(peer);
            }
        }),
    ];
}
