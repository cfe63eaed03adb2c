using Gantry.Agent.Boot;
using Gantry.Agent.Instrument.Attach;
using Gantry.Estate.Instrumentation;
using Gantry.Estate.Methods;
using Gantry.Protocol.Inventory;
using Microsoft.Extensions.Logging;

namespace Gantry.Agent.Instrument;

/// <summary>Every way to instrument that this agent has, and what its host keeps it from.</summary>
internal static class Instrumenters
{
    /// <exception cref="ArgumentException">The guard file is wrong.</exception>
    public static Director Create(AgentOptions options, HostRoots roots, RemotePlan plan, ObservedByHub observed, TimeProvider time, ILoggerFactory loggers)
    {
        var guard = GuardOf(options);
        var logger = loggers.CreateLogger("Gantry.Agent.Instrument");
        IReadOnlyList<IInstrumenter> all = options.Gateway.Length == 0
            ? []
            : [new AttachInstrumenter(options.ProcRoot, roots.BootUnixNano, roots.Identity, new Uri(options.Gateway), guard, time, logger)];
        return new Director(plan, all, () => LimitsOf(all, guard), time, logger);
    }

    /// <summary>Methods that the agent has no instrumenter for, and those that the guard forbids whatever the process is.</summary>
    private static HostLimits LimitsOf(IReadOnlyList<IInstrumenter> all, Guard guard)
    {
        var refused = new Dictionary<string, (string, string)>();
        foreach (var method in PlannedMethod.OfAgent.Where(method => !all.Any(instrumenter => instrumenter.Methods.Contains(method))))
        {
            refused[method] = (InstrumentationReasons.NotInstalled, $"This agent cannot carry out {method}.");
        }

        foreach (var (method, action) in new[] { ("dotnet-attach", GuardedAction.Attach), ("injector-pkg", GuardedAction.Injector), ("unit-environment", GuardedAction.Unit), ("obi-systemd", GuardedAction.Run) })
        {
            if (!guard.AllowsAny(action))
            {
                refused.TryAdd(method, (InstrumentationReasons.Guard, $"The host's guard file does not allow it; add the line '{Guard.LineFor(action)}'."));
            }
        }

        return new HostLimits(refused);
    }

    private static Guard GuardOf(AgentOptions options)
    {
        if (options.Guard is { } given)
        {
            return given;
        }

        try
        {
            return Guard.Read(options.GuardFile);
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException(error.Message, nameof(options), error);
        }
    }
}
