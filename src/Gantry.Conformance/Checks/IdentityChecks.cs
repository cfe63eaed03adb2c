using Gantry.Conformance.Clients;
using Gantry.Protocol.OpAmp;
using static Gantry.Conformance.Probe;

namespace Gantry.Conformance.Checks;

/// <summary>D: who is who.</summary>
internal static class IdentityChecks
{
    private const string Uid = "AgentToServer.instance_uid";
    private const string Duplicates = "Duplicate WebSocket Connections";

    public static IReadOnlyList<Check> All { get; } =
    [
        new("D1", Level.Must, Uid, "A uid that has not 16 bytes is BAD_REQUEST", static async probe =>
        {
            foreach (var uid in (byte[][])[[], [1, 2, 3], new byte[17], [.. "01HF4Z8QKXJ3N5V7W9Y1A2B3C4"u8]])
            {
                await using var peer = await probe.ConnectAsync();
                var reply = await peer.SayAsync(new AgentToServer { InstanceUid = uid, SequenceNum = 1, Capabilities = TestAgent.Usual });
                True(reply.Error?.Type == ServerErrorType.BadRequest, $"with {uid.Length} bytes: {Says(reply)}");
            }
        }),
        new("D2", Level.Must, "AgentToServer.flags", "An agent that asks gets a uid of 16 bytes, of version 7", static async probe =>
        {
            var given = await AskAsync(probe, Agent());
            True(given.Uid.Version == 7, $"it is of version {given.Uid.Version}");
        }),
        new("D3", Level.Must, "AgentIdentification", "Under the uid that it was given the agent goes on as the same", static async probe =>
        {
            var agent = Agent();
            var (uid, peer) = await AskAsync(probe, agent);
            agent.Uid = uid;
            var reply = await peer.SayAsync(agent.Beat());
            True(reply.InstanceUid.AsSpan().SequenceEqual(agent.UidBytes) && reply.Identification is null, "it is not known under it");
            True(!reply.Flags.HasFlag(ServerToAgentFlags.ReportFullState), "it is asked for everything, as if it were another");
        }),
        new("D4", Level.Should, Duplicates, "Of two live connections under one uid, one is given another", static async probe =>
        {
            probe.OnlyOver(Transport.WebSocket);
            var (first, second) = (Agent(), Agent());
            second.Uid = first.Uid;
            var (one, _) = await probe.EnterAsync(first);
            var (two, reply) = await probe.EnterAsync(second);
            // Both live: both answer pings, and both go on speaking.
            var named = reply.Identification is not null;
            for (var i = 0; i < 20 && !named; i++)
            {
                named = await SpeakAsync(one, first) || await SpeakAsync(two, second);
            }

            True(named, "both may keep it");
        }),
        new("D5", Level.Interop, "", "An agent that comes back at once, its old connection still open, is no duplicate", static async probe =>
        {
            probe.OnlyOver(Transport.WebSocket);
            var agent = Agent();
            var dead = await probe.OpenAsync();
            dead.AnswersPings = false;
            using var limit = TransportChecks.Limit();
            await dead.SendAsync(agent.Full(), limit.Token);
            await dead.ReceiveAsync(limit.Token);
            await using var peer = await probe.ConnectAsync();
            for (var i = 0; i < 5; i++)
            {
                var reply = await peer.SayAsync(agent.Beat());
                True(reply is { Identification: null, Error: null }, Says(reply));
            }

            await probe.SilenceAsync(peer);
        }),
        new("D6", Level.Interop, "", "Two clones that count apart are found", static async probe =>
        {
            var (first, second) = (Agent(), Agent());
            second.Uid = first.Uid;
            second.Sequence = 500;
            var one = await probe.ConnectAsync();
            var two = await probe.ConnectAsync();
            await one.SayAsync(first.Full());
            var found = false;
            for (var i = 0; i < 8 && !found; i++)
            {
                found = (await two.SayAsync(second.Beat())).Identification is not null || (await one.SayAsync(first.Beat())).Identification is not null;
            }

            True(found, "after eight rounds of taking turns both still have one uid");
        }),
        new("D7", Level.Should, "Communication Model", "Several agents speak over one connection, each is answered under its uid, and its end is the end of all", static async probe =>
        {
            probe.OnlyOver(Transport.WebSocket);
            var agents = Enumerable.Range(0, 10).Select(_ => Agent()).ToList();
            var peer = await probe.ConnectAsync();
            foreach (var agent in agents.Concat(agents))
            {
                var reply = await peer.SayAsync(agent.Sequence == 0 ? agent.Full() : agent.Beat());
                True(reply.InstanceUid.AsSpan().SequenceEqual(agent.UidBytes) && reply.Flags == ServerToAgentFlags.None, Says(reply));
            }

            await peer.DisposeAsync();
            await EventuallyAsync(
                async () =>
                {
                    foreach (var agent in agents)
                    {
                        if (await probe.Control.LookAsync(agent.Uid) is not { Connected: false })
                        {
                            return false;
                        }
                    }

                    return true;
                },
                "agents of an ended connection are still shown as connected");
        }),
    ];

    private static async Task<(Guid Uid, Peer Peer)> AskAsync(Probe probe, TestAgent agent)
    {
        var message = agent.Full();
        message.Flags = AgentToServerFlags.RequestInstanceUid;
        var peer = await probe.ConnectAsync();
        var reply = await peer.SayAsync(message);
        True(reply.Identification?.NewInstanceUid.Length == 16, $"the answer is {Says(reply)}");
        True(reply.InstanceUid.AsSpan().SequenceEqual(agent.UidBytes), "the answer is not addressed to the uid that asked");
        return (new Guid(reply.Identification!.NewInstanceUid, bigEndian: true), peer);
    }

    /// <returns>Whether it was given another uid.</returns>
    private static async Task<bool> SpeakAsync(Peer peer, TestAgent agent) =>
        (await peer.SayAsync(agent.Beat())).Identification is not null || (await peer.HearAsync(TimeSpan.FromMilliseconds(50)))?.Identification is not null;
}
