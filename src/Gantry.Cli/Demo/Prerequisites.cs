using System.ComponentModel;
using System.Diagnostics;
using Gantry.Cli.Api;

namespace Gantry.Cli.Demo;

/// <summary>The programs that the demo needs and does not bring.</summary>
internal static class Prerequisites
{
    // What @opentelemetry/auto-instrumentations-node asks for: ^18.19.0 || >=20.6.0.
    private static readonly Version Oldest18 = new(18, 19);
    private static readonly Version Oldest = new(20, 6);

    private const string Install = "install Node.js 20.6 or newer with npm (https://nodejs.org, or your system's packages nodejs and npm)";

    /// <exception cref="CommandFailure">Names what is missing.</exception>
    public static async Task CheckAsync(CancellationToken cancellation)
    {
        var node = await AskVersionAsync("node", cancellation)
            ?? throw new CommandFailure($"the demo needs the program `node`, which is not to be found; {Install}");
        if (!Version.TryParse(node.TrimStart('v'), out var version) || !IsNewEnough(version))
        {
            throw new CommandFailure($"the demo needs a newer Node.js than {node}; {Install}");
        }

        if (await AskVersionAsync("npm", cancellation) is null)
        {
            throw new CommandFailure($"the demo needs the program `npm`, which is not to be found; {Install}");
        }
    }

    /// <exception cref="CommandFailure">Nobody is there, or somebody else.</exception>
    public static async Task CheckGatewayAsync(Uri gateway, CancellationToken cancellation)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = !gateway.IsLoopback }) { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            using var response = await http.GetAsync(new Uri(gateway, "readyz"), cancellation);
            if (response.IsSuccessStatusCode)
            {
                return;
            }

            throw new CommandFailure($"what answers at {Address.Show(gateway)} is no Gantry gateway; name one with --gateway URL or GANTRY_GATEWAY");
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new CommandFailure($"no gateway at {Address.Show(gateway)} ({exception.InnerException?.Message ?? exception.Message}); `gantry up` has one, or name another with --gateway URL or GANTRY_GATEWAY");
        }
    }

    public static bool IsNewEnough(Version node) => node.Major == Oldest18.Major ? node >= Oldest18 : node >= Oldest;

    /// <returns>null when there is no such program, or it does not work.</returns>
    private static async Task<string?> AskVersionAsync(string program, CancellationToken cancellation)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, "--version")
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var line = await process.StandardOutput.ReadLineAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode == 0 ? line : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
