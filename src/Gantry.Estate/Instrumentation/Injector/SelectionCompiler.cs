namespace Gantry.Estate.Instrumentation.Injector;

/// <summary>
/// Ordered rules to the injector's lists, exactly or not at all. It knows no order, and an exclude always wins; so
/// <list type="number">
/// <item>a block becomes an exclude when it takes nothing from an allow above it, and is left out when it takes nothing from one below;</item>
/// <item>allows become includes when paths × scripts of all of them is what each of them says;</item>
/// <item>a language is a runtime that is enabled or not, for all processes alike;</item>
/// <item>what it cannot see (unit, owner, container, service, port) cannot be said.</item>
/// </list>
/// A script is its name in any argument: a process that has another's script as an argument is taken for it.
/// </summary>
public static class SelectionCompiler
{
    /// <summary>What ends so is a file, and stands in an argument as it is; a Python module may be joined with its option.</summary>
    private static readonly string[] ScriptEndings =
        [".js", ".mjs", ".cjs", ".ts", ".mts", ".py", ".pyc", ".pyz", ".pyw", ".rb", ".ru", ".php", ".phar", ".jar", ".war", ".dll", ".exe"];

    /// <param name="installed">Languages whose agents are on the host: the others are disabled.</param>
    /// <param name="method">Id of the injector's method. A rule that names another method is none of the injector's: what it matches is left alone.</param>
    /// <returns>Null when a rule cannot be said, with each such rule.</returns>
    public static InjectorSelection? Compile(IReadOnlyList<InstrumentationRule> rules, IReadOnlyCollection<string> installed, string method, out IReadOnlyList<InjectorProblem> problems)
    {
        var wrong = new List<InjectorProblem>();
        problems = wrong;
        var allows = new List<InstrumentationRule>();
        var blocks = new List<(InstrumentationRule Rule, int Above)>();
        foreach (var rule in rules)
        {
            if (rule.MayBeBy(method))
            {
                if (LanguagesOf(rule, installed).Count > 0)
                {
                    allows.Add(rule);
                }
            }
            else
            {
                blocks.Add((rule, allows.Count));
            }
        }

        if (allows.Count == 0)
        {
            return InjectorSelection.ByUnit([]);
        }

        foreach (var rule in allows)
        {
            Check(rule, "allow", wrong);
        }

        var languages = LanguagesOf(allows[0], installed);
        if (allows.Find(rule => !languages.SequenceEqual(LanguagesOf(rule, installed))) is { } other)
        {
            wrong.Add(new InjectorProblem($"rule {other.Name}", string.Join(", ", LanguagesOf(other, installed)), $"are other languages than those of rule {allows[0].Name}, and the injector enables a runtime for all processes or for none"));
        }

        var excludes = Excludes(allows, blocks, languages, wrong);
        var (paths, scripts) = Includes(allows, wrong);
        return wrong.Count > 0
            ? null
            : new InjectorSelection(paths, Paths(excludes), Arguments(scripts), Arguments(excludes.SelectMany(rule => rule.Match.Scripts)), languages);
    }

    private static List<InstrumentationRule> Excludes(
        List<InstrumentationRule> allows, List<(InstrumentationRule Rule, int Above)> blocks, IReadOnlyList<string> languages, List<InjectorProblem> wrong)
    {
        var excludes = new List<InstrumentationRule>();
        foreach (var (block, above) in blocks)
        {
            if (!allows.Skip(above).Any(allow => Overlap(block.Match, allow.Match)))
            {
                continue;
            }

            if (allows.Take(above).FirstOrDefault(allow => Overlap(block.Match, allow.Match)) is { } taken)
            {
                wrong.Add(new InjectorProblem($"rule {block.Name}", "", $"leaves alone what rule {taken.Name} above it allows, and for the injector an exclude always wins; move it above {taken.Name}, or make the two match different executables"));
            }

            Check(block, "leave alone", wrong);
            if (block.Match.Languages.Count > 0 && !languages.All(block.Match.Languages.Contains))
            {
                wrong.Add(new InjectorProblem($"rule {block.Name}", string.Join(", ", block.Match.Languages), "is a language, which the injector cannot exclude by; name executables"));
            }

            if (block.Match is { Executables.Count: > 0, Scripts.Count: > 0 })
            {
                wrong.Add(new InjectorProblem($"rule {block.Name}", "", "asks for executables and scripts together, and for the injector one of them is enough to exclude; name only one of the two"));
            }

            if (block.Match is { Executables.Count: 0, Scripts.Count: 0 })
            {
                // Everything in these languages is left alone, but for what stands above, with which it does not overlap: so that is nothing.
                wrong.Add(new InjectorProblem($"rule {block.Name}", "", $"leaves everything alone, so that no rule below it can match; remove it, or what is below it"));
            }

            excludes.Add(block);
        }

        return excludes;
    }

