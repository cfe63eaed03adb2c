using Gantry.Estate.Instrumentation;
using Gantry.Estate.Instrumentation.Injector;
using Gantry.Protocol.Inventory;

namespace Gantry.Agent.Tests.Injector;

/// <summary>Random rules and random processes: the injector, as documented, selects what the first matching rule allows, or the compiler refuses.</summary>
public sealed class SelectionPropertyTests
{
    private static readonly string[] Languages = ["dotnet", "java", "nodejs", "python", "ruby"];

    [Fact]
    public void What_compiles_selects_exactly_what_the_rules_allow()
    {
        var (compiled, refused, selected) = (0, 0, 0);
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var rules = Enumerable.Range(0, random.Next(1, 6)).Select(number => Rule(random, number)).ToList();
            var selection = SelectionCompiler.Compile(rules, Languages, InjectorRenderer.InjectorMethod, out var problems);
            if (selection is null)
            {
                Assert.All(problems, problem => Assert.StartsWith("rule r", problem.Where));
                refused++;
                continue;
            }

            compiled++;
            var plan = InstrumentationPlan.Nothing with { Rules = rules };
            var oracle = new InjectorOracle(Text(selection));
            for (var i = 0; i < 40; i++)
            {
                var (process, argv) = Process(random);
                var rule = plan.RuleFor(process);
                var expected = rule is { Action: RuleAction.Allow } && (rule.IsAuto || rule.Method == InjectorRenderer.InjectorMethod);
                Assert.True(expected == oracle.Instruments(process.Executable, argv, process.Language),
                    $"seed {seed}: {process.Executable} {process.Script} ({process.Language}) is {(expected ? "allowed" : "not allowed")} by\n{string.Join('\n', rules.Select(Say))}\nbut not so by\n{Text(selection)}");
                selected += expected ? 1 : 0;
                Assert.Equal(expected, selection.Selects(process));
            }
        }

        // Otherwise this proved nothing.
        Assert.True(compiled > 4000 && refused > 2000 && selected > 20_000, $"{compiled} compiled, {refused} refused, {selected} selected");
    }

    [Fact]
    public void Two_patterns_overlap_exactly_when_some_text_matches_both()
    {
        foreach (var left in Words(3, "ab*"))
        {
            foreach (var right in Words(3, "ab*"))
            {
                var expected = Words(6).Any(text => Estate.Sampling.Glob.Matches(left, text) && Estate.Sampling.Glob.Matches(right, text));
                Assert.True(expected == GlobOverlap.Any(left, right), $"{left} {right}");
            }
        }

    }

    private static IEnumerable<string> Words(int longest, string letters = "ab") =>
        longest == 0 ? [""] : Words(longest - 1, letters).SelectMany(word => letters.Select(letter => word + letter)).Concat(Words(longest - 1, letters)).Distinct();

    private static InstrumentationRule Rule(Random random, int number) => new(
        $"r{number}",
        random.Next(3) == 0 ? RuleAction.Block : RuleAction.Allow,
        new ProcessMatch
        {
            Executables = random.Next(4) == 0 ? [] : Some(random, 2, () => random.Next(3) switch { 0 => Path(random), 1 => $"/{Word(random)}/*", _ => $"*/{Word(random)}*" }),
            Scripts = random.Next(3) > 0 ? [] : Some(random, 2, () => random.Next(8) == 0 ? "*.js" : Word(random) + ".js"),
            Languages = random.Next(3) > 0 ? [] : Some(random, 3, () => random.Next(6) == 0 ? "go" : Languages[random.Next(5)]),
            Units = random.Next(25) > 0 ? [] : ["a.service"],
        },
        random.Next(6) == 0 ? "dotnet-attach" : random.Next(2) == 0 ? "auto" : InjectorRenderer.InjectorMethod);

    private static (ProcessFact Process, string[] Argv) Process(Random random)
    {
        var script = random.Next(3) == 0 ? "" : Word(random) + ".js";
        var process = new ProcessFact { Executable = Path(random), Script = script, Language = Languages[random.Next(5)], Unit = random.Next(2) == 0 ? "a.service" : "" };
        List<string> argv = [process.Executable];
        argv.AddRange(Enumerable.Range(0, random.Next(3)).Select(_ => "--" + Word(random)));
        if (script.Length > 0)
        {
            argv.Add(random.Next(2) == 0 ? script : $"/{Word(random)}/{script}");
        }

        return (process, [.. argv]);
    }

    private static List<string> Some(Random random, int most, Func<string> one) => [.. Enumerable.Range(0, random.Next(1, most + 1)).Select(_ => one())];

    private static string Path(Random random) => $"/{Word(random)}/{Word(random)}";

    private static string Word(Random random) => new([.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => "ab"[random.Next(2)])]);

    private static string Say(InstrumentationRule rule) =>
        $"{rule.Name} {rule.Action} {rule.Method} exe [{string.Join(' ', rule.Match.Executables)}] script [{string.Join(' ', rule.Match.Scripts)}] language [{string.Join(' ', rule.Match.Languages)}]";

    private static string Text(InjectorSelection selection) => string.Join('\n',
        [
            "auto_instrumentation_disabled=" + string.Join(',', InjectorRuntime.All.Where(runtime => !selection.Languages.Contains(runtime.Language)).Select(runtime => runtime.Word)),
            .. selection.IncludePaths.Select(path => $"include_paths={path}"), .. selection.ExcludePaths.Select(path => $"exclude_paths={path}"),
            .. selection.IncludeArguments.Select(argument => $"include_with_arguments={argument}"), .. selection.ExcludeArguments.Select(argument => $"exclude_with_arguments={argument}"),
        ]);
}
