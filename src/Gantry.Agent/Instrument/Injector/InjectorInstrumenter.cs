using Gantry.Agent.Apply;
using Gantry.Agent.Boot;
using Gantry.Estate.Instrumentation;
using Gantry.Estate.Instrumentation.Injector;
using Gantry.Protocol.Inventory;
using Microsoft.Extensions.Logging;

namespace Gantry.Agent.Instrument.Injector;

/// <summary>
/// Instruments by files: the injector's, and the environment of units. Files are written by a task of its own, one set after the other; the state of a
/// process is worked out from files and from the process, so that an agent that was restarted is right at once.
/// </summary>
/// <param name="processes">What the last scan found; read from another thread.</param>
/// <param name="observed">Whether telemetry of a process arrived; called from another thread.</param>
/// <param name="canVerify">Whether the hub can say what it observes: without it no restart begins, and silence is no failure. Called from another thread.</param>
internal sealed partial class InjectorInstrumenter(
    HostFiles files,
    Guard guard,
    IUnitManager units,
    Func<IReadOnlyList<ProcessFact>> processes,
    Func<ProcessFact, bool> observed,
    TimeProvider time,
    ILogger logger,
    InjectorOptions options,
    Func<bool>? canVerify = null) : IInstrumenter
{
    /// <summary>A start time is up to so much too early: the kernel tells its boot in whole seconds, and starts in hundredths behind it.</summary>
    private const ulong ClockTolerance = 1_010_000_000;

    private readonly HostReader _host = new(files, options.Agents);
    private readonly ProcessEvidence _evidence = new(options.ProcRoot);
    private readonly FailedPlans _failed = new(options.StateFolder);
    private readonly StoppedServices _stopped = new(options.StateFolder);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private (InstrumentationPlan Plan, IReadOnlyList<Target> Targets)? _next;
    private Task _work = Task.CompletedTask;
    private readonly HashSet<string> _restarted = [];
    private string _restartedFor = "";
    private string _baked = "";
    private volatile string _ended = "";
    private volatile InjectorWish _wish = InjectorWish.Nothing;

    public IReadOnlyList<string> Methods { get; } = [InjectorRenderer.InjectorMethod, InjectorRenderer.EnvironmentMethod];

    public void Want(InstrumentationPlan plan, IReadOnlyList<Target> targets)
    {
        lock (_gate)
        {
            _next = (plan, targets);

            // States are asked for before the files of a new process are looked at.
            _wish = Of(plan, _wish.Key, targets, _wish.Blocked);
            if (_work.IsCompleted)
            {
                _work = Task.Run(WorkAsync, CancellationToken.None);
            }
        }
    }

    public InstrumentationStatus? StatusOf(ProcessFact process)
    {
        var wish = _wish;
        if (!wish.Targets.TryGetValue(InjectorWish.Id(process), out var target))
        {
            return null;
        }

        var status = new InstrumentationStatus { Method = target.Method, Rule = target.Rule.Name };
        if (wish.Blocked.TryGetValue(InjectorWish.Id(process), out var blocked))
        {
            status.State = InstrumentationState.Blocked;
            (status.Reason, status.Message) = blocked;
            return status;
        }

        status.Evidence = Loaded(target);
        var written = WrittenAt(target, status.Evidence.Length > 0);
        var isLoaded = status.Evidence.Length > 0 && process.StartUnixNano + ClockTolerance >= written;
        status.State = isLoaded ? observed(process) ? InstrumentationState.Observed : InstrumentationState.Loaded
            : written > process.StartUnixNano ? InstrumentationState.RestartPending
            : InstrumentationState.Configured;
        status.Message = status.State switch
        {
            InstrumentationState.RestartPending when _ended.Length > 0 => $"it started before its files were written, and the rollout of this plan ended: {_ended}; restart {process.Unit} yourself, or change the plan",
            InstrumentationState.RestartPending => process.Unit.Length > 0 ? $"it started before its files were written; restart {process.Unit}" : "it started before its files were written; restart it",
            InstrumentationState.Configured when written > 0 => "it started with its files in place, and nothing of the instrumentation is in it yet",
            _ => "",
        };
        return status;
    }

    /// <summary>The kill switch: gives all files back, and takes the injector's line out of ld.so.preload, whoever put it there. 'gantry-agent rollback' gives that back.</summary>
    public void KillSwitch(string reason)
    {
        files.TakeOut(InjectorPaths.Library);
        Log.TakenOut(logger, reason);
        Skipped(files.Set([]));
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync();
        Task work;
        lock (_gate)
        {
            work = _work;
            _next = null;
        }

        try
        {
            await work;
        }
        catch (OperationCanceledException)
        {
            // What it was about stays as the files say it.
        }

        _stop.Dispose();
    }

    private async Task WorkAsync()
    {
        while (true)
        {
            (InstrumentationPlan Plan, IReadOnlyList<Target> Targets) next;
            lock (_gate)
            {
                if (_next is null || _stop.IsCancellationRequested)
                {
                    _work = Task.CompletedTask;
                    return;
                }

                next = _next.Value;
                _next = null;
            }

            try
            {
                await CarryOutAsync(next.Plan, next.Targets);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                Log.Failed(logger, e);
            }
        }
    }

    private async Task CarryOutAsync(InstrumentationPlan plan, IReadOnlyList<Target> targets)
    {
        var key = FailedPlans.KeyOf(plan);
        if (!Write(plan, key, targets, out var changed))
        {
            return;
        }

        if (changed)
        {
            await ReloadAsync();
        }

        // A rollout that ended does not go on with the next scan, nor with the next start of the agent.
        _ended = plan.Restart == RestartPolicy.OneFirst ? _failed.Of(key).GetValueOrDefault(FailedPlans.Ended, "") : "";
        if (plan.Restart == RestartPolicy.OneFirst && _ended.Length == 0 && CanVerify())
        {
            if (_restartedFor != key)
            {
                _restarted.Clear();
                _restartedFor = key;
            }

            await new UnitRollout(this, plan, key, targets).RunAsync(_stop.Token);
        }
    }

    /// <summary>Renders and writes, and publishes what is blocked.</summary>
    /// <returns>False when nothing can be written.</returns>
    private bool Write(InstrumentationPlan plan, string key, IReadOnlyList<Target> targets, out bool changed)
    {
        changed = false;
        var blocked = new Dictionary<(uint, ulong), (string, string)>();
        var failed = _failed.Of(key);
        var hasInjector = _host.HasInjector;
        bool isTakenOut;
        try
        {
            isTakenOut = files.IsTakenOut();
        }
        catch (ApplyException e)
        {
            Publish(plan, key, targets, targets.ToDictionary(target => InjectorWish.Id(target.Process), _ => (InstrumentationReasons.Failed, e.Message)));
            return false;
        }

        var usable = new List<Target>();
        foreach (var target in targets)
        {
            if (Blocked(target, failed, hasInjector, isTakenOut) is { } reason)
            {
                blocked[InjectorWish.Id(target.Process)] = reason;
            }
            else
            {
                usable.Add(target);
            }
        }

        var rendered = Render(plan, usable);
        foreach (var (process, message) in rendered.Refused)
        {
            blocked[InjectorWish.Id(process)] = (message.Contains("not on this host", StringComparison.Ordinal) ? InstrumentationReasons.NotInstalled : InstrumentationReasons.Failed, message);
        }

        try
        {
            var wanted = _stopped.Keep(plan, usable, processes(), rendered.Files, files,
                (service, method) => failed.ContainsKey(FailedPlans.All) || failed.ContainsKey(service) || (isTakenOut && method == InjectorRenderer.InjectorMethod));
            var isInjected = wanted.Any(file => file.Path == InjectorPaths.Conf);
            var done = files.Set(isInjected || !StaysNarrow(plan, targets) ? wanted : [.. wanted, EmptySelection.File], isInjected ? InjectorPaths.Library : "");
            changed = done.IsChanged;
            Skipped(done);
            foreach (var target in usable)
            {
                if (Skipped(done, target) is { } message)
                {
                    blocked[InjectorWish.Id(target.Process)] = (InstrumentationReasons.Failed, message);
                }
            }
        }
        catch (ApplyException e)
        {
            Apply.Log.Refused(logger, e.Message);
            foreach (var target in usable)
            {
                blocked[InjectorWish.Id(target.Process)] = (InstrumentationReasons.Failed, e.Message);
            }

            Publish(plan, key, targets, blocked);
            return false;
        }

        Publish(plan, key, targets, blocked);
        return true;
    }

    /// <summary>
    /// The line of a package stays when our files go, and without a file of ours the injector takes the whole host. So one that selects nothing stays for as long as the
    /// plan has to do with the injector, also while its service is between two processes.
    /// </summary>
    private bool StaysNarrow(InstrumentationPlan plan, IReadOnlyList<Target> targets) =>
        guard.Allows(GuardedAction.Injector)
        && (targets.Any(target => target.Method == InjectorRenderer.InjectorMethod)
            || (plan.Rules.Any(rule => rule.MayBeBy(InjectorRenderer.InjectorMethod)) && files.Current(InjectorPaths.Conf) is not null))
        && files.IsPreloadedByOthers(InjectorPaths.Library);

    /// <summary>Why a file that acts on the target is not as it is to be; null when all are.</summary>
    private static string? Skipped(HostChange done, Target target) =>
        done.Skipped.Where(file => (target.Process.Unit.Length > 0 && file.Key == InjectorPaths.DropIn(target.Process.Unit))
            || (target.Method == InjectorRenderer.InjectorMethod && !file.Key.StartsWith(InjectorPaths.UnitFolder, StringComparison.Ordinal))).Select(file => file.Value).FirstOrDefault();

    private void Skipped(HostChange done)
    {
        foreach (var message in done.Skipped.Values)
        {
            Apply.Log.Skipped(logger, message);
        }
    }

    private (string Reason, string Message)? Blocked(Target target, IReadOnlyDictionary<string, string> failed, bool hasInjector, bool isTakenOut)
    {
        var (process, isInjector) = (target.Process, target.Method == InjectorRenderer.InjectorMethod);
        return failed.TryGetValue(FailedPlans.All, out var why) || (process.Unit.Length > 0 && failed.TryGetValue(process.Unit, out why)) ? (InstrumentationReasons.RolledBack, why)
            : isInjector && isTakenOut ? (InstrumentationReasons.RolledBack, "the injector's line was taken out of /etc/ld.so.preload, as the last resort; 'gantry-agent rollback' gives it back")
            : isInjector && !guard.Allows(GuardedAction.Injector) ? (InstrumentationReasons.Guard, $"the guard file of this host does not allow it; '{Guard.LineFor(GuardedAction.Injector)}' would")
            : process.Unit.Length > 0 && !guard.Allows(GuardedAction.Unit, process.Unit) ? (InstrumentationReasons.Guard, $"the guard file of this host does not allow it; '{Guard.LineFor(GuardedAction.Unit, process.Unit)}' would")
            : process.ContainerId.Length > 0 ? (InstrumentationReasons.Container, "it is in a container, which does not see the host's files; its image or task has to carry the instrumentation")
            : process.IsStatic && isInjector ? (InstrumentationReasons.StaticBinary, "it has no loader, so nothing can be preloaded")
            : process.IsSecureExec && isInjector ? (InstrumentationReasons.SecureExec, "it runs with raised rights, and its loader ignores what is preloaded")
            : isInjector && !hasInjector ? (InstrumentationReasons.NotInstalled, $"{InjectorPaths.Library} is not on this host; install the package opentelemetry-injector")
            : null;
    }

    private InjectorFiles Render(InstrumentationPlan plan, List<Target> targets)
    {
        var byEnvironment = targets.Where(target => target.Method == InjectorRenderer.EnvironmentMethod);
        return InjectorRenderer.Render(plan, new InjectorHost
        {
            Injected = [.. targets.Where(target => target.Method == InjectorRenderer.InjectorMethod).Select(target => new InjectorTarget(target.Process, target.Rule))],
            ByEnvironment = [.. byEnvironment.Select(target => new InjectorTarget(target.Process, target.Rule, Has(target.Process)))],
            Processes = processes(),
            Agents = _host.Agents(),
            OtherFiles = _host.OtherFiles(),
            Architecture = HostReader.Architecture,
        });
    }

    /// <summary>
    /// What the process had before us. One that started with our drop-in has what we gave it, mixed by its start script with what it adds itself: there the drop-in
    /// tells what it had, else the file would change with each restart.
    /// </summary>
    private Dictionary<string, string> Has(ProcessFact process)
    {
        var kept = _evidence.Kept(process, out var isOurs);
        if ((isOurs || kept.Count == 0) && _host.DropIn(process.Unit) is { } dropIn)
        {
            var had = UnitDropIn.Had(dropIn);
            foreach (var name in LanguageVariables.Kept.Where(name => UnitDropIn.Sets(dropIn, name)))
            {
                kept.Remove(name);
                if (had.TryGetValue(name, out var value))
                {
                    kept[name] = value;
                }
            }
        }

        return kept;
    }

    private void Publish(InstrumentationPlan plan, string key, IReadOnlyList<Target> targets, IReadOnlyDictionary<(uint, ulong), (string, string)> blocked)
    {
        lock (_gate)
        {
            _wish = Of(plan, key, _next?.Targets ?? targets, blocked);
        }
    }

    private static InjectorWish Of(InstrumentationPlan plan, string key, IReadOnlyList<Target> targets, IReadOnlyDictionary<(uint, ulong), (string, string)> blocked)
    {
        var all = new Dictionary<(uint, ulong), Target>();
        foreach (var target in targets)
        {
            all[InjectorWish.Id(target.Process)] = target;
        }

        return new InjectorWish(plan, key, all, blocked);
    }

    /// <summary>Whether something else is wanted by now; the same plan for another scan is not.</summary>
    private bool IsOvertaken(string key)
    {
        lock (_gate)
        {
            return _next is { } next && FailedPlans.KeyOf(next.Plan) != key;
        }
    }

    private string Loaded(Target target)
    {
        var process = target.Process;
        if (target.Method == InjectorRenderer.InjectorMethod)
        {
            return _evidence.Mapped(process, "libotelinject.so");
        }

        var agent = _host.Agents().GetValueOrDefault(process.Language, "");
        return agent.Length == 0 ? ""
            : process.Language == "dotnet" ? _evidence.Mapped(process, "OpenTelemetry.AutoInstrumentation.Native.so")
            : _evidence.StartedWith(process, LanguageVariables.Mark(process.Language, agent)) ? $"it was started with {agent} in its environment" : "";
    }

    /// <summary>
    /// The youngest of the files that act on its start: the drop-in of its unit, which selects it whatever the host's file says; without one the host's file. The
    /// library is in every process once the line in ld.so.preload is there, also in those that are not selected: it says nothing of the host's file.
    /// </summary>
    private ulong WrittenAt(Target target, bool isIn)
    {
        var unit = target.Process.Unit.Length > 0 && UnitDropIn.UnitProblem(target.Process.Unit) is null ? _host.WrittenAt(InjectorPaths.DropIn(target.Process.Unit)) : 0;
        return target.Method != InjectorRenderer.InjectorMethod ? unit
            : Math.Max(unit > 0 ? unit : _host.WrittenAt(InjectorPaths.Conf), isIn ? 0 : _host.WrittenAt(InjectorPaths.Preload));
    }

    private async Task ReloadAsync()
    {
        var problem = await units.ReloadAsync(_stop.Token);
        if (problem.Length > 0)
        {
            Apply.Log.Refused(logger, problem);
        }
    }

    private bool CanVerify() => canVerify is null || canVerify();

    private HostFiles Files => files;

    private Guard Guard => guard;

    private IUnitManager Units => units;

    private Func<IReadOnlyList<ProcessFact>> Processes => processes;

    private Func<ProcessFact, bool> Observed => observed;

    private TimeProvider Time => time;

    private ILogger Logger => logger;

    private InjectorOptions Options => options;
}
