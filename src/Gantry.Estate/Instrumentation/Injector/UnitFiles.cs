using Gantry.Protocol.Inventory;

namespace Gantry.Estate.Instrumentation.Injector;

/// <summary>The drop-ins of units: identity, what selects them, and where there is no injector the language's own variables.</summary>
internal sealed class UnitFiles(InstrumentationPlan plan, InjectorHost host, bool byUnit, Dictionary<ProcessFact, string> refused, List<InjectorProblem> problems)
{
    public void Write(List<InjectorTarget> injected, List<InjectorTarget> byEnvironment, List<HostFile> files)
    {
        foreach (var target in byEnvironment.Concat(byUnit ? injected : []).Where(target => target.Process.Unit.Length == 0))
        {
            Refuse([target], "has no systemd unit, and its rule cannot be said by path; let a unit run it, or name its executable in a rule of its own");
        }

        foreach (var unit in injected.Concat(byEnvironment).GroupBy(target => target.Process.Unit).Where(unit => unit.Key.Length > 0).OrderBy(unit => unit.Key, StringComparer.Ordinal))
        {
            var targets = unit.ToList();
            var variables = new SortedDictionary<string, string>(StringComparer.Ordinal);
            var wrong = new List<InjectorProblem>();
            if (UnitDropIn.UnitProblem(unit.Key) is { } name)
            {
                Refuse(targets, name);
                continue;
            }

            if (Identity(targets, variables) is { } problem || (problem = Selection(unit.Key, targets, injected, byEnvironment, variables)) is not null)
            {
                Refuse(targets, problem);
                continue;
            }

            // Else the agent would take what it put there for somebody else's, and take it back.
            variables[KnownDistros.OwnVariable] = "1";
            var file = UnitDropIn.Write(unit.Key, variables, Had(targets, variables), wrong);
            if (wrong.Count > 0)
            {
                Refuse(targets, wrong[0].ToString());
                continue;
            }

            files.Add(file);
        }
    }

    /// <summary>What the processes of a unit share in their environment must hold for all of them.</summary>
    private string? Identity(List<InjectorTarget> targets, SortedDictionary<string, string> variables)
    {
        var services = targets.Select(Service).Distinct().ToList();
        var spaces = targets.Select(target => target.Rule.Namespace).Distinct().ToList();
        if (services.Count > 1 || spaces.Count > 1)
        {
            return $"shares its unit with processes of other services ({string.Join(", ", services.Concat(spaces).Where(word => word.Length > 0))}), and a unit has one environment; give them one service, or a unit each";
        }

        if (services[0].Length > 0)
        {
            variables["OTEL_SERVICE_NAME"] = services[0];
            variables[KnownDistros.DeclaredVariable] = targets.Select(target => target.Process.DeclaredService).Order(StringComparer.Ordinal).First();
        }

        // Resource attributes of the unit's own stay: the injector adds to them, and without it they are merged here.
        if (spaces[0].Length > 0 && host.Injected.Any(target => targets.Contains(target)))
        {
            variables["OTEL_INJECTOR_SERVICE_NAMESPACE"] = spaces[0];
        }
        else if (spaces[0].Length > 0)
        {
            return Set(targets.Select(target => LanguageVariables.Namespace(spaces[0], target.Has)), variables);
        }

        return null;
    }

    /// <returns>"" where the process says its name itself.</returns>
    private static string Service(InjectorTarget target) =>
        target.Rule.Service.Length > 0 ? target.Rule.Service : target.Process.DeclaredService.Length > 0 ? "" : target.Process.DisplayName;

    private string? Selection(string unit, List<InjectorTarget> targets, List<InjectorTarget> injected, List<InjectorTarget> byEnvironment, SortedDictionary<string, string> variables)
    {
        if (targets.Exists(injected.Contains))
        {
            if (targets.Exists(byEnvironment.Contains))
            {
                return "shares its unit with processes of the other method; give each a unit of its own";
            }

            return SelectItself(unit, targets, variables);
        }

        return Environment(targets, variables);
    }

    /// <summary>
    /// In both ways of the host's file: what else runs changes it from one to the other, and a drop-in that changed with it would ask for a restart of every unit.
    /// </summary>
    private string? SelectItself(string unit, List<InjectorTarget> targets, SortedDictionary<string, string> variables)
    {
        var paths = targets.Select(target => target.Process.Executable).Distinct().Order(StringComparer.Ordinal).ToList();
        var scripts = targets.TrueForAll(target => target.Rule.Match.Scripts.Count > 0) ? SelectionCompiler.Arguments(targets.SelectMany(target => target.Rule.Match.Scripts)) : [];
        if (scripts.Exists(script => InjectorLint.PatternProblem(script) is not null))
        {
            scripts = [];
        }

        var itself = new InjectorSelection(paths, [], scripts, [], []);
        var wanted = targets.Select(target => InjectorRenderer.Id(target.Process)).ToHashSet();
        if (host.Processes.FirstOrDefault(process => process.Unit == unit && itself.Reaches(process) && !wanted.Contains(InjectorRenderer.Id(process))) is { } other)
        {
            return $"runs the same executable in the same unit as pid {other.Pid}, which is not to be instrumented; the injector cannot tell them apart";
        }

        if (paths.Find(path => InjectorLint.PatternProblem(path) is not null || path.Contains('*')) is { } wrong)
        {
            return $"has the executable '{wrong}', which {InjectorLint.PatternProblem(wrong) ?? "has a '*'"}";
        }

        variables["OTEL_INJECTOR_INCLUDE_PATHS"] = string.Join(',', paths);
        if (scripts.Count > 0)
        {
            variables["OTEL_INJECTOR_INCLUDE_WITH_ARGUMENTS"] = string.Join(',', scripts);
        }

        return null;
    }

    private string? Environment(List<InjectorTarget> targets, SortedDictionary<string, string> variables)
    {
        foreach (var (name, value) in plan.Environment)
        {
            variables[name] = value;
        }

        foreach (var target in targets)
        {
            var process = target.Process;
            var own = LanguageVariables.For(process.Language, host.Agents[process.Language], process.Libc, host.Architecture, target.Has, out var problem);
            if (problem.Length > 0)
            {
                return problem;
            }

            if (Set(own, variables) is { } taken)
            {
                return taken;
            }
        }

        return null;
    }

    private static string? Set(IEnumerable<KeyValuePair<string, string>> pairs, SortedDictionary<string, string> variables)
    {
        foreach (var (name, value) in pairs)
        {
            if (variables.TryGetValue(name, out var taken) && taken != value)
            {
                return $"shares its unit with a process that needs another {name}; give each a unit of its own";
            }

            variables[name] = value;
        }

        return null;
    }

    /// <summary>Of what the processes had, that which the file replaces.</summary>
    private static Dictionary<string, string> Had(List<InjectorTarget> targets, SortedDictionary<string, string> variables) =>
        targets.SelectMany(target => target.Has).Where(pair => pair.Value.Length > 0 && variables.ContainsKey(pair.Key)).DistinctBy(pair => pair.Key).ToDictionary();

    private void Refuse(IEnumerable<InjectorTarget> targets, string message)
    {
        foreach (var target in targets)
        {
            var problem = new InjectorProblem($"rule {target.Rule.Name}", target.Process.DisplayName, message);
            problems.Add(problem);
            refused[target.Process] = problem.ToString();
        }
    }
}
