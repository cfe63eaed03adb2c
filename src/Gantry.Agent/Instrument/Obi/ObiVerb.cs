using Gantry.Agent.Boot.Verbs;
using Gantry.Agent.Host;

namespace Gantry.Agent.Instrument.Obi;

/// <summary><c>gantry-agent obi check</c>: can OBI run here?</summary>
internal static class ObiVerb
{
    private const string Help = """
        gantry-agent obi check [--proc FOLDER] [--sys FOLDER]

        Says whether OBI (OpenTelemetry eBPF Instrumentation) can run on this host with the rights of who asks: kernel, its type information (BTF), capabilities, perf
        events, lockdown; and what OBI could not do although it runs. Each line is one need: ok, MISSING (OBI does not run) or less (OBI does less). Nothing is changed.
        The exit code is 1 when something that OBI needs is missing.

          --proc, --sys FOLDER   for an agent in a container that has the host's mounted elsewhere (default /proc, /sys)

          $ gantry-agent obi check
        """;

    public static AgentVerb Verb { get; } = new("obi", "check", "can OBI (eBPF) run on this host", Help, RunAsync);

    private static Task<int> RunAsync(VerbConsole console, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var (procRoot, sysRoot) = ("/proc", "/sys");
        if (arguments.Count == 0 || arguments[0] != "check")
        {
            return Task.FromResult(console.Fail($"obi takes 'check', not '{string.Join(' ', arguments)}'; gantry-agent obi --help explains it"));
        }

        for (var i = 1; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "--proc" when i + 1 < arguments.Count:
                    procRoot = arguments[++i];
                    break;
                case "--sys" when i + 1 < arguments.Count:
                    sysRoot = arguments[++i];
                    break;
                default:
                    return Task.FromResult(console.Fail($"obi check does not know '{arguments[i]}'; it takes --proc FOLDER and --sys FOLDER"));
            }
        }

        using var proc = new ProcFiles(procRoot);
        using var sys = new ProcFiles(sysRoot);
        var needs = ObiCheck.Run(proc, sys);
        foreach (var need in needs)
        {
            console.Out.WriteLine($"{(need.IsMet ? "ok" : need.IsNeeded ? "MISSING" : "less"),-8} {need.Name,-28} {need.Found}");
        }

        return Task.FromResult(ObiCheck.Missing(needs).Length == 0 ? 0 : console.Fail("OBI cannot run here"));
    }
}
