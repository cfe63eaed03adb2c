using System.Net;
using Gantry.Gateway.Receive;

namespace Gantry.Gateway.Tests.Receive;

/// <summary>Deny by default: what is refused before a port is opened.</summary>
public class ReceiveOptionsTests
{
    private static readonly GatewayOptions Everywhere = new() { Grpc = new IPEndPoint(IPAddress.Any, 4317), Http = new IPEndPoint(IPAddress.IPv6Any, 4318) };

    [Fact]
    public void Others_than_loopback_need_TLS_or_tokens()
    {
        using var certificates = new TestCertificates();
        certificates.WriteServer();
        Environment.SetEnvironmentVariable("GANTRY_TEST_OPTIONS", "a-token-0123456789");

        Assert.Equal(2, Everywhere.Validate().Count(problem => problem.Contains("--token-file", StringComparison.Ordinal)));
        Assert.Empty((Everywhere with { Receive = new ReceiveOptions { TokenVariable = "GANTRY_TEST_OPTIONS" } }).Validate());
        Assert.Empty((Everywhere with { Receive = new ReceiveOptions { CertificateFile = certificates.CertificateFile, KeyFile = certificates.KeyFile } }).Validate());
    }

    [Fact]
    public void Every_wrong_TLS_file_is_named()
    {
        using var certificates = new TestCertificates();
        using var others = new TestCertificates();
        certificates.WriteServer();
        others.WriteServer();
        var good = new ReceiveOptions { CertificateFile = certificates.CertificateFile, KeyFile = certificates.KeyFile };

        Assert.StartsWith("--tls-cert", Problem(good with { KeyFile = null }), StringComparison.Ordinal);
        Assert.StartsWith("--tls-key", Problem(good with { CertificateFile = null }), StringComparison.Ordinal);
        Assert.StartsWith("--tls-client-ca", Problem(new ReceiveOptions { ClientCaFile = certificates.AuthorityFile }), StringComparison.Ordinal);
        Assert.StartsWith("--tls-cert /nowhere", Problem(good with { CertificateFile = "/nowhere" }), StringComparison.Ordinal);
        Assert.Contains("its own private key", Problem(good with { KeyFile = others.KeyFile }), StringComparison.Ordinal);
        Assert.Contains("there is no PEM certificate", Problem(good with { ClientCaFile = certificates.KeyFile }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1024 * 1024 - 1)]
    public void Too_little_room_is_refused(long bytes) =>
        Assert.StartsWith($"--max-in-flight {bytes}", Problem(new ReceiveOptions { MaxInFlightBytes = bytes }), StringComparison.Ordinal);

    private static string Problem(ReceiveOptions options) => Assert.Single(new GatewayOptions { Receive = options }.Validate());
}
