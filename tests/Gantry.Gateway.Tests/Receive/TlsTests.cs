using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Gantry.Gateway.Receive;
using Google.Protobuf;

namespace Gantry.Gateway.Tests.Receive;

public class TlsTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);

    [Theory]
    [InlineData(true, "1.1")]
    [InlineData(true, "2.0")]
    [InlineData(false, "2.0")]
    public async Task Http_is_taken_in_both_versions_on_both_ports(bool httpPort, string version)
    {
        using var certificates = new TestCertificates();
        certificates.WriteServer();
        await using var gateway = await GatewayFixture.StartAsync(receive: Options(certificates));
        using var handler = certificates.Handler();
        using var client = new HttpClient(handler);

        using var response = await PostAsync(client, httpPort ? gateway.Http : gateway.Grpc, version);

        Assert.Equal((HttpStatusCode.OK, Version.Parse(version)), (response.StatusCode, response.Version));
        Assert.Equal("https", gateway.Http.Scheme);
        await gateway.CountedAsync(1);
    }

    [Fact]
    public async Task Grpc_is_taken()
    {
        using var certificates = new TestCertificates();
        certificates.WriteServer();
        await using var gateway = await GatewayFixture.StartAsync(receive: Options(certificates));
        using var handler = certificates.Handler();

        var answer = await GrpcCall.SendAsync(gateway.Grpc, GrpcCall.Traces, GrpcCall.Frame(Spans.Request("shop", Spans.Span()).ToByteArray()), handler: handler);

        Assert.Equal("0", answer.Status);
        await gateway.CountedAsync(1);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, true)]
    [InlineData(SslProtocols.Tls13, true)]
#pragma warning disable SYSLIB0039, CA5397 // That it is refused is what is tested.
    [InlineData(SslProtocols.Tls11, false)]
#pragma warning restore SYSLIB0039, CA5397
    public async Task Only_versions_that_are_safe_are_spoken(SslProtocols protocol, bool accepted)
    {
        using var certificates = new TestCertificates();
        certificates.WriteServer();
        await using var gateway = await GatewayFixture.StartAsync(receive: Options(certificates));
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPEndPoint.Parse(gateway.Http.Authority));
        await using var tls = new SslStream(socket.GetStream());
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            EnabledSslProtocols = protocol,
            CertificateChainPolicy = TestCertificates.Trusting(certificates.Authority),
        };

        var failure = await Record.ExceptionAsync(() => tls.AuthenticateAsClientAsync(options));

        Assert.Equal(accepted, failure is null);
    }

    [Fact]
    public async Task A_new_certificate_is_shown_to_new_connections_and_open_ones_go_on()
    {
        using var certificates = new TestCertificates();
        var first = certificates.WriteServer();
        await using var gateway = await GatewayFixture.StartAsync(receive: Options(certificates));
        var shown = new List<string>();
        using var handler = certificates.Handler(shown: shown.Add);
        using var client = new HttpClient(handler);
        (await PostAsync(client, gateway.Http, "1.1")).Dispose();

        var second = certificates.WriteServer();
        await Eventually.True("the second certificate is shown", () => ShownTo(certificates, gateway) == second);

        (await PostAsync(client, gateway.Http, "1.1")).Dispose();
        Assert.Equal([first], shown);
        await gateway.CountedAsync(2);
    }

    [Fact]
    public async Task A_wrong_certificate_changes_nothing_and_is_warned_of()
    {
        using var certificates = new TestCertificates();
        var first = certificates.WriteServer();
        await using var gateway = await GatewayFixture.StartAsync(receive: Options(certificates));

        await File.WriteAllTextAsync(certificates.KeyFile, "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n");
        await Eventually.True("a warning", () => gateway.Logs.Entries.Any(entry => entry.Event == "AccessKept" && entry.Message.Contains("--tls-key", StringComparison.Ordinal)));

        Assert.Equal(first, ShownTo(certificates, gateway));
        var third = certificates.WriteServer();
        await Eventually.True("the third certificate is shown", () => ShownTo(certificates, gateway) == third);
    }

    [Fact]
    public async Task With_an_authority_only_its_clients_come_in()
    {
        using var certificates = new TestCertificates();
        certificates.WriteServer();
        using var strangers = new TestCertificates("another authority");
        using var ours = certificates.Sign("client", server: false);
        using var theirs = strangers.Sign("client", server: false);
        using var server = certificates.Sign("client", server: true);
        await using var gateway = await GatewayFixture.StartAsync(receive: Options(certificates) with { ClientCaFile = certificates.AuthorityFile });

        Assert.True(await ComesInAsync(certificates, gateway, ours));
        Assert.False(await ComesInAsync(certificates, gateway, null));
        Assert.False(await ComesInAsync(certificates, gateway, theirs));
        Assert.False(await ComesInAsync(certificates, gateway, server));

        await File.WriteAllTextAsync(certificates.AuthorityFile, strangers.Authority.ExportCertificatePem());
        await Eventually.True("the new authority's clients come in", () => ComesInAsync(certificates, gateway, theirs).GetAwaiter().GetResult());
        Assert.False(await ComesInAsync(certificates, gateway, ours));
    }

    private static ReceiveOptions Options(TestCertificates certificates) =>
        new() { CertificateFile = certificates.CertificateFile, KeyFile = certificates.KeyFile, ReloadInterval = Soon };

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, Uri address, string version)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "/v1/traces"))
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(Spans.Request("shop", Spans.Span()).ToByteArray()),
        };
        request.Content.Headers.ContentType = new("application/x-protobuf");
        return await client.SendAsync(request);
    }

    /// <summary>The serial number that a new connection is shown.</summary>
    private static string ShownTo(TestCertificates certificates, GatewayFixture gateway)
    {
        var shown = "";
        using var handler = certificates.Handler(shown: serial => shown = serial);
        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Http, "/healthz"));
        using var response = client.Send(request);
        return shown;
    }

    private static async Task<bool> ComesInAsync(TestCertificates certificates, GatewayFixture gateway, X509Certificate2? client)
    {
        using var handler = certificates.Handler(client);
        using var http = new HttpClient(handler);
        try
        {
            return (await http.GetAsync(new Uri(gateway.Http, "/healthz"))).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
