using Gantry.Conformance.Clients;
using Gantry.Protocol.OpAmp;
using static Gantry.Conformance.Probe;

namespace Gantry.Conformance.Checks;

/// <summary>S: connection settings and certificates.</summary>
internal static class SettingsChecks
{
    private const string Section = "Connection Settings Management";

    private const AgentCapabilities Accepts = CredentialChecks.Accepts;

    private const AgentCapabilities Own = AgentCapabilities.ReportsOwnMetrics | AgentCapabilities.ReportsOwnTraces | AgentCapabilities.ReportsOwnLogs;

    public static IReadOnlyList<Check> All { get; } =
    [
        new("S1", Level.Must, Section, "Offered only to agents that accept them, and only what they accept", static async probe =>
        {
            await OfferAsync(probe);
            True((await SettingsAsync(probe, Agent())).Offer is null, "an agent that accepts none is offered some");
            var own = (await SettingsAsync(probe, Agent(TestAgent.Usual | AgentCapabilities.ReportsOwnTraces))).Offer;
            True(own is { OpAmp: null, OwnMetrics: null, OwnLogs: null, OwnTraces: not null }, "an agent that accepts settings for its traces is offered others or none");
        }),
        new("S2", Level.Must, "OpAMPConnectionSettings.destination_endpoint", "The endpoint is a WebSocket or HTTP URL", static async probe =>
        {
            var offer = await NeededAsync(probe, Agent(Accepts));
            True(Uri.TryCreate(offer.OpAmp?.Endpoint, UriKind.Absolute, out var url) && url.Scheme is "ws" or "wss" or "http" or "https", $"it is \"{offer.OpAmp?.Endpoint}\"");
        }),
        new("S3", Level.Interop, "", "An offer is whole: with a heartbeat, for its absence would turn heartbeats off", static async probe =>
        {
            var offer = await NeededAsync(probe, Agent(Accepts));
            True(offer.OpAmp is { Endpoint.Length: > 0, HeartbeatSeconds: > 0 }, $"heartbeat_interval_seconds is {offer.OpAmp?.HeartbeatSeconds}");
        }),
        new("S4", Level.Must, "ConnectionSettingsStatus Message", "Offered again when the reported hash differs, not when it is equal; the hash is never empty", static async probe =>
        {
            await OfferAsync(probe);
            var agent = Agent(Accepts);
            var (peer, offer) = await SettingsAsync(probe, agent);
            True(offer?.Hash.Length > 0, "nothing is offered, or its hash is empty");
            True((await peer.SayAsync(Told(agent, offer!.Hash, ConnectionSettingsState.Applied))).ConnectionSettings is null, "offered again though the hash is equal");
            True((await peer.SayAsync(Told(agent, [1], ConnectionSettingsState.Applied))).ConnectionSettings is not null, "not offered though the hash differs");
        }),
        CredentialChecks.Replaced,
        new("S6", Level.Should, Section, "An agent that goes back to its old settings (FAILED) works on, and is not offered the same again", static async probe =>
        {
            await OfferAsync(probe);
            var agent = Agent(Accepts);
            var (peer, offer) = await SettingsAsync(probe, agent);
            True(offer is not null, "nothing is offered");
            var reply = await peer.SayAsync(Told(agent, offer!.Hash, ConnectionSettingsState.Failed));
            True(reply is { Error: null, ConnectionSettings: null }, Says(reply));
            True((await peer.SayAsync(agent.Beat())).ConnectionSettings is null, "it is offered the same again");
        }),
        new("S7", Level.Should, "Own Telemetry Reporting", "Own telemetry is offered with the first answer and not repeated", static async probe =>
        {
            await OfferAsync(probe);
            var agent = Agent(TestAgent.Usual | Own);
            var (peer, offer) = await SettingsAsync(probe, agent);
            True(
                offer is { OwnMetrics.Endpoint: var metrics, OwnTraces.Endpoint: var traces, OwnLogs.Endpoint: var logs }
                    && metrics.EndsWith("/v1/metrics", StringComparison.Ordinal) && traces.EndsWith("/v1/traces", StringComparison.Ordinal) && logs.EndsWith("/v1/logs", StringComparison.Ordinal),
                "not all three are offered with their paths");
            True((await peer.SayAsync(agent.Beat())).ConnectionSettings is null, "it is repeated");
        }),
        .. CertificateChecks.All,
        CredentialChecks.Revoked,
        CredentialChecks.Told,
        new("S17", Level.Interop, "", "TLS and proxy settings arrive as they are", static async probe =>
        {
            var offer = await NeededAsync(probe, Agent(Accepts));
            Applies(offer.OpAmp?.Tls is not null || offer.OpAmp?.Proxy is not null, "the server offers neither");
            True(offer.OpAmp is { Tls: null or { InsecureSkipVerify: false } }, "the offer turns verification off");
        }),
        CertificateChecks.Flooded,
    ];

    private static Task OfferAsync(Probe probe) => probe.Control.OfferSettingsAsync(new UriBuilder(probe.Url) { Scheme = "ws" }.Uri, new Uri("http://127.0.0.1:4318"));

    private static async Task<(Peer Peer, ConnectionSettingsOffers? Offer)> SettingsAsync(Probe probe, TestAgent agent)
    {
        var (peer, reply) = await probe.EnterAsync(agent);
        True(reply.Capabilities.HasFlag(ServerCapabilities.OffersConnectionSettings), "the server does not say that it offers connection settings");
        return (peer, reply.ConnectionSettings);
    }

    private static async Task<ConnectionSettingsOffers> NeededAsync(Probe probe, TestAgent agent)
    {
        await OfferAsync(probe);
        return (await SettingsAsync(probe, agent)).Offer ?? throw new CheckFailedException("nothing is offered");
    }

    private static AgentToServer Told(TestAgent agent, byte[] hash, ConnectionSettingsState state)
    {
        var message = agent.Beat();
        message.ConnectionSettingsStatus = new ConnectionSettingsStatus { LastHash = hash, State = state, ErrorMessage = state == ConnectionSettingsState.Failed ? "no route" : "" };
        return message;
    }
}
