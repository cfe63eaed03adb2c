using System.Globalization;
using System.Runtime.InteropServices;

namespace Gantry.Benchmarks.Servers;

/// <summary>What the kernel says about a process. Linux only.</summary>
internal static partial class ProcessUsage
{
    /// <summary>Processor time, user and system, of all its threads, also of those that ended.</summary>
    /// <remarks>The process's own clock, in nanoseconds: /proc/PID/stat counts in steps of 10 ms, which is a percent of the second that a round lasts.
    /// The clock's number is made from the pid as clock_getcpuclockid(3) makes it.</remarks>
    public static double CpuSeconds(int pid) =>
        ClockGetTime((~pid << 3) | 2, out var time) == 0
            ? time.Seconds + (time.Nanoseconds / 1e9)
            : throw new BenchmarkException($"process {pid} has no clock: it is gone, or it is not ours");

    /// <summary>Processor time of its living threads of this name, which the kernel cuts to 15 characters.</summary>
    public static double ThreadSeconds(int pid, string name)
    {
        var nanoseconds = 0L;
        foreach (var thread in Directory.EnumerateDirectories($"/proc/{pid}/task"))
        {
            try
            {
                if (File.ReadAllText($"{thread}/comm").TrimEnd() == name)
                {
                    nanoseconds += long.Parse(File.ReadAllText($"{thread}/schedstat").Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture);
                }
            }
            catch (IOException)
            {
                // It ended between the two lines.
            }
        }

        return nanoseconds / 1e9;
    }

    /// <summary>VmRSS, in bytes.</summary>
    public static long ResidentBytes(int pid) => Status(pid, "VmRSS:");

    /// <summary>VmHWM: the most that was ever resident, in bytes.</summary>
    public static long PeakResidentBytes(int pid) => Status(pid, "VmHWM:");

    private static long Status(int pid, string name)
    {
        var line = File.ReadLines($"/proc/{pid}/status").First(item => item.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], NumberStyles.None, CultureInfo.InvariantCulture) * 1024;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ClockGetTime(int clock, out TimeSpec time);

    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
