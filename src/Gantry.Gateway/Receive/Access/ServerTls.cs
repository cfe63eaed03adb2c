using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gantry.Gateway.Receive.Access;

/// <summary>
/// What the gateway shows and asks for in TLS handshakes, as one snapshot that is swapped when the files change. A connection keeps what it was made
/// with. Thread-safe.
/// </summary>
internal sealed class ServerTls
{
    private static readonly List<SslApplicationProtocol> Protocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];

    private readonly ReceiveOptions _options;
    private Model _model;

    /// <exception cref="InvalidDataException">A file is wrong; the message says which and how.</exception>
    public ServerTls(ReceiveOptions options)
    {
        _options = options;
        _model = Load(options);
    }

    /// <returns>Null when all is well or there is no TLS, else what is wrong.</returns>
    public static string? Check(ReceiveOptions options)
    {
        if (!options.HasTls)
        {
            return options.ClientCaFile is { } file ? $"--tls-client-ca {file}: it needs --tls-cert and --tls-key" : null;
        }

        if (options.CertificateFile is null || options.KeyFile is null)
        {
            return options.CertificateFile is null
                ? $"--tls-key {options.KeyFile}: --tls-cert is missing, the PEM file with the certificate of this key"
                : $"--tls-cert {options.CertificateFile}: --tls-key is missing, the PEM file with the private key of this certificate";
        }

        try
        {
            Load(options);
            return null;
        }
        catch (InvalidDataException exception)
        {
            return exception.Message;
        }
    }

    /// <summary>Takes the files as they are now.</summary>
    /// <inheritdoc cref="ServerTls(ReceiveOptions)" path="/exception"/>
    public void Reload() => Volatile.Write(ref _model, Load(_options));

    /// <summary>For one handshake.</summary>
    public SslServerAuthenticationOptions Handshake()
    {
        var model = Volatile.Read(ref _model);
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = model.Certificate,
            ApplicationProtocols = Protocols,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        };
        if (model.ClientAuthorities is not null)
        {
            options.ClientCertificateRequired = true;
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                // The authorities are the operator's own file; there is no list of revoked ones, and none is fetched.
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(model.ClientAuthorities);
        }

        return options;
    }

    private static Model Load(ReceiveOptions options)
    {
        var (certificateFile, keyFile) = (options.CertificateFile!, options.KeyFile!);
        var certificateText = ReadPem(certificateFile, "--tls-cert");
        var keyText = ReadPem(keyFile, "--tls-key");
        X509Certificate2 certificate;
        try
        {
            certificate = X509Certificate2.CreateFromPem(certificateText, keyText);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new InvalidDataException(
                $"--tls-cert {certificateFile}, --tls-key {keyFile}: expected a certificate and its own private key, both PEM, the key not encrypted ({exception.Message})",
                exception);
        }

        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificateText);
        var context = SslStreamCertificateContext.Create(certificate, chain, offline: true);
        return new Model(context, options.ClientCaFile is { } file ? Authorities(file) : null);
    }

    private static X509Certificate2Collection Authorities(string file)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(ReadPem(file, "--tls-client-ca"));
        }
        catch (CryptographicException exception)
        {
            throw new InvalidDataException($"--tls-client-ca {file}: expected certificates as PEM ({exception.Message})", exception);
        }

        return authorities.Count > 0 ? authorities : throw new InvalidDataException($"--tls-client-ca {file}: there is no PEM certificate in it");
    }

    private static string ReadPem(string file, string option)
    {
        try
        {
            return System.Text.Encoding.UTF8.GetString(FileWatch.Read(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{option} {file}: {exception.Message}", exception);
        }
    }

    private sealed record Model(SslStreamCertificateContext Certificate, X509Certificate2Collection? ClientAuthorities);
}
