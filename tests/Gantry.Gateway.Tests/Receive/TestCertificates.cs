using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gantry.Gateway.Tests.Receive;

/// <summary>An authority of its own, what it signs, and the files that a gateway reads; all gone with it.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gantry-tls-");

    public TestCertificates(string name = "test authority")
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        Authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
    }

    public X509Certificate2 Authority { get; }

    public string CertificateFile => Path.Combine(_folder.FullName, "cert.pem");

    public string KeyFile => Path.Combine(_folder.FullName, "key.pem");

    public string AuthorityFile => Path.Combine(_folder.FullName, "ca.pem");

    /// <summary>Writes a new certificate for localhost and the authority's, as one that renews them would: each file in place.</summary>
    /// <returns>Its serial number.</returns>
    public string WriteServer()
    {
        using var certificate = Sign("localhost", server: true);
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        using var key = certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(AuthorityFile, Authority.ExportCertificatePem());
        return certificate.SerialNumber;
    }

    public X509Certificate2 Sign(string name, bool server)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(server ? "1.3.6.1.5.5.7.3.1" : "1.3.6.1.5.5.7.3.2")], false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(Authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(10), RandomNumberGenerator.GetBytes(12));
        return certificate.CopyWithPrivateKey(key);
    }

    /// <summary>Trusts this authority; keeps what the last handshake was shown.</summary>
    public SocketsHttpHandler Handler(X509Certificate2? client = null, Action<string>? shown = null) => new()
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            ClientCertificates = client is null ? null : [client],
            CertificateChainPolicy = Trusting(Authority),
            RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            {
                shown?.Invoke(certificate!.GetSerialNumberString());
                return errors == SslPolicyErrors.None;
            },
        },
    };

    public static X509ChainPolicy Trusting(X509Certificate2 authority) => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { authority }, RevocationMode = X509RevocationMode.NoCheck,
    };

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        Authority.Dispose();
        _key.Dispose();
    }
}
