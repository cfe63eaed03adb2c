using System.Diagnostics;
using Gantry.Agent.Apply;
using Gantry.Agent.Boot;
using Gantry.Agent.Host;
using Gantry.Agent.Supervise;
using Gantry.Estate.Instrumentation.Injector;
using Microsoft.Extensions.Logging.Abstractions;

// PROGRAM SAMPLE supervise: runs the sample as a child, prints its pid and that of its own child, and waits to be killed.
if (args[2] == "supervise")
{
    using var proc = new ProcFiles("/proc");
    await using var supervisor = new ChildSupervisor(Guard.Allowing(GuardedAction.Run), proc, TimeProvider.System, NullLogger.Instance);
    supervisor.Want(new ChildOptions(args[0], [args[1], "ignore-term", "fork"]));
    while (!supervisor.Output.Contains("ready"))
    {
        supervisor.Tick();
        await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
    }

    Console.WriteLine($"{supervisor.Status.Pid} {supervisor.Output.Split("forked ")[1].Split('\n')[0]}");
    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
}

// ROOT STATE old|new|nothing|recover [STEP]: prints the steps; at the one with this number, from 1, it kills itself (SIGKILL: nothing of it runs any more).
var last = args.Length > 3 ? int.Parse(args[3]) : int.MaxValue;
var number = 0;
var files = new HostFiles(args[0], args[1], NullLogger.Instance, step =>
{
    Console.WriteLine(step);
    if (++number == last)
    {
        Process.GetCurrentProcess().Kill();
    }
});

switch (args[2])
{
    case "recover":
        files.Recover();
        break;
    case "nothing":
        files.Set([]);
        break;
    default:
        files.Set(
            [
                new HostFile(InjectorPaths.Conf, $"include_paths=/{args[2]}\n"),
                new HostFile(InjectorPaths.EnvironmentFile, $"OTEL_X={args[2]}\n"),
                .. args[2] == "new" ? new[] { new HostFile(InjectorPaths.DropIn("shop.service"), "[Service]\n", HostFile.Private) } : [new HostFile(InjectorPaths.DropIn("cart.service"), "[Service]\n")],
            ],
            args[2] == "new" ? InjectorPaths.Library : "");
        break;
}
