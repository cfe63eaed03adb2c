using System.Diagnostics;

namespace Gantry.Agent.Tests.Processes;

/// <summary>A real process that a test starts, which prints one line when it is ready and lives until the test ends.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>The line it printed.</summary>
    public string Line { get; private set; } = "";

    public static async Task<ChildProcess> StartAsync(string program, string[] arguments, string folder, params (string Key, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardInput = true, WorkingDirectory = folder };
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        var child = new ChildProcess(Process.Start(start)!);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        child.Line = await child._process.StandardOutput.ReadLineAsync(limit.Token) ?? "";
        return child;
    }

    /// <summary>Null when this machine does not have it; the test is then skipped, not passed.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
