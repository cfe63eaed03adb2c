using System.ComponentModel;
using System.Diagnostics;

namespace Gantry.Cli.Demo.Gaps;

/// <summary>A program that runs beside the shop and never outlives the demo: ended by the id that it was started with.</summary>
internal sealed class ChildProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _reading;

    private ChildProgram(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(KeepLastLineAsync(process.StandardOutput), KeepLastLineAsync(process.StandardError));
        AppDomain.CurrentDomain.ProcessExit += Kill;
    }

    public bool HasExited => _process.HasExited;

    /// <summary>What it said last; "" when it said nothing.</summary>
    public string LastLine { get; private set; } = "";

    /// <param name="inherited">Which variables of this process it may have.</param>
    /// <exception cref="CommandFailure">The program is not there.</exception>
    public static ChildProgram Start(string program, string folder, Predicate<string> inherited, IEnumerable<KeyValuePair<string, string>> environment)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => !inherited(name)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            return new ChildProgram(Process.Start(start)!);
        }
        catch (Win32Exception exception)
        {
            throw new CommandFailure($"{program} could not be started ({exception.Message})");
        }
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= Kill;
        Kill(null, EventArgs.Empty);
        await _process.WaitForExitAsync(CancellationToken.None);
        // Not waited for: what it started itself may hold its pipes a moment longer.
        _ = _reading;
        _process.Dispose();
    }

    private void Kill(object? sender, EventArgs e)
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
    }

    private async Task KeepLastLineAsync(StreamReader from)
    {
        try
        {
            while (await from.ReadLineAsync() is { } line)
            {
                LastLine = line.Trim() is { Length: > 0 } words ? words : LastLine;
            }
        }
        catch (ObjectDisposedException)
        {
            // It was ended.
        }
    }
}
