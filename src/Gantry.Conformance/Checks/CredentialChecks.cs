using Gantry.Conformance.Clients;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.WebSockets;
using static Gantry.Conformance.Probe;

namespace Gantry.Conformance.Checks;

/// <summary>S5, S15, S16 and H9: credentials that are replaced, taken away, or worth nothing. All against a server that asks for them.</summary>
internal static class CredentialChecks
{
    private const string Section = "Connection Settings Management";
    private const string Revoking = "Revoking Access";

    internal const AgentCapabilities Accepts = TestAgent.Usual | AgentCapabilities.AcceptsOpAmpConnectionSettings | AgentCapabilities.ReportsConnectionSettingsStatus;

    public static Check Replaced { get; } = new("S5", Level.Must, Section, "The old credential is good until the new one has connected, and then no more", static async probe =>
    {
        var server = await probe.Control.GuardedAsync();
        var enrolment = await server.EnrolmentTokenAsync();
        var agent = Agent(Accepts);
        var (peer, token) = await OfferedAsync(probe, server, enrolment, agent);
        True((await peer.SayAsync(agent.Beat())).Error is null, "the old one ends with the offer");
        await peer.DisposeAsync();
        var (again, anew) = await OfferedAsync(probe, server, enrolment, agent);
        await again.DisposeAsync();
        token = anew.Length > 0 ? anew : token;
        var refusal = await probe.RefusalAsync(server.Url, token, agent);
        True(refusal.Length == 0, $"the new one is refused: {refusal}");
        True((await probe.RefusalAsync(server.Url, enrolment, agent)).Length > 0, "the old one still opens for the agent");
    });

    public static Check Revoked { get; } = new("S15", Level.Must, Revoking, "A revoked credential is cut off and refused at once", static async probe =>
    {
        var server = await probe.Control.GuardedAsync();
        var agent = Agent(Accepts);
        var token = await EnrolAsync(probe, server, agent);
        var peer = await probe.ConnectAsync(server.Url, token);
        True((await peer.SayAsync(agent.Full())).Error is null, "its own credential is refused");
        await server.RevokeAsync(agent.Uid);
        if (peer is WebSocketPeer { Socket: var socket })
        {
            using var limit = TransportChecks.Limit();
            var end = await socket.ReceiveAsync(limit.Token);
            True(end is { Opcode: Opcode.Close }, "its connection ends without a close frame, or goes on");
        }

        var refusal = await probe.RefusalAsync(server.Url, token, agent);
        True(refusal is "401" or "403", $"it is answered with \"{refusal}\"");
        await EventuallyAsync(() => server.IsAuditedAsync(agent.Uid.ToString()), "the audit log has no line on it");
    });

    public static Check Told { get; } = new("S16", Level.Must, Revoking, "Destinations of own telemetry are told of a revocation", static async probe =>
    {
        var server = await probe.Control.GuardedAsync();
        var agent = Agent(Accepts);
        await EnrolAsync(probe, server, agent);
        await server.RevokeAsync(agent.Uid);
        await EventuallyAsync(async () => (await server.ToldAsync(agent.Uid)).Count > 0, "nobody was told");
    });

    public static Check Worthless { get; } = new("H9", Level.Interop, "", "A wrong, an expired and a revoked credential: 401 or 403 each, with a line in the audit log", static async probe =>
    {
        var server = await probe.Control.GuardedAsync();
        var agent = Agent(Accepts);
        var revoked = await EnrolAsync(probe, server, agent);
        await server.RevokeAsync(agent.Uid);
        foreach (var (what, token, audited) in new[]
        {
            ("wrong", "wrong-" + Guid.NewGuid().ToString("N"), "unknown"), ("revoked", revoked, "revoked"), ("expired", await server.ExpiredTokenAsync(), "expired"),
        })
        {
            var refusal = await probe.RefusalAsync(server.Url, token, Agent());
            True(refusal is "401" or "403", $"a credential that is {what} is answered with \"{refusal}\"");
            await EventuallyAsync(() => server.IsAuditedAsync(audited), $"the audit log has no line on a credential that is {what}");
        }

        // Another's: good, but not for this agent.
        var other = Agent(Accepts);
        var own = await EnrolAsync(probe, server, other);
        True((await probe.RefusalAsync(server.Url, own, Agent())).Length > 0, "an agent's credential speaks for another agent");
    });

    /// <summary>The credential of its own, with which the agent has come once.</summary>
    internal static async Task<string> EnrolAsync(Probe probe, IGuardedServer server, TestAgent agent)
    {
        var (peer, token) = await OfferedAsync(probe, server, await server.EnrolmentTokenAsync(), agent);
        await peer.DisposeAsync();
        var refusal = await probe.RefusalAsync(server.Url, token, agent);
        True(refusal.Length == 0, $"the credential that was offered is refused: {refusal}");
        return token;
    }

    private static async Task<(Peer Peer, string Token)> OfferedAsync(Probe probe, IGuardedServer server, string enrolment, TestAgent agent)
    {
        var peer = await probe.ConnectAsync(server.Url, enrolment);
        var reply = await peer.SayAsync(agent.Full());
        True(reply.Error is null, Says(reply));
        var header = reply.ConnectionSettings?.OpAmp?.Headers?.Items.FirstOrDefault(header => header.Name.Equals("Authorization", StringComparison.OrdinalIgnoreCase))?.Value ?? "";
        True(header.StartsWith("Bearer ", StringComparison.Ordinal) || probe.Transport == Transport.Http, "the first answer offers no credential");
        return (peer, header.StartsWith("Bearer ", StringComparison.Ordinal) ? header["Bearer ".Length..] : "");
    }
}
