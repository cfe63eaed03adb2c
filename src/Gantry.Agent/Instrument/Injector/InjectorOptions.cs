namespace Gantry.Agent.Instrument.Injector;

/// <summary>How the instrumenter works on a host.</summary>
/// <param name="StateFolder">The agent's; what failed is remembered there.</param>
internal sealed record InjectorOptions(string StateFolder)
{
    public string ProcRoot { get; init; } = "/proc";

    /// <summary>A restarted unit must be loaded and seen by its telemetry within this time.</summary>
    public TimeSpan VerifyWithin { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How often a restarted unit is looked at.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Language to the path of its agent, beside those that packages bring.</summary>
    public IReadOnlyDictionary<string, string> Agents { get; init; } = new Dictionary<string, string>();
}
