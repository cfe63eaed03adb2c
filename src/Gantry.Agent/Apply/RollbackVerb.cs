using Gantry.Agent.Boot.Verbs;
using Gantry.Estate.Instrumentation.Injector;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gantry.Agent.Apply;

/// <summary><c>gantry-agent rollback</c>: gives the host its files back.</summary>
internal static class RollbackVerb
{
    private const string Help = """
        gantry-agent rollback [--root FOLDER] [--state FOLDER] [--dry-run | --kill-switch]

        Gives back every file that the agent wrote or changed on this host as it was found: content, mode and owner; what was not there is removed, and so are
        the folders that the agent made, when they are empty. The line in /etc/ld.so.preload goes first. A change that was cut off is undone before.
        Processes keep what they were started with: restart them when it suits. Stop the agent before, or it writes again what its plan says.

        A file that somebody else changed since is left alone: the message names it, and the exit code is 1. All others are given back. Move it away, and roll back again.

          --root FOLDER    top of the host's files (default /)
          --state FOLDER   the agent's state folder (default /var/lib/gantry-agent)
          --dry-run        only say which files would be given back
          --kill-switch    take the injector's line out of /etc/ld.so.preload, whoever put it there, before anything else: no process that starts from now on
                           has it, and no agent puts it back. The next rollback without this option gives back a line that was not the agent's

          $ gantry-agent rollback --dry-run
          $ gantry-agent rollback
          $ systemctl daemon-reload
        """;

    public static AgentVerb Verb { get; } = new("rollback", "[--dry-run | --kill-switch]", "give the host's files back as they were found", Help, RunAsync);

    public static string StateFolder(string agentState) => Path.Combine(agentState, "apply");

    private static Task<int> RunAsync(VerbConsole console, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var (root, state, dry, kill) = ("/", "/var/lib/gantry-agent", false, false);
        for (var i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "--root" when i + 1 < arguments.Count:
                    root = arguments[++i];
                    break;
                case "--state" when i + 1 < arguments.Count:
                    state = arguments[++i];
                    break;
                case "--dry-run":
                    dry = true;
                    break;
                case "--kill-switch":
                    kill = true;
                    break;
                default:
                    return Task.FromResult(console.Fail($"rollback does not know '{arguments[i]}'; it takes --root FOLDER, --state FOLDER, --dry-run, --kill-switch"));
            }
        }

        if (dry && kill)
        {
            return Task.FromResult(console.Fail("--dry-run and --kill-switch exclude each other; leave one out"));
        }

        // The kill switch works on a host that the agent has not touched yet.
        if (!kill && !Directory.Exists(StateFolder(state)))
        {
            return Task.FromResult(console.Fail($"{StateFolder(state)} does not exist: no agent with this state folder has written a file; name its own with --state"));
        }

        try
        {
            var files = new HostFiles(root, StateFolder(state), NullLogger.Instance);
            if (kill)
            {
                files.TakeOut(InjectorPaths.Library);
                console.Out.WriteLine($"{InjectorPaths.Preload} does not name {InjectorPaths.Library} any more.");
            }

            if (!dry)
            {
                files.Recover();
            }

            var held = files.Held();
            var left = dry ? held.Where(file => file.Problem.Length > 0).ToDictionary(file => file.Path, file => file.Problem)
                : (kill ? files.Set([]) : files.GiveBack()).Skipped;
            foreach (var (path, existed, _) in held.Where(file => !left.ContainsKey(file.Path)))
            {
                console.Out.WriteLine($"{(dry ? "would be " : "")}{(existed ? "restored" : "removed")}  {path}");
            }

            foreach (var path in left.Keys.Where(_ => dry))
            {
                console.Out.WriteLine($"would be left  {path}");
            }

            console.Out.WriteLine(held.Count == 0 ? "The agent has no file of this host in its hands." : $"{held.Count} files.");
            return Task.FromResult(left.Count == 0 || dry ? 0 : console.Fail($"left as it is: {string.Join("; ", left.Values)}"));
        }
        catch (ApplyException e)
        {
            return Task.FromResult(console.Fail(e.Message));
        }
    }
}
