using Gantry.Estate.Ladder;
using Gantry.Protocol.Inventory;

namespace Gantry.Estate.Methods;

/// <summary>
/// Every way to instrument, and which one fits a program where it runs. Data with sources: nothing here knows a method, a language or a platform by name but the
/// row that stands in for a language that nobody recognised.
/// </summary>
public static class MethodCatalogue
{
    /// <summary>What can only be seen from outside is treated as this one.</summary>
    private const string Unrecognised = "cpp";

    public static IReadOnlyList<InstrumentationMethod> Methods => MethodTable.All;

    public static IReadOnlyList<MethodSource> Sources => SourceTable.All;

    public static IReadOnlyList<MatrixCell> Cells { get; } = MatrixReader.Read(MatrixTable.Text);

    /// <returns>Null: there is no such method.</returns>
    public static InstrumentationMethod? Find(string id) => Methods.FirstOrDefault(method => method.Id == id);

    /// <summary>Where a process that an agent of a host sees runs, as far as the agent can tell: a task of ECS is a container to it.</summary>
    public static MethodPlatform PlatformOf(ProcessFact process) =>
        MethodPlatforms.Find(process.PodUid.Length > 0 ? MethodPlatforms.Kubernetes : MethodPlatforms.Vm)!;

    /// <inheritdoc cref="Advise(ProcessTraits, MethodPlatform, HostLimits?)"/>
    public static MethodAdvice Advise(ProcessFact process, MethodPlatform platform, HostLimits? host = null) => Advise(ProcessTraits.Of(process), platform, host);

    /// <summary>What can be done for a program, best first, with what it costs, and what cannot be done, with what would change that.</summary>
    /// <param name="host">What the host does not allow; null where no host is looked at.</param>
    public static MethodAdvice Advise(ProcessTraits traits, MethodPlatform platform, HostLimits? host = null)
    {
        host ??= HostLimits.None;
        var row = traits.Language?.Id ?? Unrecognised;
        var cell = Cells.First(cell => cell.Language == row && cell.Platform == platform.Id);
        // Traces first: what is counted from an agent or from spans has to know whether there will be any.
        var transactions = Rung(Ladder.Rung.Transactions, cell.Transactions, new RequirementContext(traits, Agent: null, Spans: null), platform, host);
        var context = new RequirementContext(
            traits,
            transactions.Applicable.Any(choice => choice.Method.Inside) ? null : transactions.Refused.FirstOrDefault(refusal => refusal.Method is not { Inside: false }) ?? Nothing(traits),
            transactions.Applicable.Count > 0 ? null : transactions.Refused is [var first, ..] ? first : Nothing(traits));
        var baseline = Rung(Ladder.Rung.Baseline, cell.Baseline, context, platform, host);
        if (traits.Language is null)
        {
            transactions = transactions with { Refused = [Nothing(traits), .. transactions.Refused] };
        }

        return new MethodAdvice(
            traits,
            platform,
            cell,
            baseline,
            transactions,
            Rung(Ladder.Rung.Baseline, cell.Otherwise, context, platform, host).Applicable,
            [.. cell.Limits.Select(limit => LimitTable.All[limit])],
            [.. cell.Sources.Select(id => Sources.First(source => source.Id == id))]);
    }

    private static RungAdvice Rung(Rung rung, IReadOnlyList<string> methods, RequirementContext context, MethodPlatform platform, HostLimits host)
    {
        var applicable = new List<MethodChoice>();
        var refused = new List<MethodRefusal>();
        foreach (var method in methods.Select(id => Find(id)!))
        {
            var asked = method.Requirements.Where(requirement => requirement.Language.Length == 0 || requirement.Language == context.Traits.Language?.Id)
                .OrderBy(requirement => RequirementRules.OrderOf(requirement.Kind))
                .Select(requirement => (requirement, Rule: RequirementRules.Of(requirement.Kind), Holds: RequirementRules.Of(requirement.Kind).Holds(context, requirement.Value)))
                .ToList();
            if (asked.Find(check => check.Holds == false) is { Rule: { } rule } broken)
            {
                refused.Add(new MethodRefusal(method, rule.Reason(context), rule.Message(context, broken.requirement.Value)));
            }
            else if (host.Refused.TryGetValue(method.Id, out var limit))
            {
                refused.Add(new MethodRefusal(method, limit.Reason, limit.Message));
            }
            else
            {
                applicable.Add(new MethodChoice(
                    method, method.CostOn(platform), $"{char.ToUpperInvariant(method.Because[0])}{method.Because[1..]}.", [.. asked.Where(check => check.Holds is null).Select(check => check.Rule.Needs(check.requirement.Value))]));
            }
        }

        return new RungAdvice(rung, applicable, methods.Count == 0 ? [Nothing(context.Traits)] : refused);
    }

    /// <summary>No method exists, whatever the process is like.</summary>
    private static MethodRefusal Nothing(ProcessTraits traits) => traits switch
    {
        { Language: null, Unreadable.Length: > 0 } => new(null, InstrumentationReasons.Unreadable, $"Its language is not known: {traits.Unreadable}. Give the agent the right to look."),
        { Language: null } => new(null, InstrumentationReasons.UnsupportedLanguage, "Its language is not one that an agent exists for; it can be looked at from outside only."),
        { Language.Id: "dotnet-native" } => new(null, InstrumentationReasons.NativeCode, "It is compiled ahead of time, so no agent can be loaded into it; build it for the runtime, or put the SDK into its code."),
        _ => new(null, InstrumentationReasons.UnsupportedLanguage, $"No agent for {traits.Language!.Title} can be loaded here; put the SDK into its code, or run it where OBI can look at it."),
    };
}
