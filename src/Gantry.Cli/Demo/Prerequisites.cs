using System.ComponentModel;
using System.Diagnostics;

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