    private static (IReadOnlyList<string> Paths, IReadOnlyList<string> Scripts) Includes(List<InstrumentationRule> allows, List<InjectorProblem> wrong)
    {
        var first = allows[0];
        var samePaths = allows.All(rule => Same(rule.Match.Executables, first.Match.Executables));
        var sameScripts = allows.All(rule => Same(rule.Match.Scripts, first.Match.Scripts));
        if (!sameScripts && (!samePaths || allows.Exists(rule => rule.Match.Scripts.Count == 0)))
        {
            var other = allows.Find(rule => !Same(rule.Match.Scripts, first.Match.Scripts))!;
            wrong.Add(new InjectorProblem($"rule {other.Name}", string.Join(", ", other.Match.Scripts), $"asks for other scripts than rule {first.Name}, and the injector combines each executable with each script; give both rules the same executables, or the same scripts"));
        }

        // One that takes every executable makes the others' paths superfluous.
        var paths = allows.Exists(rule => rule.Match.Executables.Count == 0) ? [] : Distinct(allows.SelectMany(rule => rule.Match.Executables));
        return (paths, Distinct(allows.SelectMany(rule => rule.Match.Scripts)));
    }

    private static void Check(InstrumentationRule rule, string verb, List<InjectorProblem> wrong)
    {
        var match = rule.Match;
        var unseen = match.Units.Concat(match.Containers).Concat(match.Owners).Concat(match.Services).Concat(match.Ports.Select(port => $"port {port}")).FirstOrDefault();
        if (unseen is not null)
        {
            wrong.Add(new InjectorProblem($"rule {rule.Name}", unseen, $"is none of what the injector can {verb} by: it sees executables and arguments only"));
        }

        foreach (var path in match.Executables)
        {
            if (InjectorLint.PatternProblem(path) is { } problem)
            {
                wrong.Add(new InjectorProblem($"rule {rule.Name}", path, problem));
            }
        }

        foreach (var script in match.Scripts)
        {
            if (InjectorLint.PatternProblem(script) is { } problem)
            {
                wrong.Add(new InjectorProblem($"rule {rule.Name}", script, problem));
            }
            else if (script.AsSpan().IndexOfAny('*', '/') >= 0 || !ScriptEndings.Any(ending => script.EndsWith(ending, StringComparison.Ordinal)))
            {
                wrong.Add(new InjectorProblem($"rule {rule.Name}", script, "is no plain file name of a script, and among arguments a '*' would match folders too; write the name out, with its ending"));
            }
        }
    }

    internal static List<string> LanguagesOf(InstrumentationRule rule, IReadOnlyCollection<string> installed) =>
        [.. InjectorRuntime.All.Select(runtime => runtime.Language).Where(language => installed.Contains(language) && (rule.Match.Languages.Count == 0 || rule.Match.Languages.Any(glob => Sampling.Glob.Matches(glob, language))))];

    /// <summary>Whether a process may match both, as far as what the injector sees tells. Scripts are compared as patterns too: refusing is safe, missing one is not.</summary>
    private static bool Overlap(ProcessMatch left, ProcessMatch right) =>
        GlobOverlap.Any(left.Executables, right.Executables) && GlobOverlap.Any(left.Scripts, right.Scripts) && GlobOverlap.Any(left.Languages, right.Languages);

    private static bool Same(IReadOnlyList<string> left, IReadOnlyList<string> right) => left.ToHashSet().SetEquals(right);

    private static List<string> Paths(List<InstrumentationRule> rules) => Distinct(rules.SelectMany(rule => rule.Match.Executables));

    internal static List<string> Arguments(IEnumerable<string> scripts) => Distinct(scripts.SelectMany(script => new[] { script, "*/" + script }));

    private static List<string> Distinct(IEnumerable<string> texts) => [.. texts.Distinct().Order(StringComparer.Ordinal)];
}
