using Gantry.Agent.Apply;
using Gantry.Agent.Boot;
using Gantry.Agent.Instrument.Attach;
using Gantry.Agent.Instrument.Injector;
using Gantry.Agent.Instrument.Obi;
using Gantry.Agent.Supervise;
using Microsoft.Extensions.Logging;

namespace Gantry.Agent.Instrument;

/// <summary>Every way to instrument that this agent has.</summary>
internal static class Instrumenters
{
    /// <exception cref="ArgumentException">The guard file is wrong.</exception>
    public static Director Create(AgentOptions options, HostRoots roots, RemotePlan plan, ObservedByHub observed, TimeProvider time, ILoggerFactory loggers)
    {
        var guard = GuardOf(options);
        var logger = loggers.CreateLogger("Gantry.Agent.Instrument");
        var last = new LastProcesses();
        // /etc is where the host's is, also in a container that has it mounted elsewhere; the rest of the host's files lies beside it.
        var root = Path.GetDirectoryName(options.EtcRoot.TrimEnd('/')) is { Length: > 0 } folder ? folder : "/";
        var all = new List<IInstrumenter>();
        if (options.Gateway.Length > 0)
        {
            all.Add(new AttachInstrumenter(options.ProcRoot, roots.BootUnixNano, roots.Identity, new Uri(options.Gateway), guard, time, logger));
            all.Add(new ObiInstrumenter(
                new ChildSupervisor(guard, roots.Proc, time, logger), roots.Proc, roots.Sys, () => last.All, observed.Has, time,
                new ObiOptions(options.Obi, Path.Combine(options.StateFolder, "obi.yaml"), options.Gateway)));
        }

        var files = new HostFiles(root, RollbackVerb.StateFolder(options.StateFolder), logger);
        Recover(files, RollbackVerb.StateFolder(options.StateFolder), logger);
        all.Add(new InjectorInstrumenter(
            files, guard, new SystemdUnits(time), () => last.All, observed.Has, time, logger, new InjectorOptions(options.StateFolder) { ProcRoot = options.ProcRoot },
            canVerify: () => observed.IsConnected));
        return new Director(plan, all, new HostLimitCheck(options, roots, root, guard, all).Of, last, time, logger);
    }

    /// <summary>A change of the host's files that was cut off, by a kill or by the host's end, is undone before anything else.</summary>
    private static void Recover(HostFiles files, string folder, ILogger logger)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                files.Recover();
            }
        }
        catch (Exception error) when (error is ApplyException or IOException or UnauthorizedAccessException)
        {
            Apply.Log.Refused(logger, error.Message);
        }
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
