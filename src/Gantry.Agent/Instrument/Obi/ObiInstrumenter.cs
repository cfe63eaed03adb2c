using Gantry.Agent.Host;
using Gantry.Agent.Supervise;
using Gantry.Estate.Instrumentation;
using Gantry.Estate.Instrumentation.Injector;
using Gantry.Estate.Instrumentation.Obi;
using Gantry.Protocol.Inventory;

namespace Gantry.Agent.Instrument.Obi;

/// <summary>How the agent runs OBI.</summary>
/// <param name="Program">Absolute path of the obi program; the guard's <c>allow run</c> must name it.</param>
/// <param name="Configuration">Where its configuration is written, in the agent's state folder.</param>
/// <param name="Gateway">"http://127.0.0.1:4318".</param>
/// <param name="Version">Of its configuration: 1, or 2 from 0.11 on.</param>
internal sealed record ObiOptions(string Program, string Configuration, string Gateway, int Version = 1)
{
    public long MostMemory { get; init; } = 1L << 30;
}

/// <summary>Runs OBI as a child while somebody wants it. OBI reads its configuration at its start only, so another one is another child.</summary>
/// <param name="processes">What the last scan found.</param>
/// <param name="observed">Whether OBI's telemetry of a process arrived.</param>
internal sealed class ObiInstrumenter(
    ChildSupervisor supervisor, ProcFiles proc, ProcFiles sys, Func<IReadOnlyList<ProcessFact>> processes, Func<ProcessFact, bool> observed, TimeProvider time, ObiOptions options)
    : IInstrumenter
{
    /// <summary>Between two starts for the sake of excluded pids: each start loses what OBI knows of open connections, and processes come and go all the time.</summary>
    public static readonly TimeSpan BetweenStarts = TimeSpan.FromMinutes(5);

    /// <summary>How long OBI goes on without a process that it is for: the only one may be starting again.</summary>
    public static readonly TimeSpan WithoutTargets = TimeSpan.FromMinutes(2);

    private readonly Dictionary<(uint Pid, ulong Start), Target> _targets = [];
    private readonly HashSet<uint> _others = [];
    private InstrumentationPlan _plan = InstrumentationPlan.Nothing;

    /// <summary>What OBI runs with, but for the pids; "" when it is not wanted.</summary>
    private string _selection = "";

    /// <summary>The pids that what OBI runs with excludes.</summary>
    private HashSet<uint> _excluded = [];
    private long _since;
    private long? _withoutTargets;
    private (string Reason, string Message) _blocked;

    public IReadOnlyList<string> Methods { get; } = [ObiSelection.Method];

    public ChildStatus Child => supervisor.Status;

    public void Want(InstrumentationPlan plan, IReadOnlyList<Target> targets)
    {
        _targets.Clear();
        foreach (var target in targets)
        {
            _targets[(target.Process.Pid, target.Process.StartUnixNano)] = target;
        }

        _plan = plan;
        _blocked = default;
        _others.Clear();
        if (!plan.Obi || (targets.Count == 0 && _selection.Length == 0))
        {
            Stop();
            return;
        }

        var missing = ObiCheck.Missing(ObiCheck.Run(proc, sys));
        if (missing.Length > 0)
        {
            Block(InstrumentationReasons.Host, missing);
            return;
        }

        if (!File.Exists(options.Program))
        {
            Block(InstrumentationReasons.NotInstalled, $"{options.Program} is not on this host; install OBI there");
            return;
        }

        if (Render([], out var problems) is not { } selection || ObiSelection.Compile(plan.Rules, out problems) is not { } reach)
        {
            Block(InstrumentationReasons.Failed, problems[0].ToString());
            return;
        }

        // Others than the targets that OBI would reach by itself: something else instruments them.
        foreach (var process in processes())
        {
            if (!_targets.ContainsKey((process.Pid, process.StartUnixNano)) && reach.Reaches(process))
            {
                _others.Add(process.Pid);
            }
        }

        Decide(selection);
    }

    public InstrumentationStatus? StatusOf(ProcessFact process)
    {
        if (!_targets.TryGetValue((process.Pid, process.StartUnixNano), out var target))
        {
            return null;
        }

        var status = new InstrumentationStatus { Method = ObiSelection.Method, Rule = target.Rule.Name };
        var child = supervisor.Status;
        if (_blocked.Reason is { Length: > 0 })
        {
            (status.State, status.Reason, status.Message) = (InstrumentationState.Blocked, _blocked.Reason, _blocked.Message);
        }
        else if (child.State == ChildState.GivenUp)
        {
            (status.State, status.Message) = (InstrumentationState.Blocked, child.Reason);
            status.Reason = child.Starts == 0 ? InstrumentationReasons.Guard : InstrumentationReasons.Failed;
        }
        else if (child.State == ChildState.Healthy && observed(process))
        {
            (status.State, status.Evidence) = (InstrumentationState.Observed, $"OBI runs as pid {child.Pid}, and its telemetry of this process arrived");
        }
        else
        {
            (status.State, status.Message) = (InstrumentationState.Configured, child.State == ChildState.Healthy ? "OBI runs; nothing of this process arrived yet" : $"OBI is {child.State}. {child.Reason}".TrimEnd());
        }

        return status;
    }

    /// <summary>The agent's second hand.</summary>
    public void Tick()
    {
        // What had to wait may be due, also when nothing changes any more.
        if (_selection.Length > 0)
        {
            try
            {
                Decide(_selection);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                Block(InstrumentationReasons.Failed, $"OBI's configuration cannot be written: {error.Message}");
            }
        }

        supervisor.Tick();
    }

    public ValueTask DisposeAsync() => supervisor.DisposeAsync();

    /// <summary>Another selection is another start at once. Pids alone wait for their time, and those that went away are left in.</summary>
    private void Decide(string selection)
    {
        if (_targets.Count > 0)
        {
            _withoutTargets = null;
        }
        else
        {
            // With none left OBI goes on for a moment, but only as it is: not with other rules, and not into what something else instruments by now.
            _withoutTargets ??= time.GetTimestamp();
            if (selection != _selection || !_excluded.IsSupersetOf(_others) || time.GetElapsedTime(_withoutTargets.Value) >= WithoutTargets)
            {
                Stop();
            }

            return;
        }

        // A pid that is excluded may have become a target's: attached to before, or another process's by now.
        var areOthers = !_excluded.IsSupersetOf(_others) || _targets.Keys.Any(target => _excluded.Contains(target.Pid));
        if (selection != _selection || (areOthers && time.GetElapsedTime(_since) >= BetweenStarts))
        {
            Start(selection);
        }
    }

    private void Start(string selection)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(options.Configuration)!);
        File.WriteAllText(options.Configuration + ".new", Render(_others, out _));
        File.Move(options.Configuration + ".new", options.Configuration, overwrite: true);
        _selection = selection;
        _excluded = [.. _others];
        _since = time.GetTimestamp();
        supervisor.Want(new ChildOptions(options.Program, ["--config", options.Configuration]) { MostMemory = options.MostMemory });
    }

    private string? Render(IReadOnlyCollection<uint> excluded, out IReadOnlyList<InjectorProblem> problems) =>
        ObiRenderer.Render(_plan, options.Version, options.Gateway, excluded, out problems);

    private void Block(string reason, string message)
    {
        _blocked = (reason, message);
        Stop();
    }

    private void Stop()
    {
        supervisor.Want(null);
        _selection = "";
        _excluded = [];
        _withoutTargets = null;
    }
}
