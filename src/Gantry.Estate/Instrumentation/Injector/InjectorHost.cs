using Gantry.Protocol.Inventory;

namespace Gantry.Estate.Instrumentation.Injector;

/// <summary>A process that is to be instrumented, and the rule that says so.</summary>
/// <param name="Has">What it had before us, of <see cref="LanguageVariables.Kept"/>; empty for the injector's method.</param>
public sealed record InjectorTarget(ProcessFact Process, InstrumentationRule Rule, IReadOnlyDictionary<string, string> Has)
{
    public InjectorTarget(ProcessFact process, InstrumentationRule rule)
        : this(process, rule, new Dictionary<string, string>())
    {
    }
}

/// <summary>What a host is, as far as its files depend on it.</summary>
public sealed record InjectorHost
{
    /// <summary>To be instrumented by the injector.</summary>
    public IReadOnlyList<InjectorTarget> Injected { get; init; } = [];

    /// <summary>To be instrumented by the environment of their units.</summary>
    public IReadOnlyList<InjectorTarget> ByEnvironment { get; init; } = [];

    /// <summary>Every process that was found: a selection must not reach one that is no target.</summary>
    public IReadOnlyList<ProcessFact> Processes { get; init; } = [];

    /// <summary>Language to the path of its agent, for those that are installed.</summary>
    public IReadOnlyDictionary<string, string> Agents { get; init; } = new Dictionary<string, string>();

    /// <summary>The injector's configuration files that are not ours.</summary>
    public IReadOnlyList<HostFile> OtherFiles { get; init; } = [];

    /// <summary>"x64" or "arm64".</summary>
    public string Architecture { get; init; } = "x64";
}

/// <summary>The files that a host is to have.</summary>
/// <param name="Files">In the order of their paths; empty when there is a problem that concerns them all.</param>
/// <param name="Problems">What is not written, and why.</param>
/// <param name="Refused">Units, and rules of processes without a unit, that a problem keeps out.</param>
/// <param name="ByUnit">Why units select themselves and the host's file selects nothing; "" where the file selects by path.</param>
public sealed record InjectorFiles(IReadOnlyList<HostFile> Files, IReadOnlyList<InjectorProblem> Problems, IReadOnlyDictionary<ProcessFact, string> Refused, string ByUnit);
