using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Gantry.Cli.Demo;

/// <summary>One service of the shop as a child process, in one life: started, counted, stopped.</summary>
internal sealed class ShopService : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    // What would make a dark service send, or another service of it, or a larger shop.
    private static readonly string[] Unwanted = ["ORDERS_URL", "BANK_URL", "NODE_PATH", "OTEL_", "NODE_OPTIONS", "ASPNETCORE_", "DOTNET_STARTUP_HOOKS", "CORECLR_"];

    private const int SigTerm = 15;

    private readonly TimeProvider _time;
    private readonly Process _process;
    private readonly Task _output;
    private readonly Task _errors;
    private readonly bool _hadTelemetry;
    private string _lastError = "";

    private ShopService(ServicePlan plan, Process process, AccessLog log, TimeProvider time, bool hadTelemetry)
    {
        Plan = plan;
        _hadTelemetry = hadTelemetry;
        Log = log;
        _process = process;
        _time = time;
        _output = log.CopyAsync(process.StandardOutput);
        _errors = KeepLastLineAsync(process.StandardError);
    }

    public ServicePlan Plan { get; }

    public AccessLog Log { get; }

    public int Pid => _process.Id;

    /// <summary>It is the process that was started when the shop was dark.</summary>
    public bool IsUntouched => !_hadTelemetry && !_process.HasExited;

    /// <exception cref="CommandFailure">The program is not there.</exception>
    public static ShopService Start(ServicePlan plan, string logFolder, IEnumerable<KeyValuePair<string, string>> telemetry, TimeProvider time)
    {
        var start = new ProcessStartInfo(plan.Program)
        {
            WorkingDirectory = Path.GetDirectoryName(plan.Script),
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(plan.Script);
        foreach (var name in start.Environment.Keys.Where(name => Unwanted.Any(name.StartsWith)).ToList())
        {
            start.Environment.Remove(name);
        }

        var added = telemetry.ToList();
        foreach (var (name, value) in plan.Environment.Concat(added))
        {
            start.Environment[name] = value;
        }

        var log = new AccessLog(plan.Name, Path.Combine(logFolder, plan.Name + ".log"));
        try
        {
            return new ShopService(plan, Process.Start(start)!, log, time, added.Count > 0);
        }
        catch (Win32Exception exception)
        {
            log.Dispose();
            throw new CommandFailure($"{plan.Name} could not be started ({exception.Message})");
        }
    }

    public async Task WaitUntilListeningAsync(CancellationToken cancellation)
    {
        var began = _time.GetTimestamp();
        while (!await Ports.AnswersAsync(Plan.Port, cancellation))
        {
            if (_process.HasExited)
            {
                throw new CommandFailure($"{Plan.Name} ended at once (exit code {_process.ExitCode}: {_lastError})");
            }

            if (_time.GetElapsedTime(began) > StartPatience)
            {
                throw new CommandFailure($"{Plan.Name} (process {Pid}) does not listen on 127.0.0.1:{Plan.Port} after {StartPatience.TotalSeconds:0} s: {_lastError}");
            }

            await Task.Delay(Pause, _time, cancellation);
        }
    }

    /// <summary>Asks, then insists: with the auto-instrumentation loaded, a Node.js service without a handler of its own ignores SIGTERM.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _ = Signal(_process.Id, SigTerm);
            using var patience = new CancellationTokenSource(StopPatience, _time);
            await _process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        await Task.WhenAll(_output, _errors);
        Log.Dispose();
        _process.Dispose();
    }

    /// <summary>At once, for an end in haste.</summary>
    public void Kill()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
    }

    private async Task KeepLastLineAsync(StreamReader errors)
    {
        while (await errors.ReadLineAsync() is { } line)
        {
            _lastError = line.Length > 0 ? line : _lastError;
        }
    }

    /// <summary>kill(2); .NET can only send SIGKILL to another process.</summary>
    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Signal(int pid, int signal);
}
