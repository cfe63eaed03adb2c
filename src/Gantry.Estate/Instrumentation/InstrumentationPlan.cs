using Gantry.Estate.Pipelines;
using Gantry.Estate.Resources;
using Gantry.Protocol.Inventory;

namespace Gantry.Estate.Instrumentation;

/// <summary>What the agent may do with processes that must start again before what is written acts on them.</summary>
public enum RestartPolicy
{
    /// <summary>Leave that to a person; until then they are shown as restart pending.</summary>
    Manual,

    /// <summary>Restart their units: one first, then, once it is seen to be well, the others one after the other.</summary>
    OneFirst,
}

/// <summary>
/// What an agent is to instrument on its host: the <c>Instrumentation</c> resources of its cohort, put together. First matching rule wins; what no rule matches
/// is left alone.
/// </summary>
/// <param name="Rules">Of the resource with the highest priority first.</param>
/// <param name="Environment">OTEL_* variables for every instrumented process of the host; never its identity.</param>
/// <param name="BakeFor">How long the first restarted unit must be well before the next one follows.</param>
/// <param name="Network">Whether the agent tells who talks to whom, from the kernel's socket diagnostics.</param>
/// <param name="Obi">Whether the agent runs OBI, where the kernel and the guard allow it.</param>
public sealed record InstrumentationPlan(
    IReadOnlyList<InstrumentationRule> Rules,
    IReadOnlyDictionary<string, string> Environment,
    RestartPolicy Restart,
    TimeSpan BakeFor,
    bool Network,
    bool Obi)
{
    /// <summary>OBI's settings of the operator's own, of all pipelines of type obi; null where there are none.</summary>
    public MappingNode? ObiSettings { get; init; }

    /// <summary>Leaves every process alone.</summary>
    public static readonly InstrumentationPlan Nothing = new([], new Dictionary<string, string>(), RestartPolicy.Manual, TimeSpan.FromMinutes(1), Network: false, Obi: false);

    /// <summary>Puts resources together: rules of the first one are asked first, and where two say different things, the first one goes.</summary>
    /// <param name="inOrder">Higher priority first; only those that are <see cref="InstrumentationContents"/> count.</param>
    public static InstrumentationPlan Of(IEnumerable<Pipeline> inOrder)
    {
        var contents = inOrder.Select(static pipeline => pipeline.Contents).OfType<InstrumentationContents>().ToList();
        var environment = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in contents.SelectMany(static item => item.Environment))
        {
            environment.TryAdd(name, value);
        }

        return new InstrumentationPlan(
            [.. contents.SelectMany(static item => item.Rules)],
            environment,
            contents.Find(static item => item.Restart is not null)?.Restart ?? Nothing.Restart,
            contents.Find(static item => item.BakeFor is not null)?.BakeFor ?? Nothing.BakeFor,
            contents.Find(static item => item.Network is not null)?.Network ?? Nothing.Network,
            contents.Find(static item => item.Obi is not null)?.Obi ?? Nothing.Obi);
    }

    /// <returns>The rule that decides about the process; null: none does, and it is left alone.</returns>
    public InstrumentationRule? RuleFor(ProcessFact process)
    {
        foreach (var rule in Rules)
        {
            if (rule.Match.Holds(process))
            {
                return rule;
            }
        }

        return null;
    }
}
