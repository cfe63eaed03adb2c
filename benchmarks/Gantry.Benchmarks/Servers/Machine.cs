namespace Gantry.Benchmarks.Servers;

internal static class Machine
{
    public static void RequireLinux()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new BenchmarkException("whole processes are measured with Linux's process clocks and /proc: Linux only");
        }
    }
}
