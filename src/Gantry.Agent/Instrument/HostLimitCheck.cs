using Gantry.Agent.Boot;
using Gantry.Agent.Instrument.Obi;
using Gantry.Estate.Instrumentation;
using Gantry.Estate.Instrumentation.Injector;
using Gantry.Estate.Methods;
using Gantry.Protocol.Inventory;

namespace Gantry.Agent.Instrument;

/// <summary>What keeps a method from every process of this host, whatever the process is: no instrumenter, no line in the guard file, nothing installed, no right.</summary>
internal sealed class HostLimitCheck(AgentOptions options, HostRoots roots, string root, Guard guard, IReadOnlyList<IInstrumenter> instrumenters)
{
    private static readonly (string Method, GuardedAction Action)[] Guarded =
        [(AgentMethods.Attach, GuardedAction.Attach), (AgentMethods.Injector, GuardedAction.Injector), (AgentMethods.UnitEnvironment, GuardedAction.Unit), (AgentMethods.Obi, GuardedAction.Run)];

    // The kernel and the agent's rights stay what they are.
    private readonly Lazy<string> _missingForObi = new(() => ObiCheck.Missing(ObiCheck.Run(roots.Proc, roots.Sys)));

    public HostLimits Of(InstrumentationPlan plan)
    {
        var refused = new Dictionary<string, (string, string)>();
        foreach (var (method, action) in Guarded)
        {
            if (Why(method, action, plan) is { } why)
            {
                refused[method] = why;
            }
        }

        return new HostLimits(refused) { AllowedUnits = guard.PatternsOf(GuardedAction.Unit) };
    }

    private (string Reason, string Message)? Why(string method, GuardedAction action, InstrumentationPlan plan)
    {
        if (!instrumenters.Any(instrumenter => instrumenter.Methods.Contains(method)))
        {
            return (InstrumentationReasons.NotInstalled, $"This agent cannot carry out {method}: it has no gateway to send to.");
        }

        if (!guard.AllowsAny(action))
        {
            return (InstrumentationReasons.Guard, $"The host's guard file does not allow it; add the line '{Guard.LineFor(action, action == GuardedAction.Run ? options.Obi : "")}' to {options.GuardFile}.");
        }

        return method switch
        {
            AgentMethods.Injector or AgentMethods.UnitEnvironment when !Environment.IsPrivilegedProcess => (InstrumentationReasons.Host, "The agent does not run as root, and only root writes these files."),
            AgentMethods.Injector when !File.Exists(root + InjectorPaths.Library) =>
                (InstrumentationReasons.NotInstalled, $"{InjectorPaths.Library} is not on this host; install the package opentelemetry-injector and those of the languages."),
            AgentMethods.Obi when !plan.Obi => (InstrumentationReasons.NoRule, PlannedMethod.NoObi),
            AgentMethods.Obi when !File.Exists(options.Obi) => (InstrumentationReasons.NotInstalled, $"{options.Obi} is not on this host; install OBI there, or name it with --obi."),
            AgentMethods.Obi when _missingForObi.Value.Length > 0 => (InstrumentationReasons.Host, $"OBI cannot run here: {_missingForObi.Value}"),
            _ => null,
        };
    }
}
