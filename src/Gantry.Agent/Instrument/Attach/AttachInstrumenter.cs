using System.Collections.Concurrent;
using Gantry.Agent.Boot;
using Gantry.Agent.Host;
using Gantry.Agent.Instrument.Attach.Forward;
using Gantry.Estate.Instrumentation;
using Gantry.Estate.Methods;
using Gantry.Protocol.Inventory;
using Microsoft.Extensions.Logging;

namespace Gantry.Agent.Instrument.Attach;

/// <summary>
/// Attaches to running .NET processes over their diagnostic port, and makes OTLP of what their runtimes tell: no restart, nothing loaded into them, nothing left when
/// it ends.
/// </summary>
internal sealed class AttachInstrumenter : IInstrumenter
{
    public const string Method = AgentMethods.Attach;

    /// <summary>The first version whose meters say what a request was.</summary>
    public const int OldestMajor = 8;

    private readonly ConcurrentDictionary<(uint Pid, ulong Start), AttachedProcess> _attached = [];
    private readonly Dictionary<(uint Pid, ulong Start), InstrumentationStatus> _refused = [];
    private readonly Dictionary<(uint Pid, ulong Start), Task> _stopping = [];
    private readonly ProcFiles _proc;
    private readonly AttachContext _context;
    private readonly Guard _guard;
    private bool _isDisposed;

    /// <param name="procRoot">The host's /proc.</param>
    /// <param name="bootUnixNano">As processes' start times were worked out with.</param>
    /// <param name="gateway">Base address of an OTLP/HTTP receiver.</param>
    public AttachInstrumenter(string procRoot, ulong bootUnixNano, HostIdentity host, Uri gateway, Guard guard, TimeProvider time, ILogger logger, AttachSettings? settings = null)
    {
        // Sessions look for their sockets from threads of their own: the agent's reader is not for them.
        _proc = new ProcFiles(procRoot);
        _guard = guard;
        _context = new AttachContext(_proc, bootUnixNano, host, new OtlpForwarder(gateway, time, logger), settings ?? new AttachSettings(), time, logger);
    }

    public IReadOnlyList<string> Methods { get; } = [Method];

    /// <summary>Of all processes that are attached to now.</summary>
    public IEnumerable<AttachedProcess> Attached => _attached.Values;

    public void Want(InstrumentationPlan plan, IReadOnlyList<Target> targets)
    {
        _refused.Clear();
        var wanted = new HashSet<(uint, ulong)>();
        foreach (var target in targets)
        {
            var key = (target.Process.Pid, target.Process.StartUnixNano);
            if (Refusal(target) is { } refusal)
            {
                _refused[key] = refusal;
            }
            else if (target.Method == Method && wanted.Add(key))
            {
                Attach(key, target);
            }
        }

        foreach (var key in _attached.Keys.Where(key => !wanted.Contains(key)))
        {
            Detach(key);
        }

        foreach (var (key, _) in _stopping.Where(item => item.Value.IsCompleted).ToList())
        {
            _stopping.Remove(key);
        }
    }

    public void Tick()
    {
        foreach (var attached in _attached.Values)
        {
            attached.Tick();
        }
    }

    public InstrumentationStatus? StatusOf(ProcessFact process)
    {
        var key = (process.Pid, process.StartUnixNano);
        return _attached.TryGetValue(key, out var attached) ? attached.Status() : _refused.GetValueOrDefault(key);
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        foreach (var key in _attached.Keys)
        {
            Detach(key);
        }

        await Task.WhenAll(_stopping.Values);
        await _context.Forwarder.DisposeAsync();
        _proc.Dispose();
    }

    private void Attach((uint Pid, ulong Start) key, Target target)
    {
        if (_attached.TryGetValue(key, out var present))
        {
            if (present.Target.Rule.ServiceOf(target.Process) == target.Rule.ServiceOf(target.Process) && present.Target.Rule.Namespace == target.Rule.Namespace)
            {
                present.Target = target;
                return;
            }

            // What it sends is to be called otherwise from now on.
            Detach(key);
        }

        // Two at once would be the same session and the same service.instance.id, and count everything twice.
        _attached[key] = new AttachedProcess(target, _context, _stopping.GetValueOrDefault(key, Task.CompletedTask));
    }

    private void Detach((uint Pid, ulong Start) key)
    {
        if (_attached.TryRemove(key, out var attached))
        {
            // What it waits for itself, an earlier one of this process, ends before it does.
            _stopping[key] = attached.DisposeAsync().AsTask();
        }
    }

    private InstrumentationStatus? Refusal(Target target)
    {
        var process = target.Process;
        if (!_guard.Allows(GuardedAction.Attach, process.Executable))
        {
            return Blocked(target, InstrumentationReasons.Guard, $"this host does not allow it; the line '{Guard.LineFor(GuardedAction.Attach, process.Executable)}' in its guard file would");
        }

        if (process.IsNativeCode)
        {
            return Blocked(target, InstrumentationReasons.NativeCode, "it is compiled ahead of time: its runtime has no diagnostic port as others have");
        }

        return int.TryParse(process.RuntimeVersion.Split('.')[0], out var major) && major < OldestMajor
            ? Blocked(target, InstrumentationReasons.UnsupportedVersion, $"it runs on .NET {major}; .NET {OldestMajor} or later has the meters that are needed")
            : null;
    }

    private static InstrumentationStatus Blocked(Target target, string reason, string message) => new()
    {
        State = InstrumentationState.Blocked,
        Reason = reason,
        Message = message,
        Method = Method,
        Rule = target.Rule.Name,
    };
}
