using System.Diagnostics;

namespace Gantry.Testing;

/// <summary>The published auto-instrumentation for Node.js, installed once into artifacts from the same lock file that <c>gantry demo</c> uses.</summary>
public static class NodeTelemetry
{
    private static readonly SemaphoreSlim Gate = new(1);

    /// <returns>Path of the register script, for NODE_OPTIONS=--require.</returns>
    public static async Task<string> RegisterAsync()
    {
        var source = Path.Combine(Repository.Root, "src", "Gantry.Cli", "Demo", "Telemetry");
        var folder = Path.Combine(Repository.Root, "artifacts", "node-telemetry");
        var register = Path.Combine(folder, "node_modules", "@opentelemetry", "auto-instrumentations-node", "build", "src", "register.js");
        await Gate.WaitAsync();
        try
        {
            if (!File.Exists(register))
            {
                Directory.CreateDirectory(folder);
                foreach (var name in new[] { "package.json", "package-lock.json", ".npmrc" })
                {
                    File.Copy(Path.Combine(source, name), Path.Combine(folder, name), overwrite: true);
                }

                using var npm = Process.Start(new ProcessStartInfo("npm", "ci --ignore-scripts --no-audit --no-fund --loglevel=error") { WorkingDirectory = folder })!;
                await npm.WaitForExitAsync();
                if (npm.ExitCode != 0)
                {
                    throw new InvalidOperationException($"npm ci in {folder} ended with exit code {npm.ExitCode}; ./test installs node and npm");
                }
            }
        }
        finally
        {
            Gate.Release();
        }

        return register;
    }
}
