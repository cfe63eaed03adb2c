using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gantry.Gateway.Receive.Access;

/// <summary>Takes certificates and tokens anew when their files change. Files that are wrong change nothing: what was good stays in force.</summary>
internal sealed class AccessReloader(GatewayOptions options, AccessTokens tokens, TimeProvider time, ILogger<AccessReloader> logger, ServerTls? tls = null)
    : BackgroundService
{
    private readonly FileWatch _tokenFile = new(options.Receive.TokenFile);
    private readonly FileWatch _tlsFiles = new(options.Receive.CertificateFile, options.Receive.KeyFile, options.Receive.ClientCaFile);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var receive = options.Receive;
        if (tls is null && receive.TokenFile is null)
        {
            return;
        }

        using var timer = new PeriodicTimer(receive.ReloadInterval, time);
        try
        {
            do
            {
                if (receive.TokenFile is { } file && _tokenFile.Changed())
                {
                    Reload("tokens", file, tokens.Reload);
                }

                if (tls is not null && _tlsFiles.Changed())
                {
                    Reload("TLS", receive.CertificateFile!, tls.Reload);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private void Reload(string what, string file, Action reload)
    {
        try
        {
            reload();
            Log.AccessReloaded(logger, what, file);
        }
        catch (Exception exception)
        {
            Log.AccessKept(logger, what, exception.Message);
        }
    }
}
