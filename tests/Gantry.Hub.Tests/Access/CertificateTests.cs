using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gantry.Conformance;
using Gantry.Hub.Access;
using Gantry.Hub.Fleet;
using Gantry.Hub.Fleet.Certificates;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;
using Gantry.Testing;
using static Gantry.Hub.Tests.Access.OpAmpPeers;
using SigningQuestion = System.Security.Cryptography.X509Certificates.CertificateRequest;

namespace Gantry.Hub.Tests.Access;

/// <summary>Signing requests of agents, from asking to coming back with the certificate, on every engine.</summary>
public abstract class CertificateTests<TState>
    where TState : TestState, new()
{
    [Fact]
    public async Task A_certificate_is_signed_for_the_agent_by_the_hub_of_all_nodes_and_restarts()
    {
        using var state = new TState();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var agent = new TestAgent(Accepts);
        byte[] authority;
        await using (var hub = await HubFixture.StartAsync(state))
        {
            await hub.SayAsync(agent.Full());
            var settings = (await hub.SayAsync(Asking(agent, Csr(key, $"CN={agent.Uid}")))).ConnectionSettings!.OpAmp!;
            authority = settings.Certificate!.CaCertificate;
            using var signed = Read(settings.Certificate.Certificate);
            using var ca = Read(authority);

            Assert.Empty(settings.Certificate.PrivateKey);
            Assert.Equal(($"CN={agent.Uid}", ca.Subject), (signed.Subject, signed.Issuer));
            Assert.True(IsSignedBy(signed, ca, hub.Time.GetUtcNow()));
            Assert.False(signed.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
            Assert.Equal("1.3.6.1.5.5.7.3.2", signed.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages[0].Value);
            Assert.Equal(TimeSpan.FromDays(90), new DateTimeOffset(signed.NotAfter) - hub.Time.GetUtcNow());
            Assert.True(settings is { Endpoint.Length: > 0, HeartbeatSeconds: 30 });
            Assert.DoesNotContain(hub.Logs.Entries, entry => entry.Message.Contains("PRIVATE", StringComparison.Ordinal));
        }

        await using var second = await HubFixture.StartAsync(state);
        var again = new TestAgent(Accepts);
        await second.SayAsync(again.Full());
        Assert.Equal(authority, (await second.SayAsync(Asking(again, Csr(key, "CN=any")))).ConnectionSettings!.OpAmp!.Certificate!.CaCertificate);
    }

    [Fact]
    public async Task What_is_no_good_request_is_refused_in_words()
    {
        using var state = new TState();
        await using var hub = await HubFixture.StartAsync(state);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var small = RSA.Create(1024);
        using var odd = ECDsa.Create(ECCurve.NamedCurves.brainpoolP256r1);
        var damaged = Encoding.ASCII.GetString(Csr(ec, "CN=x"));
        (byte[] Csr, string Expected)[] bad =
        [
            (Csr(ec, $"CN={Guid.NewGuid()}"), "and the message is of"),
            (CsrWithName(ec, $"urn:uuid:{Guid.NewGuid()}"), "and the message is of"),
            (new SigningQuestion("CN=x", small, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequestPem() is var pem ? Encoding.ASCII.GetBytes(pem) : [], "an RSA key of 1024 bits: expected 2048 to 8192"),
            (Csr(odd, "CN=x"), "a key on another curve"),
            ("hello"u8.ToArray(), "expected PKCS #10 in PEM"),
            (Encoding.ASCII.GetBytes(Tampered(damaged)), "expected PKCS #10 in PEM"),
            ([], "has 0 bytes"),
            (new byte[20_000], "has 20000 bytes: expected PEM of at most 16384"),
        ];
        foreach (var (csr, expected) in bad)
        {
            var agent = new TestAgent(Accepts);
            await hub.SayAsync(agent.Full());
            var reply = await hub.SayAsync(Asking(agent, csr));
            Assert.Equal((ServerErrorType.BadRequest, null), (reply.Error!.Type, reply.ConnectionSettings));
            Assert.Contains(expected, reply.Error.Message, StringComparison.Ordinal);
        }

        var takesNone = new TestAgent(TestAgent.Usual);
        await hub.SayAsync(takesNone.Full());
        Assert.Contains("AcceptsOpAMPConnectionSettings", (await hub.SayAsync(Asking(takesNone, Csr(ec, "CN=x")))).Error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Transport.WebSocket)]
    [InlineData(Transport.Http)]
    public async Task Approval_may_be_an_operators_and_holds_up_nothing_else(Transport transport)
    {
        using var state = new TState();
        await using var hub = await HubFixture.StartAsync(state.Folder, null, null, new FleetOptions { ApprovesCertificates = true }, state.Database);
        await using var access = await AccessFixture.StartAsync(hub);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var token = (await access.EnrolmentAsync()).Token;
        foreach (var verb in (string[])["approve", "refuse"])
        {
            var agent = new TestAgent(Accepts);
            var (peer, _) = await EnterAsync(hub.OpAmp, transport, token, agent);
            var asked = await peer.SayAsync(Asking(agent, Csr(key, $"CN={agent.Uid}")));
            Assert.Equal((null, null), (asked.Error, asked.ConnectionSettings));
            Assert.Null((await peer.SayAsync(agent.Beat())).Error);
            Assert.Equal("waiting", Assert.Single(await access.ReadAsync<SigningRow[]>("/api/v1/access/requests")).State);

            Assert.Equal(HttpStatusCode.OK, await access.StatusAsync(access.Admin, HttpMethod.Post, $"/api/v1/access/requests/{agent.Uid}/{verb}"));
            var told = transport == Transport.Http ? await peer.SayAsync(agent.Beat()) : await peer.HearAsync(Patience);

            Assert.Equal(verb == "refuse", told!.Error is { Type: ServerErrorType.BadRequest, Message: "an operator refused the signing request" });
            Assert.Equal(verb == "approve", told.ConnectionSettings?.OpAmp is { Certificate.Certificate.Length: > 0, Headers.Items.Count: 1 });
            Assert.Null((await peer.SayAsync(agent.Beat())).Error);
            Assert.Empty(await access.ReadAsync<SigningRow[]>("/api/v1/access/requests"));
            Assert.Equal(HttpStatusCode.NotFound, await access.StatusAsync(access.Admin, HttpMethod.Post, $"/api/v1/access/requests/{agent.Uid}/{verb}"));
            await peer.DisposeAsync();
        }

        Assert.Equal((2, 1, 1, 1), ((await access.AuditAsync("certificate.ask")).Length, (await access.AuditAsync("certificate.approve")).Length, (await access.AuditAsync("certificate.refuse")).Length, (await access.AuditAsync("certificate.issue")).Length));
    }

    [Fact]
    public async Task Another_key_needs_the_agents_own_credential_and_a_flood_is_limited()
    {
        using var state = new TState();
        await using var access = await AccessFixture.StartAsync(await HubFixture.StartAsync(state));
        using var first = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var second = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var agent = new TestAgent(Accepts);
        var (peer, _) = await EnterAsync(access.Hub.OpAmp, Transport.WebSocket, (await access.EnrolmentAsync()).Token, agent);
        var issued = await peer.SayAsync(Asking(agent, Csr(first, "CN=x")));
        var token = TokenOf(issued);

        Assert.Contains("another key", (await peer.SayAsync(Asking(agent, Csr(second, "CN=x")))).Error!.Message, StringComparison.Ordinal);
        var renewed = await peer.SayAsync(Asking(agent, Csr(first, "CN=x")));
        Assert.NotEqual(issued.ConnectionSettings!.OpAmp!.Certificate!.Certificate, renewed.ConnectionSettings!.OpAmp!.Certificate!.Certificate);
        var (own, _) = await EnterAsync(access.Hub.OpAmp, Transport.WebSocket, TokenOf(renewed), agent);
        Assert.Null((await own.SayAsync(Asking(agent, Csr(second, "CN=x")))).Error);

        await own.SayAsync(Asking(agent, Csr(second, "CN=x")));
        Assert.Contains("too many signing requests", (await own.SayAsync(Asking(agent, Csr(second, "CN=x")))).Error!.Message, StringComparison.Ordinal);
        access.Hub.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Null((await own.SayAsync(Asking(agent, Csr(second, "CN=x")))).Error);
        Assert.NotEqual(token, TokenOf(renewed));
        // What was never used makes way: one certificate waits, no more.
        Assert.Equal(1, state.Counts("credential WHERE certificate = 1 AND revoked = 0")[0]);
        await own.DisposeAsync();
        await peer.DisposeAsync();
    }

    [Fact]
    public async Task On_a_TLS_door_the_certificate_is_the_credential_until_it_is_revoked()
    {
        using var state = new TState();
        using var server = ServerCertificate(state.Folder, out var certificateFile, out var keyFile);
        var options = new HubOptions { DataFolder = state.Folder, Database = state.Database, Listen = new IPEndPoint(IPAddress.Loopback, 0), Certificate = certificateFile, CertificateKey = keyFile };
        await using var hub = new HubServer(options, _ => { });
        await hub.StartAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var plain = Client(hub, server, null);
        var admin = (await PostAsync<IssuedToken>(plain, "", "/api/v1/access/tokens", new TokenRequest("root", "admin"))).Token;
        var enrolment = (await PostAsync<IssuedToken>(plain, admin, "/api/v1/access/enrolments", new EnrolmentRequest("berlin"))).Token;
        var agent = new TestAgent(Accepts);
        var settings = (await SayAsync(plain, enrolment, Asking(agent, Csr(key, "CN=x"), agent.Full()))).ConnectionSettings!.OpAmp!;
        Assert.Equal("https", new Uri(settings.Endpoint).Scheme);
        using var certificate = Read(settings.Certificate!.Certificate);
        using var withKey = certificate.CopyWithPrivateKey(key);
        using var mutual = Client(hub, server, X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null));

        Assert.Null((await SayAsync(mutual, "", agent.Beat())).Error);
        Assert.Contains("belongs to agent", (await SayAsync(mutual, "", new TestAgent(Accepts).Full())).Error!.Message, StringComparison.Ordinal);
        using (var other = await mutual.GetAsync(new Uri("/api/v1/summary", UriKind.Relative)))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, other.StatusCode);
        }

        // One that another authority signed for the same name is nothing.
        using var forged = new SigningQuestion($"CN={agent.Uid}", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var forger = Client(hub, server, X509CertificateLoader.LoadPkcs12(forged.Export(X509ContentType.Pkcs12), null));
        await Assert.ThrowsAsync<HttpRequestException>(() => SayAsync(forger, "", agent.Beat()));
        using (var revoke = new HttpRequestMessage(HttpMethod.Delete, $"/api/v1/access/agents/{agent.Uid}") { Headers = { Authorization = new("Bearer", admin) } })
        {
            using var revoked = await plain.SendAsync(revoke);
            Assert.Contains("\"form\":\"certificate\"", await revoked.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        await Assert.ThrowsAsync<HttpRequestException>(() => SayAsync(mutual, "", agent.Beat()));
        await hub.StopAsync();
    }

    private protected static AgentToServer Asking(TestAgent agent, byte[] csr, AgentToServer? message = null)
    {
        message ??= agent.Beat();
        message.ConnectionSettingsRequest = new ConnectionSettingsRequest { OpAmp = new OpAmpConnectionSettingsRequest { Certificate = new Gantry.Protocol.OpAmp.CertificateRequest { Csr = csr } } };
        return message;
    }

    private protected static byte[] Csr(ECDsa key, string subject) => Encoding.ASCII.GetBytes(new SigningQuestion(subject, key, HashAlgorithmName.SHA256).CreateSigningRequestPem());

    private static byte[] CsrWithName(ECDsa key, string uri)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(uri));
        var request = new SigningQuestion("CN=x", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        return Encoding.ASCII.GetBytes(request.CreateSigningRequestPem());
    }

    /// <summary>With another byte in its signature.</summary>
    private static string Tampered(string pem)
    {
        var der = Convert.FromBase64String(string.Concat(pem.Split('\n').Where(line => !line.StartsWith('-'))));
        der[^1] ^= 1;
        return $"-----BEGIN CERTIFICATE REQUEST-----\n{Convert.ToBase64String(der)}\n-----END CERTIFICATE REQUEST-----\n";
    }

    private static X509Certificate2 Read(byte[] pem) => X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(pem));

    private static bool IsSignedBy(X509Certificate2 certificate, X509Certificate2 authority, DateTimeOffset at)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = at.UtcDateTime;
        return chain.Build(certificate);
    }

    private static X509Certificate2 ServerCertificate(string folder, out string certificateFile, out string keyFile)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new SigningQuestion("CN=localhost", key, HashAlgorithmName.SHA256);
        var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        (certificateFile, keyFile) = (Path.Combine(folder, "server.pem"), Path.Combine(folder, "server.key"));
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return certificate;
    }

    private static HttpClient Client(HubServer hub, X509Certificate2 server, X509Certificate2? own)
    {
        var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString(HashAlgorithmName.SHA256) == server.GetCertHashString(HashAlgorithmName.SHA256);
        if (own is not null)
        {
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => own;
            handler.SslOptions.ClientCertificates = [own];
        }

        return new HttpClient(handler) { BaseAddress = hub.Address };
    }

    private static async Task<T> PostAsync<T>(HttpClient client, string token, string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = System.Net.Http.Json.JsonContent.Create(body) };
        request.Headers.Authorization = token.Length > 0 ? new AuthenticationHeaderValue("Bearer", token) : null;
        using var response = await client.SendAsync(request);
        return (await System.Net.Http.Json.HttpContentJsonExtensions.ReadFromJsonAsync<T>(response.Content))!;
    }

    private static async Task<ServerToAgent> SayAsync(HttpClient client, string token, AgentToServer message)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/opamp") { Content = new ByteArrayContent(message.ToArray()) };
        request.Content.Headers.ContentType = new("application/x-protobuf");
        request.Headers.Authorization = token.Length > 0 ? new AuthenticationHeaderValue("Bearer", token) : null;
        using var response = await client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return WireMessage.TryRead<ServerToAgent>(await response.Content.ReadAsByteArrayAsync(), out _)!;
    }
}

public sealed class CertificateOnSqliteTests : CertificateTests<SqliteState>
{
    [Fact]
    public async Task The_file_with_the_authoritys_key_is_for_the_hubs_user_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            // Rights of files are others there.
            return;
        }

        using var state = new SqliteState();
        await using var hub = await HubFixture.StartAsync(state);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var agent = new TestAgent(Accepts);
        Assert.NotNull((await hub.SayAsync(Asking(agent, Csr(key, "CN=x"), agent.Full()))).ConnectionSettings);

        foreach (var file in Directory.GetFiles(state.Folder, "hub.db*"))
        {
            Assert.Equal((file, UnixFileMode.UserRead | UnixFileMode.UserWrite), (file, File.GetUnixFileMode(file)));
        }

        Assert.Equal(1, state.Counts("authority")[0]);
    }
}

public sealed class CertificateOnPostgresTests : CertificateTests<PostgresState>;
