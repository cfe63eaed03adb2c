using System.Collections.Concurrent;
using System.Diagnostics;
using Gantry.Agent.Boot;
using Gantry.Agent.Host;
using Gantry.Agent.Instrument.Injector;
using Gantry.Agent.Tests.Apply;
using Gantry.Estate.Instrumentation.Injector;
using Gantry.Protocol.Inventory;

namespace Gantry.Agent.Tests.Injector;

/// <summary>
/// A small supervisor, as PID 1 of a test machine is rarely systemd: real processes, with the environment of their unit's drop-in, and with what the host
/// copy's ld.so.preload names. Drop-ins act after a reload only, as systemd's do; SIGKILL follows SIGTERM.
/// </summary>
internal sealed class RealUnits(HostCopy host) : IUnitManager, IDisposable
{
    /// <summary>Read once, as the agent does: with the pid, a start time is an identity.</summary>
    private static readonly ulong Boot = ReadBoot();

    private readonly ConcurrentBag<Process> _all = [];
    private readonly Dictionary<string, string[]> _commands = [];
    private readonly ConcurrentDictionary<string, Process> _running = new();
    private readonly Dictionary<string, Dictionary<string, string>> _loaded = [];

    public ConcurrentQueue<string> Calls { get; } = new();

    public void Add(string unit, params string[] command)
    {
        _commands[unit] = command;
        Start(unit);
    }

    public int Pid(string unit) => _running[unit].Id;

    public IReadOnlyList<ProcessFact> Processes()
    {
        return [.. _running.Where(pair => !pair.Value.HasExited).Select(pair => Fact(pair.Key, pair.Value.Id, Boot)).OfType<ProcessFact>()];
    }

    public Task<string> ReloadAsync(CancellationToken cancellation)
    {
        Calls.Enqueue("reload");
        foreach (var unit in _commands.Keys)
        {
            var path = host.Root + InjectorPaths.DropIn(unit);
            _loaded[unit] = File.Exists(path) ? SystemdOracle.Environment(File.ReadAllText(path)) : [];
        }

        return Task.FromResult("");
    }

    public async Task<string> RestartAsync(string unit, CancellationToken cancellation)
    {
        Calls.Enqueue($"restart {unit}");
        var process = _running[unit];
        if (!process.HasExited)
        {
            using var term = Process.Start("kill", [$"{process.Id}"]);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(TimeSpan.FromMilliseconds(500));
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
                await process.WaitForExitAsync(cancellation);
            }
        }

        Start(unit);
        return "";
    }

    /// <summary>As an operator does for a while.</summary>
    public async Task StopAsync(string unit)
    {
        _running[unit].Kill();
        await _running[unit].WaitForExitAsync();
    }

    public async Task<bool> IsActiveAsync(string unit, CancellationToken cancellation)
    {
        // A service that fails, fails at once.
        await Task.Delay(500, cancellation);
        return !_running[unit].HasExited;
    }

    public void Dispose()
    {
        foreach (var process in _all)
        {
            if (!process.HasExited)
            {
                process.Kill();
            }

            process.Dispose();
        }
    }

    private void Start(string unit)
    {
        var start = new ProcessStartInfo(_commands[unit][0], _commands[unit][1..]);
        foreach (var (name, value) in _loaded.GetValueOrDefault(unit, []))
        {
            start.Environment[name] = value;
        }

        if (File.Exists(host.Root + InjectorPaths.Preload) && host.Read(InjectorPaths.Preload).Contains(InjectorPaths.Library))
        {
            start.Environment["LD_PRELOAD"] = host.Root + InjectorPaths.Library;
        }

        var process = Process.Start(start)!;
        _all.Add(process);
        _running[unit] = process;
    }

    private static ulong ReadBoot()
    {
        using var proc = new ProcFiles("/proc");
        return BootTime.ReadUnixNano(proc);
    }

    private static ProcessFact? Fact(string unit, int pid, ulong boot)
    {
        try
        {
            var ticks = ulong.Parse(File.ReadAllText($"/proc/{pid}/stat").Split(") ")[1].Split(' ')[19]);
            return new ProcessFact
            {
                Pid = (uint)pid,
                StartUnixNano = boot + (ticks * 10_000_000),
                Executable = new FileInfo($"/proc/{pid}/exe").LinkTarget ?? "",
                Language = "nodejs",
                Libc = "glibc",
                Unit = unit,
                DisplayName = unit.Split('.')[0],
            };
        }
        catch (IOException)
        {
            return null;
        }
    }
}
