using Gantry.Estate.Methods;
using System.Buffers;
using Gantry.Estate.Instrumentation.Injector;
using Gantry.Protocol.Inventory;

namespace Gantry.Estate.Instrumentation.Obi;

/// <summary>
/// Ordered rules as OBI takes them: entries in which everything must hold, and an exclusion that always wins, in both versions of its configuration (version 2 has
/// an order, and lets exclusions take precedence over it). So a block may not take from an allow above it.
/// </summary>
public sealed record ObiSelection(IReadOnlyList<InstrumentationRule> Includes, IReadOnlyList<InstrumentationRule> Excludes)
{
    public const string Method = AgentMethods.Obi;

    /// <summary>OBI's globs have these too; ours take them as they are.</summary>
    private static readonly SearchValues<char> Special = SearchValues.Create("?[]{}!\\,");

    /// <returns>Null when a rule cannot be said, with each such rule.</returns>
    public static ObiSelection? Compile(IReadOnlyList<InstrumentationRule> rules, out IReadOnlyList<InjectorProblem> problems)
    {
        var wrong = new List<InjectorProblem>();
        problems = wrong;
        List<InstrumentationRule> includes = [];
        List<InstrumentationRule> excludes = [];
        for (var i = 0; i < rules.Count; i++)
        {
            var rule = rules[i];
            if (IsAllowed(rule))
            {
                includes.Add(rule);
            }
            else if (rules.Skip(i + 1).Any(below => IsAllowed(below) && Overlap(rule.Match, below.Match)))
            {
                if (includes.Find(above => Overlap(rule.Match, above.Match)) is { } taken)
                {
                    wrong.Add(new InjectorProblem($"rule {rule.Name}", "", $"leaves alone what rule {taken.Name} above it allows, and for OBI an exclusion always wins; move it above {taken.Name}, or make the two match different executables"));
                }

                excludes.Add(rule);
            }
        }

        foreach (var rule in includes.Concat(excludes))
        {
            Check(rule, wrong);
        }

        return wrong.Count == 0 ? new ObiSelection(includes, excludes) : null;
    }

    /// <summary>Whether OBI, left to itself, would look into the process: an entry takes it, and no exclusion does.</summary>
    public bool Reaches(ProcessFact process) =>
        Includes.Any(rule => rule.Match.Holds(process)) && !Excludes.Any(rule => rule.Match.Holds(process));

    private static bool IsAllowed(InstrumentationRule rule) => rule.MayBeBy(Method);

    private static void Check(InstrumentationRule rule, List<InjectorProblem> wrong)
    {
        var match = rule.Match;
        var unseen = match.Units.Concat(match.Containers).Concat(match.Owners).Concat(match.Services).Concat(match.Scripts).FirstOrDefault();
        if (unseen is not null)
        {
            wrong.Add(new InjectorProblem($"rule {rule.Name}", unseen, "is none of what OBI can select by: it takes executables, languages and ports"));
        }

        if (match.Executables.Concat(match.Languages).FirstOrDefault(glob => glob.AsSpan().IndexOfAny(Special) >= 0 || glob.Any(char.IsControl)) is { } glob)
        {
            wrong.Add(new InjectorProblem($"rule {rule.Name}", glob, "has one of ? [ ] { } ! \\ and ',', which mean something else to OBI; use '*'"));
        }

        if (match.Executables is [] && match.Languages is [] && match.Ports is [] && rule.Action == RuleAction.Allow && unseen is null)
        {
            wrong.Add(new InjectorProblem($"rule {rule.Name}", "", "matches every process of the host, which OBI would all look into; name executables, languages or ports"));
        }
    }

    private static bool Overlap(ProcessMatch left, ProcessMatch right) =>
        GlobOverlap.Any(left.Executables, right.Executables) && GlobOverlap.Any(left.Languages, right.Languages);
}
