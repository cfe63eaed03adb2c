using System.Diagnostics;
using Gantry.Benchmarks.Servers;

namespace Gantry.Benchmarks.Fleet;

/// <summary><see cref="FleetHub"/> as a process, under the runtime settings that <c>gantry hub</c> has.</summary>
internal sealed class HubProcess : IAsyncDisposable
{
    private readonly Process _process;

    private HubProcess(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public double CpuSeconds => ProcessUsage.CpuSeconds(_process.Id);

    public long ResidentBytes => ProcessUsage.ResidentBytes(_process.Id);

    /// <param name="port">0 takes a free one.</param>
    /// <param name="revision">What agents should run from the start; null: the first.</param>
    public static async Task<HubProcess> StartAsync(int port, string data, string? revision = null)
    {
        var bin = Path.Combine(Repository.Root, "artifacts", "bin");
        var kind = Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var process = Process.Start(new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                "exec", "--runtimeconfig", Path.Combine(bin, "Gantry.Cli", kind, "gantry.runtimeconfig.json"), Path.Combine(bin, "Gantry.Benchmarks", kind, "Gantry.Benchmarks.dll"),
                FleetHub.Verb, $"{port}", data,
            },
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        }) ?? throw new BenchmarkException("dotnet did not start");
        if (revision is not null)
        {
            await process.StandardInput.WriteLineAsync(revision);
            await process.StandardInput.FlushAsync();
        }

        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("ready ", StringComparison.Ordinal))
            {
                return new HubProcess(process, new Uri(line[6..]).Port);
            }
        }

        await process.WaitForExitAsync();
        throw new BenchmarkException($"the hub ended with code {process.ExitCode} before it was ready");
    }

    public void Assign(string revision)
    {
        _process.StandardInput.WriteLine(revision);
        _process.StandardInput.Flush();
    }

    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
