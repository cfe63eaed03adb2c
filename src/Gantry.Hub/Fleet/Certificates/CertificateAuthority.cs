using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gantry.Hub.Storage;

namespace Gantry.Hub.Fleet.Certificates;

/// <summary>
/// The hub's own small authority: signs client certificates of agents and nothing else. Its key is made once, when it is first needed, is kept in the hub's
/// database, and is never shown, logged or exported. All nodes on one database have the same.
/// </summary>
internal sealed class CertificateAuthority(HubDatabase database, TimeProvider time) : IDisposable
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    // A certificate that begins now is not valid yet for an agent whose clock is behind.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private X509Certificate2? _own;

    /// <summary>Without its key.</summary>
    /// <exception cref="System.Data.Common.DbException">The database is away.</exception>
    public X509Certificate2 Certificate => X509CertificateLoader.LoadCertificate(Own().RawData);

    public void Dispose() => _own?.Dispose();

    /// <summary>A certificate for TLS clients, by the agent's uid.</summary>
    /// <exception cref="System.Data.Common.DbException">The database is away.</exception>
    public X509Certificate2 Sign(SigningRequest request, Guid agent, TimeSpan lifetime)
    {
        var authority = Own();
        var now = time.GetUtcNow();
        var issue = new CertificateRequest(new X500DistinguishedName($"CN={agent}"), request.Key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri($"urn:uuid:{agent}"));
        issue.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        issue.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        issue.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ClientAuthentication)], critical: false));
        issue.CertificateExtensions.Add(names.Build());
        issue.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var last = new DateTimeOffset(authority.NotAfter);
        var end = now + lifetime < last ? now + lifetime : last;
        using var key = authority.GetECDsaPrivateKey()!;
        return issue.Create(authority.SubjectName, X509SignatureGenerator.CreateForECDsa(key), now - ClockSkew, end, Serial());
    }

    // 127 random bits, positive.
    private static byte[] Serial()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        return serial;
    }

    private X509Certificate2 Own()
    {
        lock (_lock)
        {
            if (_own is null)
            {
                var (certificate, key) = CertificateTable.Authority(database, Make);
                using var ecdsa = ECDsa.Create();
                ecdsa.ImportPkcs8PrivateKey(key, out _);
                CryptographicOperations.ZeroMemory(key);
                using var bare = X509CertificateLoader.LoadCertificate(certificate);
                _own = bare.CopyWithPrivateKey(ecdsa);
            }

            return _own;
        }
    }

    private (byte[] Certificate, byte[] Key) Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = time.GetUtcNow();
        var name = $"CN=Gantry agents {now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)} {Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var certificate = request.CreateSelfSigned(now - ClockSkew, now.AddYears(20));
        return (certificate.RawData, key.ExportPkcs8PrivateKey());
    }
}
