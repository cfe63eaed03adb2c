using System.Text;
using Gantry.Conformance.Clients;
using Gantry.Protocol.OpAmp;
using static Gantry.Conformance.Probe;

namespace Gantry.Conformance.Checks;

/// <summary>C: remote configuration.</summary>
internal static class ConfigChecks
{
    private const string Section = "Configuration";
    private const string Status = "RemoteConfigStatus Message";

    public static IReadOnlyList<Check> All { get; } =
    [
        new("C1", Level.Must, "AgentCapabilities", "Nothing is offered to an agent that does not accept it", static async probe =>
        {
            var agent = Agent();
            await probe.Control.AssignAsync(agent.Uid, "receivers: {a: }\n");
            var (peer, reply) = await probe.EnterAsync(agent);
            True(reply.RemoteConfig is null, "it is offered with the first answer");
            await probe.Control.AssignAsync(agent.Uid, "receivers: {b: }\n");
            await probe.SilenceAsync(peer);
            True((await peer.SayAsync(agent.Beat())).RemoteConfig is null, "it is offered later");
        }),
        new("C2", Level.Must, Status, "A configuration of another hash is offered", static async probe =>
        {
            var (_, _, offer) = await OfferedAsync(probe);
            True(offer.Hash.Length > 0, "config_hash is empty");
            True(offer.Map.Entries.Count > 0, "it has no file");
        }),
        new("C3", Level.Interop, "", "One of the same hash is not", static async probe =>
        {
            var (peer, agent, offer) = await OfferedAsync(probe);
            True((await peer.SayAsync(agent.Status(offer.Hash, RemoteConfigState.Applied))).RemoteConfig is null, "offered again though it is applied");
            True((await peer.SayAsync(agent.Beat())).RemoteConfig is null, "offered again with a heartbeat");
        }),
        new("C4", Level.Should, Section, "Over a WebSocket it is offered unasked", static async probe =>
        {
            probe.OnlyOver(Transport.WebSocket);
            var (peer, agent, first) = await OfferedAsync(probe);
            await peer.SayAsync(agent.Status(first.Hash, RemoteConfigState.Applied));
            await probe.Control.AssignAsync(agent.Uid, "receivers: {pushed: }\n");
            var pushed = await peer.HearAsync(TimeSpan.FromSeconds(5));
            True(pushed?.RemoteConfig is not null, "nothing comes");
            True(pushed!.InstanceUid.AsSpan().SequenceEqual(agent.UidBytes), "it is addressed to another");
        }),
        new("C5", Level.Should, Section, "Over plain HTTP it comes with the next poll", static async probe =>
        {
            probe.OnlyOver(Transport.Http);
            var (peer, agent, first) = await OfferedAsync(probe);
            await peer.SayAsync(agent.Status(first.Hash, RemoteConfigState.Applied));
            await probe.Control.AssignAsync(agent.Uid, "receivers: {polled: }\n");
            await EventuallyAsync(async () => (await peer.SayAsync(agent.Beat())).RemoteConfig is not null, "nothing comes");
        }),
        new("C6", Level.Must, "AgentRemoteConfig.config_hash", "Equal content has an equal hash, other content another", static async probe =>
        {
            var (_, _, a) = await OfferedAsync(probe, "receivers: {same: }\n");
            var (_, _, b) = await OfferedAsync(probe, "receivers: {same: }\n");
            var (_, _, c) = await OfferedAsync(probe, "receivers: {other: }\n");
            True(a.Hash.AsSpan().SequenceEqual(b.Hash), "two agents with equal content get different hashes");
            True(!a.Hash.AsSpan().SequenceEqual(c.Hash), "different content has one hash");
        }),
        new("C7", Level.Should, Status, "APPLYING, APPLIED and FAILED are kept, with message and time", static async probe =>
        {
            var (peer, agent, offer) = await OfferedAsync(probe);
            await probe.Control.LookAsync(agent.Uid);
            await peer.SayAsync(agent.Status(offer.Hash, RemoteConfigState.Applying));
            True((await probe.Control.LookAsync(agent.Uid))?.ConfigState == "applying", "APPLYING is not seen");
            await peer.SayAsync(agent.Status(offer.Hash, RemoteConfigState.Applied));
            True((await probe.Control.LookAsync(agent.Uid))?.ConfigState is "applied" or "in-effect" or "drifted", "APPLIED is not seen");
            await peer.SayAsync(agent.Status(offer.Hash, RemoteConfigState.Failed, "port in use"));
            var seen = await probe.Control.LookAsync(agent.Uid);
            True(seen is { ConfigState: "failed", ConfigMessage: "port in use", ConfigAt: not null }, $"FAILED is seen as {seen?.ConfigState} \"{seen?.ConfigMessage}\"");
        }),
        new("C8", Level.Interop, "", "What an agent failed with is not offered to it again", static async probe =>
        {
            var (peer, agent, offer) = await OfferedAsync(probe);
            True((await peer.SayAsync(agent.Status(offer.Hash, RemoteConfigState.Failed, "broken"))).RemoteConfig is null, "offered with the answer to FAILED");
            // A supervisor that went back and reports the hash of before.
            True((await peer.SayAsync(agent.Status([], RemoteConfigState.Unset))).RemoteConfig is null, "offered again after it");
            await probe.SilenceAsync(peer);
            var again = await probe.ConnectAsync();
            await peer.DisposeAsync();
            True((await again.SayAsync(agent.Full())).RemoteConfig is null, "offered again to a new connection");
        }),
        new("C9", Level.Interop, "", "An agent that goes back by itself (APPLIED of the one before) is not sent round again", static async probe =>
        {
            var (peer, agent, good) = await OfferedAsync(probe, "receivers: {good: }\n");
            await peer.SayAsync(agent.Status(good.Hash, RemoteConfigState.Applied));
            await probe.Control.AssignAsync(agent.Uid, "receivers: {bad: }\n");
            var bad = (await probe.HearAsync(peer, agent))?.RemoteConfig ?? throw new CheckFailedException("the second configuration is not offered");
            await peer.SayAsync(agent.Status(bad.Hash, RemoteConfigState.Applying));
            True((await peer.SayAsync(agent.Status(good.Hash, RemoteConfigState.Applied))).RemoteConfig is null, "offered again with the answer");
            await probe.SilenceAsync(peer);
            True((await peer.SayAsync(agent.Beat())).RemoteConfig is null, "offered again with a heartbeat");
        }),
        new("C10", Level.Interop, "", "An empty configuration is never sent by accident", static async probe =>
        {
            var (peer, agent, offer) = await OfferedAsync(probe);
            await peer.SayAsync(agent.Status(offer.Hash, RemoteConfigState.Applied));
            await probe.Control.AssignAsync(agent.Uid, null);
            await probe.SilenceAsync(peer);
            True((await peer.SayAsync(agent.Beat())).RemoteConfig is null, "an agent that is to be left alone is sent a configuration");
        }),
        new("C11", Level.Interop, "", "Name, content type and body arrive as they are; roles of effective files are taken", static async probe =>
        {
            var agent = Agent(TestAgent.Managed);
            await probe.Control.AssignAsync(agent.Uid, "{\"key\": \"Grüße 🧪\"}", "elastic", "application/json");
            var (peer, reply) = await probe.EnterAsync(agent);
            True(
                reply.RemoteConfig?.Map.Entries is [{ Name: "elastic", Config: { ContentType: "application/json" } config }] && Encoding.UTF8.GetString(config.Body) == "{\"key\": \"Grüße 🧪\"}",
                "it is not what was assigned");
            var effective = agent.Beat();
            effective.EffectiveConfig = TestAgent.Effective("a: 1\n");
            effective.EffectiveConfig.Map.Entries[0].Config.Role = "main";
            True((await peer.SayAsync(effective)).Error is null, "an effective file with a role is refused");
        }),
        new("C12", Level.Interop, "", "Secrets of an effective configuration are not kept", static async probe =>
        {
            var agent = Agent(TestAgent.Managed);
            var (peer, _) = await probe.EnterAsync(agent);
            await probe.Control.LookAsync(agent.Uid);
            var message = agent.Beat();
            message.EffectiveConfig = TestAgent.Effective("exporters:\n  otlp:\n    headers:\n      authorization: Bearer hunter2-hunter2\n    password: \"hunter2\"\n    endpoint: http://u:hunter2@x\n");
            await peer.SayAsync(message);
            var seen = await probe.Control.LookAsync(agent.Uid);
            True(seen?.Effective.Contains("exporters", StringComparison.Ordinal) == true, "the configuration is not kept at all");
            True(!seen!.Effective.Contains("hunter2", StringComparison.Ordinal), "a secret is kept");
        }),
        new("C13", Level.Interop, "", "A configuration larger than what the agent can read is warned of", static _ =>
            throw new NotApplicableException("cannot be seen from outside: no message tells an agent's limit")),
    ];

    /// <summary>A managed agent that has just been offered its first configuration.</summary>
    private static async Task<(Peer Peer, TestAgent Agent, AgentRemoteConfig Offer)> OfferedAsync(Probe probe, string body = "receivers: {first: }\n")
    {
        var agent = Agent(TestAgent.Managed);
        await probe.Control.AssignAsync(agent.Uid, body);
        var (peer, reply) = await probe.EnterAsync(agent);
        True(reply.Capabilities.HasFlag(ServerCapabilities.OffersRemoteConfig), "the server does not say that it offers remote configuration");
        return (peer, agent, reply.RemoteConfig ?? throw new CheckFailedException("no configuration is offered with the first answer"));
    }
}
