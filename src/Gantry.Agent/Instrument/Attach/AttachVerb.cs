using Gantry.Agent.Boot;
using Gantry.Agent.Boot.Verbs;
using Gantry.Agent.Host;
using Gantry.Agent.Instrument.Attach.Ipc;
using Gantry.Agent.Processes;
using Gantry.Estate.Instrumentation;
using Gantry.Protocol.Inventory;
using Microsoft.Extensions.Logging;

namespace Gantry.Agent.Instrument.Attach;

/// <summary><c>gantry-agent attach PID</c>: one process, by hand, until Ctrl-C.</summary>
internal static class AttachVerb
{
    public const string Help = """
        gantry-agent attach: makes OTLP metrics and spans of a running .NET process, without a restart.

        usage: gantry-agent attach PID [options]

          --for TIME       how long, such as 30s or 10m                       until Ctrl-C
          --service NAME   service.name of what it sends                      what the process declares, else its assembly
          --gateway URL    any OTLP/HTTP receiver                             http://127.0.0.1:4318
          --metrics-only   no spans
          --proc FOLDER    the host's /proc, for an agent in a container      /proc

        It needs .NET 8 or later, and the rights of the process's user or root. Nothing is loaded into the process, and nothing stays in it.
        What it has seen is told on stderr as it goes on.

        Try it:  gantry-agent attach 4711 --for 1m
        """;

    public static AgentVerb Verb { get; } = new("attach", "PID [--for TIME]", "metrics and spans of a running .NET process, without a restart", Help, RunAsync);

    private static async Task<int> RunAsync(VerbConsole console, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var problems = new List<string>();
        var request = AttachRequest.Parse(arguments, problems);
        if (problems.Count > 0)
        {
            return console.Fail(string.Join(" ", problems));
        }

        using var roots = new HostRoots(new AgentOptions { ProcRoot = request.Proc });
        if (Find(roots, request.Pid) is not { } process)
        {
            return console.Fail($"there is no process {request.Pid} that this agent may look into; is the pid right, and does it run as the process's user or as root?");
        }

        using var loggers = new ConsoleLogger(console.Error, LogLevel.Warning, console.Time);
        var settings = new AttachSettings { Traces = request.Traces, ExportEvery = TimeSpan.FromSeconds(2) };
        await using var attach = new AttachInstrumenter(
            request.Proc, roots.BootUnixNano, roots.Identity, request.Gateway, Guard.Allowing(GuardedAction.Attach), console.Time, loggers.CreateLogger("attach"), settings);
        var rule = new InstrumentationRule("by hand", RuleAction.Allow, new ProcessMatch(), AttachInstrumenter.Method, request.Service);
        attach.Want(InstrumentationPlan.Nothing, [new Target(process, rule, AttachInstrumenter.Method)]);
        return await WatchAsync(console, attach, process, request.Time, cancellation);
    }

    private static async Task<int> WatchAsync(VerbConsole console, AttachInstrumenter attach, ProcessFact process, TimeSpan? limit, CancellationToken cancellation)
    {
        var start = console.Time.GetTimestamp();
        var last = "";
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), console.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation) && (limit is null || console.Time.GetElapsedTime(start) < limit))
            {
                attach.Tick();
                var status = attach.StatusOf(process)!;
                if (status.State == InstrumentationState.Blocked && (status.Reason != InstrumentationReasons.Failed || last.Length == 0))
                {
                    return console.Fail(status.Message);
                }

                last = Tell(console, status, last);
            }
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C is how it ends.
        }

        var attached = attach.Attached.ToList();
        attach.Want(InstrumentationPlan.Nothing, []);
        await attach.DisposeAsync();
        foreach (var item in attached)
        {
            console.Out.WriteLine($"detached from {process.Pid}: {item.Tally}, {item.Dropped} events dropped by its runtime");
        }

        return attached.Exists(item => item.Tally.HasForwarded) ? 0 : console.Fail("nothing reached the gateway; is it there, and was the service called?");
    }

    private static string Tell(VerbConsole console, InstrumentationStatus status, string last)
    {
        string[] parts = [status.State.ToString().ToLowerInvariant(), status.Evidence, status.Dropped > 0 ? $"{status.Dropped} events dropped" : "", status.Message];
        var line = string.Join(", ", parts.Where(part => part.Length > 0));
        if (line != last)
        {
            console.Error.WriteLine(line);
        }

        return line;
    }

    private static ProcessFact? Find(HostRoots roots, int pid)
    {
        var scanner = new ProcessScanner(roots.Proc, roots.Etc);
        scanner.Scan();
        return scanner.Processes.FirstOrDefault(item => item.Pid == pid)?.ToFact(roots.BootUnixNano);
    }
}
