using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gantry.Conformance.Clients;
using Gantry.Protocol.OpAmp;
using static Gantry.Conformance.Probe;
using SigningQuestion = System.Security.Cryptography.X509Certificates.CertificateRequest;

namespace Gantry.Conformance.Checks;

/// <summary>S8 to S14 and S18: certificates by signing request.</summary>
internal static class CertificateChecks
{
    private const string Csr = "Agent Trust On First Use / Client Initiated CSR";

    // A server that takes so many at once of one agent takes any number.
    private const int Flood = 60;

    public static IReadOnlyList<Check> All { get; } =
    [
        Of("S8", Level.Should, "A CSR in PEM is answered with certificate and CA, without a private key", static async (probe, key) =>
        {
            var agent = Agent(CredentialChecks.Accepts);
            var peer = await AdvertisedAsync(probe, agent);
            var answer = CertificateOf(await peer.SayAsync(Ask(agent, key, agent.Uid)));
            using var certificate = X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(answer.Certificate));
            using var authority = X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(answer.CaCertificate));
            True(answer.PrivateKey.Length == 0, "a private key is sent, though the agent has it");
            True(certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo()), "the certificate is for another key");
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.Add(authority);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.VerificationTime = certificate.NotBefore.AddMinutes(10);
            True(chain.Build(certificate), "the certificate is not signed by the CA that comes with it");
        }),
        Of("S9", Level.Must, "A CSR for another uid is BAD_REQUEST", static async (probe, key) =>
        {
            var agent = Agent(CredentialChecks.Accepts);
            var peer = await AdvertisedAsync(probe, agent);
            var reply = await peer.SayAsync(Ask(agent, key, Guid.NewGuid()));
            True(reply is { Error: { Type: ServerErrorType.BadRequest, Message.Length: > 0 }, ConnectionSettings: null }, Says(reply));
            True((await peer.SayAsync(agent.Beat())).Error is null, "the agent is refused from then on");
        }),
        Of("S10", Level.Must, "What is not approved is BAD_REQUEST", static async (probe, key) =>
        {
            var (server, agent, peer) = await WaitingAsync(probe, key);
            await server.DecideAsync(agent.Uid, approves: false);
            var told = await probe.HearAsync(peer, agent);
            True(told?.Error is { Type: ServerErrorType.BadRequest, Message.Length: > 0 }, told is null ? "nothing comes" : Says(told));
        }),
        Of("S11", Level.Must, "A CSR for the new uid is taken over the connection of the old one", static async (probe, key) =>
        {
            var agent = Agent(CredentialChecks.Accepts);
            var peer = await AdvertisedAsync(probe, agent);
            CertificateOf(await peer.SayAsync(Ask(agent, key, agent.Uid)));
            var asks = agent.Beat();
            asks.Flags = AgentToServerFlags.RequestInstanceUid;
            var given = (await peer.SayAsync(asks)).Identification?.NewInstanceUid;
            Applies(given?.Length == 16, "the server gives no new uid");
            agent.Uid = new Guid(given!, bigEndian: true);
            CertificateOf(await peer.SayAsync(Ask(agent, key, agent.Uid)));
        }),
        Of("S12", Level.Interop, "A pending approval holds up no other message", static async (probe, key) =>
        {
            var (server, agent, peer) = await WaitingAsync(probe, key);
            for (var i = 0; i < 5; i++)
            {
                var reply = await peer.SayAsync(agent.Beat());
                True(reply is { Error: null, ConnectionSettings: null }, Says(reply));
            }

            await server.DecideAsync(agent.Uid, approves: true);
            CertificateOf(await probe.HearAsync(peer, agent) ?? throw new CheckFailedException("nothing comes when it is approved"));
        }),
        Of("S13", Level.Should, "Renewal goes the same way", static async (probe, key) =>
        {
            var agent = Agent(CredentialChecks.Accepts);
            var peer = await AdvertisedAsync(probe, agent);
            var first = CertificateOf(await peer.SayAsync(Ask(agent, key, agent.Uid)));
            var second = CertificateOf(await peer.SayAsync(Ask(agent, key, agent.Uid)));
            True(!first.Certificate.AsSpan().SequenceEqual(second.Certificate), "the same certificate comes again");
        }),
        Of("S14", Level.Interop, "Enrolment again needs the same public key", static async (probe, key) =>
        {
            var agent = Agent(CredentialChecks.Accepts);
            var peer = await AdvertisedAsync(probe, agent);
            CertificateOf(await peer.SayAsync(Ask(agent, key, agent.Uid)));
            using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var reply = await peer.SayAsync(Ask(agent, other, agent.Uid));
            True(reply is { Error.Type: ServerErrorType.BadRequest, ConnectionSettings: null }, Says(reply));
        }),
    ];

    public static Check Flooded { get; } = Of("S18", Level.Interop, "A flood of CSRs is limited", static async (probe, key) =>
    {
        var agent = Agent(CredentialChecks.Accepts);
        var peer = await AdvertisedAsync(probe, agent);
        var signed = 0;
        for (var i = 0; i < Flood; i++)
        {
            var reply = await peer.SayAsync(Ask(agent, key, agent.Uid));
            if (reply.Error is not null)
            {
                True(signed > 0, $"the first is refused: {Says(reply)}");
                True((await peer.SayAsync(agent.Beat())).Error is null || reply.Error.Type == ServerErrorType.Unavailable, "other messages are refused too");
                return;
            }

            signed++;
        }

        throw new CheckFailedException($"{signed} of {Flood} at once are signed");
    });

    private static Check Of(string id, Level level, string title, Func<Probe, ECDsa, Task> run) => new(id, level, level == Level.Interop ? "" : Csr, title, async probe =>
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await run(probe, key);
    });

    private static async Task<Peer> AdvertisedAsync(Probe probe, TestAgent agent)
    {
        var (peer, reply) = await probe.EnterAsync(agent);
        Applies(reply.Capabilities.HasFlag(ServerCapabilities.AcceptsConnectionSettingsRequest), "the server does not advertise AcceptsConnectionSettingsRequest");
        return peer;
    }

    private static async Task<(IGuardedServer Server, TestAgent Agent, Peer Peer)> WaitingAsync(Probe probe, ECDsa key)
    {
        var server = await probe.Control.GuardedAsync(approves: true);
        var agent = Agent(CredentialChecks.Accepts);
        var peer = await probe.ConnectAsync(server.Url, await server.EnrolmentTokenAsync());
        await peer.SayAsync(agent.Full());
        var reply = await peer.SayAsync(Ask(agent, key, agent.Uid));
        True(reply is { Error: null, ConnectionSettings.OpAmp.Certificate: null } or { Error: null, ConnectionSettings: null }, $"it is not waiting: {Says(reply)}");
        return (server, agent, peer);
    }

    private static TlsCertificate CertificateOf(ServerToAgent reply) =>
        reply.ConnectionSettings?.OpAmp?.Certificate is { Certificate.Length: > 0, CaCertificate.Length: > 0 } certificate ? certificate : throw new CheckFailedException($"no certificate comes: {Says(reply)}");

    private static AgentToServer Ask(TestAgent agent, ECDsa key, Guid named)
    {
        var pem = new SigningQuestion($"CN={named}", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
        var message = agent.Beat();
        message.ConnectionSettingsRequest = new ConnectionSettingsRequest
        {
            OpAmp = new OpAmpConnectionSettingsRequest { Certificate = new Gantry.Protocol.OpAmp.CertificateRequest { Csr = Encoding.ASCII.GetBytes(pem) } },
        };
        return message;
    }
}
