using System.Diagnostics;
using Gantry.Benchmarks.Servers;

namespace Gantry.Benchmarks.Agent;

/// <summary>
/// Publishes the native agent, starts it against a receiver that takes everything and a hub that is away, and watches it: what a host pays.
/// </summary>
internal static class AgentBenchmark
{
    private const double Megabyte = 1_000_000;

    private const int DefaultSeconds = 60;

    private sealed record Result(double BinaryMb, double RssMb, double CpuPercent, double StartMs, double Seconds, int Requests);

    public static async Task<int> RunAsync(Arguments arguments)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new BenchmarkException("the agent is measured with /proc: Linux only");
        }

        var binary = await PublishAsync(arguments);
        await using var sink = await DummySink.StartAsync();
        var state = Directory.CreateTempSubdirectory("gantry-bench-");
        var start = new ProcessStartInfo(binary)
        {
            ArgumentList =
            {
                "--hub", $"http://127.0.0.1:{DummySink.ClosedPort()}", "--gateway", sink.Url, "--interval", "10s", "--state", state.FullName,
            },
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        try
        {
            var result = await WatchAsync(start, new FileInfo(binary).Length, sink, arguments);
            arguments.Words.WriteLine($"size on disk   {result.BinaryMb,8:F1} MB");
            arguments.Words.WriteLine($"resident       {result.RssMb,8:F1} MB at the end");
            arguments.Words.WriteLine($"CPU            {result.CpuPercent,8:F2} % of one core over {result.Seconds:F0} s, the start included");
            arguments.Words.WriteLine($"start          {result.StartMs,8:F0} ms to the first request, {result.Requests} requests in all");
            arguments.Report(result);
            return 0;
        }
        finally
        {
            state.Delete(recursive: true);
        }
    }

    private static async Task<Result> WatchAsync(ProcessStartInfo start, long size, DummySink sink, Arguments arguments)
    {
        var watched = arguments.Seconds ?? DefaultSeconds;
        arguments.Words.WriteLine($"watching the agent for {watched} s");
        var started = Stopwatch.GetTimestamp();
        using var agent = Process.Start(start) ?? throw new BenchmarkException($"{start.FileName} did not start");
        var words = new List<string>();
        agent.OutputDataReceived += (_, line) => Keep(words, line.Data);
        agent.ErrorDataReceived += (_, line) => Keep(words, line.Data);
        agent.BeginOutputReadLine();
        agent.BeginErrorReadLine();
        try
        {
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
            while (Stopwatch.GetElapsedTime(started).TotalSeconds < watched && !agent.HasExited)
            {
                await timer.WaitForNextTickAsync();
            }

            if (agent.HasExited)
            {
                throw new BenchmarkException($"the agent ended by itself with code {agent.ExitCode}; its last words:\n{Last(words)}");
            }

            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            var cpu = ProcessUsage.CpuSeconds(agent.Id);
            var resident = ProcessUsage.ResidentBytes(agent.Id);
            if (sink.Requests == 0)
            {
                throw new BenchmarkException($"the agent sent nothing in {seconds:F0} s; its last words:\n{Last(words)}");
            }

            return new Result(
                Math.Round(size / Megabyte, 2),
                Math.Round(resident / Megabyte, 1),
                Math.Round(100 * cpu / seconds, 3),
                Math.Round(Stopwatch.GetElapsedTime(started, sink.FirstTimestamp).TotalMilliseconds, 1),
                Math.Round(seconds, 1),
                sink.Requests);
        }
        finally
        {
            agent.Kill();
            await agent.WaitForExitAsync();
        }
    }

    private static async Task<string> PublishAsync(Arguments arguments)
    {
        var project = Path.Combine(Repository.Root, "src", "Gantry.Agent", "Gantry.Agent.csproj");
        var output = Path.Combine(Repository.Root, "artifacts", "bench", "agent");
        var binary = Path.Combine(output, "gantry-agent");
        arguments.Words.WriteLine("publishing the agent, native, linux-x64");
        using var publish = Process.Start(new ProcessStartInfo("dotnet")
        {
            ArgumentList = { "publish", project, "-c", "Release", "-r", "linux-x64", "-o", output, "-v", "quiet", "--nologo" },
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new BenchmarkException("dotnet did not start");
        var words = new List<string>();
        publish.OutputDataReceived += (_, line) => Keep(words, line.Data);
        publish.ErrorDataReceived += (_, line) => Keep(words, line.Data);
        publish.BeginOutputReadLine();
        publish.BeginErrorReadLine();
        await publish.WaitForExitAsync();
        if (publish.ExitCode != 0 || !File.Exists(binary))
        {
            throw new BenchmarkException($"publishing the agent failed with code {publish.ExitCode}; its last words:\n{Last(words)}");
        }

        return binary;
    }

    private static void Keep(List<string> words, string? line)
    {
        lock (words)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                words.Add(line);
            }
        }
    }

    private static string Last(List<string> words)
    {
        lock (words)
        {
            return string.Join('\n', words.TakeLast(15));
        }
    }
}
