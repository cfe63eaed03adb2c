using System.Diagnostics;
using Gantry.Benchmarks.Servers;

namespace Gantry.Benchmarks.Fleet;

/// <summary><c>gantry hub</c> as a process.</summary>
internal sealed class HubProcess : IAsyncDisposable
{
    private readonly Process _process;

    private HubProcess(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    public double CpuSeconds => ProcessUsage.CpuSeconds(_process.Id);

    public long ResidentBytes => ProcessUsage.ResidentBytes(_process.Id);

    /// <param name="port">0 takes a free one.</param>
    public static async Task<HubProcess> StartAsync(int port, string data)
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", [Programs.Cli, "hub", "--hub-port", $"{port}", "--data", data])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        }) ?? throw new BenchmarkException("dotnet did not start");
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (Array.Find(line.Split(' '), word => word.StartsWith("http://", StringComparison.Ordinal)) is { } address)
            {
                // Nobody reads the rest, and it is short.
                return new HubProcess(process, new Uri(new Uri(address).GetLeftPart(UriPartial.Authority)));
            }
        }

        await process.WaitForExitAsync();
        throw new BenchmarkException($"the hub ended with code {process.ExitCode} before it was ready");
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
