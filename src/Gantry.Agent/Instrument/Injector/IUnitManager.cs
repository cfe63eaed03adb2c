using System.Diagnostics;

namespace Gantry.Agent.Instrument.Injector;

/// <summary>What runs the units of a host. Each call comes to an end by itself; "" is success, else it is the reason.</summary>
internal interface IUnitManager
{
    /// <summary>Reads drop-ins anew.</summary>
    Task<string> ReloadAsync(CancellationToken cancellation);

    /// <summary>Stops the unit and starts it again. A process that ignores SIGTERM is the unit's own TimeoutStopSec to end.</summary>
    Task<string> RestartAsync(string unit, CancellationToken cancellation);

    Task<bool> IsActiveAsync(string unit, CancellationToken cancellation);
}

/// <summary>systemd, by its own program.</summary>
internal sealed class SystemdUnits(TimeProvider time) : IUnitManager
{
    /// <summary>More than the default TimeoutStopSec and TimeoutStartSec together: Node.js with some preloaded agents ignores SIGTERM.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(200);

    public async Task<string> ReloadAsync(CancellationToken cancellation) => await RunAsync(["daemon-reload"], cancellation);

    public async Task<string> RestartAsync(string unit, CancellationToken cancellation) => await RunAsync(["restart", "--", unit], cancellation);

    public async Task<bool> IsActiveAsync(string unit, CancellationToken cancellation) => (await RunAsync(["is-active", "--quiet", "--", unit], cancellation)).Length == 0;

    private async Task<string> RunAsync(string[] arguments, CancellationToken cancellation)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("systemctl", ["--no-ask-password", .. arguments]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
            var tail = new Supervise.OutputTail([]);
            var output = Task.WhenAll(tail.ReadAsync(process.StandardError.BaseStream), tail.ReadAsync(process.StandardOutput.BaseStream));
            try
            {
                await process.WaitForExitAsync(cancellation).WaitAsync(Limit, time, cancellation);
            }
            catch (TimeoutException)
            {
                process.Kill();
                return $"systemctl {arguments[0]} did not end within {Limit.TotalSeconds} s";
            }

            await output;
            return process.ExitCode == 0 ? "" : $"systemctl {arguments[0]}: {(tail.LastLine.Length > 0 ? tail.LastLine : $"exit code {process.ExitCode}")}";
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return $"systemctl cannot be run: {e.Message}";
        }
    }
}
