namespace Gantry.Hub.Fleet.Views;

/// <summary>
/// Which agents are on fallback: by their own word they run another configuration than the one assigned to them, and are not on their way to it.
/// An agent is, when all of this holds:
/// 1. a configuration is assigned to it, it takes configurations, and it is connected: of one that is gone nobody knows what it runs;
/// 2. it refused that configuration or went back from it, or the apply deadline has passed since it was assigned: before that it is on its way;
/// 3. it tells what it runs instead. <see cref="Last"/>: it said APPLIED of an earlier remote configuration, and of none since. <see cref="Own"/>: it
///    never said so of any, and the effective configuration that it shows is not the assigned one: a file of its own, a bootstrap or startup fallback.
/// An agent that tells neither is failed or silent, and no more is known.
/// </summary>
internal static class Fallbacks
{
    /// <summary>The word among the states.</summary>
    public const string State = "on-fallback";

    public const string Last = "last";

    public const string Own = "own";

    /// <param name="state">As <see cref="AgentStates.Of"/> has it.</param>
    /// <returns>"" for an agent that is not on fallback.</returns>
    public static string Of(AgentState agent, string state, bool isConnected, DateTimeOffset now, TimeSpan applyWithin)
    {
        if (!isConnected || agent.Config is not { Desired: { } desired } config || !IsSettled(state, now - config.DesiredAt, applyWithin) || config.Differences is { Count: 0 })
        {
            return "";
        }

        return config.LastApplied.Length > 0 && !config.LastApplied.AsSpan().SequenceEqual(desired.Hash) ? Last
            : config.LastApplied.Length == 0 && config.Differences is { Count: > 0 } ? Own
            : "";
    }

    /// <summary>It is not on its way to what is assigned.</summary>
    /// <param name="wanted">For how long that is wanted; null where nobody knows.</param>
    private static bool IsSettled(string state, TimeSpan? wanted, TimeSpan applyWithin) =>
        state is AgentStates.Failed or AgentStates.RolledBack
        || (state is AgentStates.Pending or AgentStates.Offered or AgentStates.Applying or AgentStates.NoAnswer && wanted > applyWithin);
}
