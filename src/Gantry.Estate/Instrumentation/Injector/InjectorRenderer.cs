using Gantry.Estate.Methods;
using System.Text;
using Gantry.Protocol.Inventory;

namespace Gantry.Estate.Instrumentation.Injector;

/// <summary>
/// A plan and a host to the files that carry it out. Two ways to select:
/// <list type="bullet">
/// <item>by path, for the whole host, when the rules can be said so and reach exactly the targets among all processes that were found;</item>
/// <item>else by unit: the host's file selects nothing. What has no unit cannot be selected then, and is refused.</item>
/// </list>
/// In both, the drop-in of each target's unit selects its executable, as the lists of an environment replace those of files: so no unit has to be restarted when the
/// host's file changes from one to the other.
/// Identity is in drop-ins only: what stands in the file of variables overwrites what each process has.
/// </summary>
public static class InjectorRenderer
{
    public const string InjectorMethod = AgentMethods.Injector;
    public const string EnvironmentMethod = AgentMethods.UnitEnvironment;

    public static InjectorFiles Render(InstrumentationPlan plan, InjectorHost host)
    {
        var problems = new List<InjectorProblem>();
        var refused = new Dictionary<ProcessFact, string>();
        var files = new List<HostFile>();
        var byUnit = "";
        var injected = host.Injected.Where(target => IsInstalled(target, host, refused, problems)).ToList();
        var byEnvironment = host.ByEnvironment.Where(target => IsInstalled(target, host, refused, problems)).ToList();
        var wrong = new List<InjectorProblem>(InjectorLint.Environment(InjectorPaths.EnvironmentFile, 2, plan.Environment));
        if (injected.Count > 0)
        {
            var selection = Select(plan, host, injected, out byUnit);
            files.Add(Conf(selection, host));
            files.Add(Variables(plan));
            files.Add(SdkFile.Render(plan.Environment));
            wrong.AddRange(InjectorLint.Conf(files[0]));
            wrong.AddRange(InjectorLint.Others(host.OtherFiles));
        }

        if (wrong.Count > 0)
        {
            foreach (var target in injected.Concat(byEnvironment))
            {
                refused[target.Process] = wrong[0].ToString();
            }

            return new InjectorFiles([], [.. problems, .. wrong], refused, byUnit);
        }

        new UnitFiles(plan, host, byUnit.Length > 0, refused, problems).Write(injected, byEnvironment, files);
        return new InjectorFiles([.. files.OrderBy(file => file.Path, StringComparer.Ordinal)], problems, refused, byUnit);
    }

    /// <summary>Where the agent of a language is not on the host, its runtime stays disabled.</summary>
    private static bool IsInstalled(InjectorTarget target, InjectorHost host, Dictionary<ProcessFact, string> refused, List<InjectorProblem> problems)
    {
        if (host.Agents.ContainsKey(target.Process.Language))
        {
            return true;
        }

        var problem = new InjectorProblem($"rule {target.Rule.Name}", target.Process.DisplayName, $"is {(target.Process.Language.Length == 0 ? "of no known language" : target.Process.Language)}, whose agent is not on this host; install its package");
        problems.Add(problem);
        refused[target.Process] = problem.ToString();
        return false;
    }

    private static InjectorSelection Select(InstrumentationPlan plan, InjectorHost host, List<InjectorTarget> injected, out string byUnit)
    {
        // Not those that run: what is stopped now must find its runtime enabled when it starts.
        string[] installed = [.. host.Agents.Keys];
        var languages = plan.Rules.Where(rule => rule.MayBeBy(InjectorMethod)).SelectMany(rule => SelectionCompiler.LanguagesOf(rule, installed)).ToHashSet();
        var enabled = InjectorRuntime.All.Select(runtime => runtime.Language).Where(languages.Contains).ToList();
        var selection = SelectionCompiler.Compile(plan.Rules, enabled, InjectorMethod, out var problems);
        byUnit = "";
        if (selection is null)
        {
            byUnit = problems[0].ToString();
            return InjectorSelection.ByUnit(enabled);
        }

        // A process may be no target although a rule matches: another agent is in it, or another method was chosen for it.
        var targets = injected.Select(target => Id(target.Process)).ToHashSet();
        if (host.Processes.FirstOrDefault(process => CanBeReached(process) && selection.Selects(process) && !targets.Contains(Id(process))) is { } reached)
        {
            byUnit = $"by path, pid {reached.Pid} ({reached.Executable}) would be selected too, which is not to be";
            return InjectorSelection.ByUnit(enabled);
        }

        return selection;
    }

    /// <summary>Whether what the host's ld.so.preload names comes into it at all.</summary>
    private static bool CanBeReached(ProcessFact process) => process is { ContainerId.Length: 0, IsStatic: false, IsSecureExec: false };

    /// <summary>A process is itself in any list of facts.</summary>
    internal static (uint Pid, ulong Start) Id(ProcessFact process) => (process.Pid, process.StartUnixNano);

    private static HostFile Conf(InjectorSelection selection, InjectorHost host)
    {
        var text = new StringBuilder("# Written by gantry-agent, by decision of the hub; 'gantry-agent rollback' takes it away.\n");
        text.Append($"all_auto_instrumentation_agents_env_path={InjectorPaths.EnvironmentFile}\n");
        foreach (var runtime in InjectorRuntime.All.Where(runtime => selection.Languages.Contains(runtime.Language)))
        {
            text.Append($"{runtime.PathKey}={host.Agents[runtime.Language]}\n");
        }

        // Replaced as a whole by the last file that has it, so it names all that are not wanted.
        var disabled = InjectorRuntime.All.Where(runtime => !selection.Languages.Contains(runtime.Language)).Select(runtime => runtime.Word);
        text.Append($"auto_instrumentation_disabled={string.Join(',', disabled)}\n");
        Lines(text, "include_paths", selection.IncludePaths);
        Lines(text, "exclude_paths", selection.ExcludePaths);
        Lines(text, "include_with_arguments", selection.IncludeArguments);
        Lines(text, "exclude_with_arguments", selection.ExcludeArguments);
        return new HostFile(InjectorPaths.Conf, text.ToString());
    }

    /// <summary>One line for each: they add up, and none grows too long.</summary>
    private static void Lines(StringBuilder text, string key, IReadOnlyList<string> values)
    {
        foreach (var value in values)
        {
            text.Append($"{key}={value}\n");
        }
    }

    private static HostFile Variables(InstrumentationPlan plan)
    {
        var text = new StringBuilder("# Written by gantry-agent, by decision of the hub. Overwrites what a process has: no identity here.\n");
        foreach (var (name, value) in plan.Environment.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            text.Append($"{name}={value}\n");
        }

        return new HostFile(InjectorPaths.EnvironmentFile, text.ToString());
    }
}
