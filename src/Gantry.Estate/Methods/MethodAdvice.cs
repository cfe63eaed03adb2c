using Gantry.Estate.Ladder;
using Gantry.Protocol.Inventory;

namespace Gantry.Estate.Methods;

/// <summary>A method that applies.</summary>
/// <param name="Why">Why one would take it, for a person.</param>
/// <param name="Unchecked">What it needs and nobody knows: each as the end of "not checked: …".</param>
public sealed record MethodChoice(InstrumentationMethod Method, MethodCost Cost, string Why, IReadOnlyList<string> Unchecked);

/// <summary>A method that does not apply.</summary>
/// <param name="Method">Null: none exists at all.</param>
/// <param name="Reason">One of <see cref="Gantry.Protocol.Inventory.InstrumentationReasons"/>.</param>
/// <param name="Message">Why, with what would change it.</param>
public sealed record MethodRefusal(InstrumentationMethod? Method, string Reason, string Message);

/// <summary>What can be done for one rung.</summary>
/// <param name="Applicable">Best first.</param>
/// <param name="Refused">In the order in which they would have been taken.</param>
public sealed record RungAdvice(Rung Rung, IReadOnlyList<MethodChoice> Applicable, IReadOnlyList<MethodRefusal> Refused)
{
    /// <summary>Null: nothing can be had.</summary>
    public MethodChoice? Recommended => Applicable.Count > 0 ? Applicable[0] : null;

    /// <summary>The best one that acts on what runs; null: each needs a restart, or more.</summary>
    public MethodChoice? WithoutRestart => Applicable.FirstOrDefault(choice => choice.Cost.Restart == MethodRestart.None);

    /// <returns>Null: the method applies, or is not one of this cell.</returns>
    public MethodRefusal? RefusalOf(string method) => Refused.FirstOrDefault(refusal => refusal.Method?.Id == method);
}

/// <summary>What can be done for a program where it runs.</summary>
/// <param name="Cell">Of the matrix.</param>
/// <param name="Otherwise">What is left where a rung cannot be had, or not well: from outside, by the platform, or by a new build.</param>
/// <param name="Limits">What cannot be had here at all, a sentence each.</param>
/// <param name="Sources">Of the cell.</param>
public sealed record MethodAdvice(
    ProcessTraits Traits,
    MethodPlatform Platform,
    MatrixCell Cell,
    RungAdvice Baseline,
    RungAdvice Transactions,
    IReadOnlyList<MethodChoice> Otherwise,
    IReadOnlyList<string> Limits,
    IReadOnlyList<MethodSource> Sources)
{
    public RungAdvice For(Rung rung) => rung == Rung.Transactions ? Transactions : Baseline;
}

/// <summary>What the host at hand does not allow, whatever the process is like: files that are not there, a kernel without BTF, a guard.</summary>
/// <param name="Refused">Reason and message by id of a method.</param>
public sealed record HostLimits(IReadOnlyDictionary<string, (string Reason, string Message)> Refused)
{
    public static readonly HostLimits None = new(new Dictionary<string, (string, string)>());

    /// <summary>Patterns of units whose environment may be set; null: any.</summary>
    public IReadOnlyList<string>? AllowedUnits { get; init; }

    /// <summary>With what is not allowed for this one process.</summary>
    internal HostLimits For(ProcessFact process)
    {
        if (AllowedUnits is null || process.Unit.Length == 0 || AllowedUnits.Any(pattern => Sampling.Glob.Matches(pattern, process.Unit)))
        {
            return this;
        }

        var refused = new Dictionary<string, (string, string)>(Refused);
        foreach (var method in new[] { AgentMethods.UnitEnvironment, AgentMethods.Injector })
        {
            refused.TryAdd(method, (InstrumentationReasons.Guard, $"The host's guard file does not allow it for this unit; add the line 'allow unit {process.Unit}'."));
        }

        return this with { Refused = refused };
    }
}
