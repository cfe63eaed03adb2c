using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gantry.Hub.Fleet.Certificates;
using Gantry.Hub.FleetManagement.Callers;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Gantry.Hub.Access;

internal static class AccessRegistration
{
    public static IServiceCollection AddAccess(this IServiceCollection services) => services
        .AddSingleton<ICallerCheck, GateCallers>().AddSingleton<AccessStore>().AddSingleton<AccessGate>().AddSingleton<AuditLog>().AddHostedService(static provider => provider.GetRequiredService<AuditLog>());

    /// <exception cref="Storage.HubStorageException">The certificate or its key cannot be used.</exception>
    public static void Encrypt(ListenOptions door, HubOptions options)
    {
        if (options.Certificate is null)
        {
            return;
        }

        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(options.Certificate);
            door.UseHttps(https =>
            {
                https.ServerCertificate = X509Certificate2.CreateFromPemFile(options.Certificate, options.CertificateKey);
                https.ServerCertificateChain = chain;
                if (options.Fleet.Features.Certificates)
                {
                    AskForCertificates(https, door.ApplicationServices.GetRequiredService<CertificateAuthority>(), chain);
                }
            });
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new Storage.HubStorageException($"--tls-cert {options.Certificate}, --tls-key {options.CertificateKey}: cannot be used ({exception.Message}); expected PEM files that belong together, the key not encrypted", exception);
        }
    }

    /// <summary>
    /// Agents may show a certificate that this hub has signed; nobody must. Here any is let in, for it is the gate that asks what it stands for: exactly the
    /// certificates that were issued, until they are revoked. Whom the hub trusts is said in the handshake, so that no browser asks its user for one.
    /// </summary>
    private static void AskForCertificates(HttpsConnectionAdapterOptions https, CertificateAuthority authority, X509Certificate2Collection chain)
    {
        https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
        https.AllowAnyClientCertificate();
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
        {
            var trust = SslCertificateTrust.CreateForX509Collection([authority.Certificate], sendTrustInHandshake: true);
            var context = SslStreamCertificateContext.Create(https.ServerCertificate!, chain, offline: true, trust);
            https.OnAuthenticate = (_, ssl) => ssl.ServerCertificateContext = context;
        }
    }

    /// <summary>Goes before every door, WebSockets included.</summary>
    /// <exception cref="Storage.HubStorageException">Others than this machine could come in, and nobody has a token.</exception>
    public static void UseAccess(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<HubOptions>();
        var store = app.Services.GetRequiredService<AccessStore>();
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(AccessGate).FullName!);
        if (!IPAddress.IsLoopback(options.Listen.Address))
        {
            if (!store.HasAdmin)
            {
                throw new Storage.HubStorageException($"--listen {options.Listen}: others than this machine could come in, and there is no admin token yet; make the first one with `gantry access bootstrap`");
            }

            if (options.Certificate is null)
            {
                Log.NoTls(logger, options.Listen.ToString());
            }
        }
        else if (store.IsOpen)
        {
            Log.AccessOpen(logger);
        }

        var gate = app.Services.GetRequiredService<AccessGate>();
        app.Use(gate.InvokeAsync);
    }
}
