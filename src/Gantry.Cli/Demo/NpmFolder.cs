using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;

namespace Gantry.Cli.Demo;

/// <summary>Packages of npm, installed once from a lock file that travels with the program: into the data folder, beside the shop and not into it.</summary>
internal static class NpmFolder
{
    private static readonly string[] Files = ["package.json", "package-lock.json", ".npmrc"];

    /// <param name="source">The folder beside the program that has the lock file.</param>
    /// <param name="target">Where to, without the end that tells lock files apart.</param>
    /// <param name="package">For messages.</param>
    /// <returns>The folder that has node_modules.</returns>
    /// <exception cref="CommandFailure">npm could not install it.</exception>
    public static async Task<string> InstallAsync(CliContext context, string source, string target, string package, CancellationToken cancellation)
    {
        source = Path.Combine(AppContext.BaseDirectory, source);
        var hash = SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(source, "package-lock.json"), cancellation));
        // Another version's lock file gets another folder: no installation is ever changed under a running service.
        var folder = $"{target}-{Convert.ToHexStringLower(hash.AsSpan(0, 4))}";
        if (Directory.Exists(folder))
        {
            return folder;
        }

        context.Terminal.Note($"Installing {package} with npm into {folder} (only once, some 15 s) …");
        // Complete or not there: npm works in a folder of its own, which then gets the name.
        var workshop = $"{folder}.{Environment.ProcessId}";
        Directory.CreateDirectory(workshop);
        try
        {
            foreach (var file in Files)
            {
                File.Copy(Path.Combine(source, file), Path.Combine(workshop, file), overwrite: true);
            }

            await RunAsync(context, workshop, package, cancellation);
            if (!Directory.Exists(folder))
            {
                Directory.Move(workshop, folder);
            }
        }
        finally
        {
            if (Directory.Exists(workshop))
            {
                Directory.Delete(workshop, recursive: true);
            }
        }

        return folder;
    }

    private static async Task RunAsync(CliContext context, string folder, string package, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("npm")
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in new[] { "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error" })
        {
            start.ArgumentList.Add(argument);
        }

        var last = "";
        try
        {
            using var npm = Process.Start(start)!;
            await using var stop = cancellation.Register(() => npm.Kill(entireProcessTree: true));
            npm.OutputDataReceived += (_, line) => Show(line.Data);
            npm.ErrorDataReceived += (_, line) => Show(line.Data);
            npm.BeginOutputReadLine();
            npm.BeginErrorReadLine();
            await npm.WaitForExitAsync(CancellationToken.None);
            cancellation.ThrowIfCancellationRequested();
            if (npm.ExitCode != 0)
            {
                throw new CommandFailure($"npm could not install {package} (exit code {npm.ExitCode}: {last}); it needs a way to an npm registry, see `npm config get registry`");
            }
        }
        catch (Win32Exception exception)
        {
            throw new CommandFailure($"npm could not be started ({exception.Message})");
        }

        void Show(string? line)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                last = line;
                context.Terminal.NoteDim("  npm: " + line);
            }
        }
    }
}
