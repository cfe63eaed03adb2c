using System.Diagnostics;
using System.Globalization;

namespace Gantry.Benchmarks.Servers;

/// <summary>What a benchmark needs of the machine.</summary>
internal static class Machine
{
    public static void RequireLinux()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new BenchmarkException("whole processes are measured with Linux's process clocks and /proc: Linux only");
        }
    }

    /// <summary>Takes the first processor away from this process, for a server to have it alone, until disposed.</summary>
    public static async Task<Split> SplitAsync()
    {
        var allowed = Allowed();
        if (allowed.Count < 2)
        {
            return new Split(null, allowed);
        }

        await PinAsync(allowed.Skip(1));
        return new Split(allowed[0], allowed);
    }

    /// <summary>Processor seconds that anything at all has used on a processor since the machine started, in steps of 10 ms.</summary>
    public static double BusySeconds(int core)
    {
        // cpuN user nice system idle iowait irq softirq steal …, in ticks; sysconf(_SC_CLK_TCK) is 100 on every Linux that .NET runs on.
        const double TicksPerSecond = 100;
        var line = File.ReadLines("/proc/stat").First(item => item.StartsWith($"cpu{core} ", StringComparison.Ordinal));
        var ticks = line.Split(' ').Skip(1).Take(8).Select(number => long.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return (ticks.Sum() - ticks[3] - ticks[4]) / TicksPerSecond;
    }

    /// <summary>Processors that this process may use; the kernel lists them as "0-1,4".</summary>
    private static List<int> Allowed()
    {
        var line = File.ReadLines("/proc/self/status").First(item => item.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal));
        return [.. line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim().Split(',').SelectMany(part =>
        {
            var ends = part.Split('-').Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray();
            return Enumerable.Range(ends[0], ends[^1] - ends[0] + 1);
        })];
    }

    /// <summary>All threads of this process; those that are to come inherit it.</summary>
    private static async Task PinAsync(IEnumerable<int> cores)
    {
        const int Tries = 10;
        for (var i = 0; i < Tries; i++)
        {
            using var taskset = Process.Start(new ProcessStartInfo("taskset", ["-a", "-p", "-c", string.Join(',', cores), $"{Environment.ProcessId}"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }) ?? throw new BenchmarkException("taskset did not start");
            await taskset.WaitForExitAsync();
            if (taskset.ExitCode == 0)
            {
                return;
            }

            // A thread that ended while taskset went through them makes it stop; the next try finds others.
        }

        throw new BenchmarkException($"taskset failed {Tries} times; it is part of util-linux");
    }

    /// <param name="ForServer">Null when there is only one processor.</param>
    internal sealed record Split(int? ForServer, IReadOnlyList<int> Before) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            if (ForServer is not null)
            {
                await PinAsync(Before);
            }
        }
    }
}
