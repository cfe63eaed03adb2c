using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Gantry.System.Tests;

/// <summary>The built program `gantry` as a child process.</summary>
internal sealed class GantryProcess : IAsyncDisposable
{
    public const int SigInt = 2;
    public const int SigKill = 9;
    public const int SigTerm = 15;

    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly Task _reading;

    private GantryProcess(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput, _output), ReadAsync(process.StandardError, _error));
    }

    public string Out => Text(_output);

    public string Error => Text(_error);

    public static GantryProcess Start(IEnumerable<(string Name, string Value)> environment, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Program(), .. args])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new GantryProcess(Process.Start(start)!);
    }

    /// <summary>Runs a verb to its end.</summary>
    public static async Task<(int ExitCode, string Out, string Error)> RunAsync(
        IEnumerable<(string Name, string Value)> environment, TimeSpan limit, params string[] args)
    {
        await using var process = Start(environment, args);
        var code = await process.WaitForExitAsync(limit);
        return (code, process.Out, process.Error);
    }

    /// <param name="limit">Reached, it fails with what was said so far.</param>
    public async Task WaitForAsync(string what, Func<bool> isThere, TimeSpan limit)
    {
        var clock = Stopwatch.StartNew();
        while (!isThere())
        {
            if (_process.HasExited || clock.Elapsed > limit)
            {
                var why = _process.HasExited ? $"it ended with exit code {_process.ExitCode}" : $"not within {limit.TotalSeconds:0} s";
                Assert.Fail($"expected {what}, but {why}.\nstdout:\n{Out}\nstderr:\n{Error}");
            }

            await Task.Delay(50);
        }
    }

    /// <summary>Asks it to end; whatever it said is in the failure when it does not end well.</summary>
    public async Task StopAsync(int signal, int expected = 0)
    {
        Assert.Equal(0, Kill(_process.Id, signal));
        var code = await WaitForExitAsync(ExitLimit);
        Assert.True(code == expected, $"expected exit code {expected} after signal {signal}, but it was {code}.\nstdout:\n{Out}\nstderr:\n{Error}");
    }

    public async Task<int> WaitForExitAsync(TimeSpan limit)
    {
        using var patience = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"expected the end of the process within {limit.TotalSeconds:0} s.\nstdout:\n{Out}\nstderr:\n{Error}");
        }

        await _reading;
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    /// <summary>Built beside these tests, in the same configuration.</summary>
    private static string Program()
    {
        var configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/'));
        var program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Gantry.Cli", configuration, "gantry.dll"));
        return File.Exists(program) ? program : throw new InvalidOperationException($"{program} was not built");
    }

    private static async Task ReadAsync(StreamReader from, StringBuilder to)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            lock (to)
            {
                to.AppendLine(line);
            }
        }
    }

    private static string Text(StringBuilder builder)
    {
        lock (builder)
        {
            return builder.ToString();
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Kill(int pid, int signal);
}
