using Gantry.Estate.Instrumentation;
using Gantry.Estate.Methods;
using Gantry.Protocol.Inventory;
using Gantry.Protocol.Wire;
using Microsoft.Extensions.Logging;

namespace Gantry.Agent.Instrument;

/// <summary>
/// Turns the plan into work. At each scan it (1) asks the plan for the rule of each process, (2) chooses the method, (3) tells every instrumenter all that
/// is wanted of it, (4) writes on each process how far it has come. States are worked out anew each time, from what is; only since when is remembered. So an agent
/// that was restarted, or a hub that was away, changes nothing that is true.
/// </summary>
internal sealed class Director : IAsyncDisposable
{
    private readonly RemotePlan _plan;
    private readonly IReadOnlyList<IInstrumenter> _instrumenters;
    private readonly Func<InstrumentationPlan, HostLimits> _limits;
    private readonly LastProcesses _last;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly HashSet<IInstrumenter> _failed = [];
    private InstrumentationPlan _directed = InstrumentationPlan.Nothing;
    private HostLimits _limitsNow = HostLimits.None;
    private Dictionary<(uint Pid, ulong Start), InstrumentationStatus> _states = [];

    /// <param name="limits">What this host does not allow, or lacks, as of now and for a plan.</param>
    /// <param name="last">Where instrumenters look for what else runs.</param>
    public Director(RemotePlan plan, IReadOnlyList<IInstrumenter> instrumenters, Func<InstrumentationPlan, HostLimits> limits, LastProcesses last, TimeProvider time, ILogger logger) =>
        (_plan, _instrumenters, _limits, _last, _time, _logger) = (plan, instrumenters, limits, last, time, logger);

    /// <summary>There is a plan, or was one at the last call: states may move though no process came or went.</summary>
    public bool IsBusy => _plan.Plan.Rules.Count > 0 || !ReferenceEquals(_plan.Plan, _directed);

    /// <summary>What the host kept from its agent at the last call of <see cref="Direct"/>, for the hub's previews.</summary>
    public void TellLimits(ProcessInventory inventory)
    {
        inventory.MethodLimits.AddRange(_limitsNow.Refused.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => new MethodLimit { Method = pair.Key, Reason = pair.Value.Reason, Message = pair.Value.Message }));
        inventory.AllowedUnits.AddRange(_limitsNow.AllowedUnits ?? []);
    }

    /// <param name="processes">All that the scan would report; each gets its <see cref="ProcessFact.Instrumentation"/>.</param>
    /// <returns>True when the state of any process is another than at the last call.</returns>
    public bool Direct(IReadOnlyList<ProcessFact> processes)
    {
        var plan = _plan.Plan;
        _directed = plan;
        _last.All = processes;
        _limitsNow = _limits(plan);
        var wanted = new List<Target>();
        var statuses = new InstrumentationStatus[processes.Count];
        for (var i = 0; i < statuses.Length; i++)
        {
            statuses[i] = Decide(plan, processes[i], wanted);
        }

        // A plan that was lost is no plan to let everything go.
        foreach (var instrumenter in _plan.IsLost ? [] : _instrumenters)
        {
            Tell(instrumenter, plan, [.. wanted.Where(target => instrumenter.Methods.Contains(target.Method))]);
        }

        return Note(processes, statuses);
    }

    /// <summary>To be called about each second.</summary>
    public void Tick()
    {
        foreach (var instrumenter in _instrumenters)
        {
            try
            {
                instrumenter.Tick();
            }
            catch (Exception error)
            {
                Failed(instrumenter, error);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var instrumenter in _instrumenters)
        {
            await instrumenter.DisposeAsync();
        }
    }

    private InstrumentationStatus Decide(InstrumentationPlan plan, ProcessFact process, List<Target> wanted)
    {
        var rule = plan.RuleFor(process);
        if (rule is { Action: RuleAction.Block })
        {
            return new InstrumentationStatus
            {
                State = InstrumentationState.Blocked,
                Reason = InstrumentationReasons.RuleBlocks,
                Message = $"rule {rule.Name} leaves it alone",
                Rule = rule.Name,
            };
        }

        var choice = PlannedMethod.Choose(process, rule, _limitsNow);
        if (choice.Id.Length == 0)
        {
            return new InstrumentationStatus { State = InstrumentationState.Blocked, Reason = choice.Reason, Message = choice.Message, Rule = rule?.Name ?? "" };
        }

        if (rule is null)
        {
            return plan.Rules.Count == 0
                ? new InstrumentationStatus { State = InstrumentationState.Detected, Method = choice.Id }
                : new InstrumentationStatus
                {
                    State = InstrumentationState.Eligible,
                    Reason = InstrumentationReasons.NoRule,
                    Message = "no rule matches it",
                    Method = choice.Id,
                };
        }

        wanted.Add(new Target(process, rule, choice.Id));
        return new InstrumentationStatus { State = InstrumentationState.Configured, Method = choice.Id, Rule = rule.Name };
    }

    private void Tell(IInstrumenter instrumenter, InstrumentationPlan plan, IReadOnlyList<Target> targets)
    {
        try
        {
            instrumenter.Want(plan, targets);
            _failed.Remove(instrumenter);
        }
        catch (Exception error)
        {
            Failed(instrumenter, error);
        }
    }

    /// <summary>One way to instrument that fails must not take the others, or the inventory, with it. Said once, not at each scan.</summary>
    private void Failed(IInstrumenter instrumenter, Exception error)
    {
        if (_failed.Add(instrumenter))
        {
            Log.InstrumenterFailed(_logger, instrumenter.GetType().Name, error);
        }
    }

    private bool Note(IReadOnlyList<ProcessFact> processes, InstrumentationStatus[] statuses)
    {
        var now = _time.GetUtcNow().ToUnixNano();
        var states = new Dictionary<(uint, ulong), InstrumentationStatus>(processes.Count);
        var changed = false;
        for (var i = 0; i < statuses.Length; i++)
        {
            var process = processes[i];
            var status = Told(process, statuses[i]);
            var key = (process.Pid, process.StartUnixNano);
            var isSame = _states.TryGetValue(key, out var before) && before.State == status.State && before.Reason == status.Reason && before.Method == status.Method && before.Rule == status.Rule;
            status.SinceUnixNano = isSame ? before!.SinceUnixNano : now;
            // What was never more than found is no news in a log.
            if (!isSame && (status.Rule.Length > 0 || before is { Rule.Length: > 0 }))
            {
                Log.State(_logger, process.DisplayName, process.Pid, InstrumentationWords.Of(status.State), status.Message.Length > 0 ? ": " + status.Message : "");
            }

            changed |= !isSame;
            states[key] = status;
            process.Instrumentation = status;
        }

        _states = states;
        return changed;
    }

    /// <summary>What the instrumenter of its method says, which knows more than the plan.</summary>
    private InstrumentationStatus Told(ProcessFact process, InstrumentationStatus decided)
    {
        if (decided.State != InstrumentationState.Configured)
        {
            return decided;
        }

        foreach (var instrumenter in _instrumenters)
        {
            if (instrumenter.Methods.Contains(decided.Method) && !_failed.Contains(instrumenter) && instrumenter.StatusOf(process) is { } told)
            {
                told.Method = decided.Method;
                told.Rule = decided.Rule;
                return told;
            }
        }

        return decided;
    }
}
