using Gantry.Agent.Host;
using Gantry.Agent.Supervise;
using Gantry.Estate.Instrumentation;
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
    ChildSupervisor supervisor, ProcFiles proc, ProcFiles sys, Func<IReadOnlyList<ProcessFact>> processes, Func<ProcessFact, bool> observed, ObiOptions options) : IInstrumenter
{
    private readonly Dictionary<(uint Pid, ulong Start), Target> _targets = [];
    private string _configuration = "";
    private ChildOptions? _child;
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

        _blocked = default;
        if (!plan.Obi || targets.Count == 0)
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

        // Others than the targets that a rule would reach: something else instruments them.
        var others = processes().Where(process => !_targets.ContainsKey((process.Pid, process.StartUnixNano)) && plan.RuleFor(process)?.Action == RuleAction.Allow).Select(process => process.Pid).ToHashSet();
        if (ObiRenderer.Render(plan, options.Version, options.Gateway, others, out var problems) is not { } text)
        {
            Block(InstrumentationReasons.Failed, problems[0].ToString());
            return;
        }

        Run(text);
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
    public void Tick() => supervisor.Tick();

    public ValueTask DisposeAsync() => supervisor.DisposeAsync();

    private void Run(string text)
    {
        if (text == _configuration && _child is not null)
        {
            supervisor.Want(_child);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(options.Configuration)!);
        File.WriteAllText(options.Configuration + ".new", text);
        File.Move(options.Configuration + ".new", options.Configuration, overwrite: true);
        _configuration = text;
        _child = new ChildOptions(options.Program, ["--config", options.Configuration]) { MostMemory = options.MostMemory };
        supervisor.Want(_child);
    }

    private void Block(string reason, string message)
    {
        _blocked = (reason, message);
        Stop();
    }

    private void Stop()
    {
        supervisor.Want(null);
        _child = null;
    }
}
