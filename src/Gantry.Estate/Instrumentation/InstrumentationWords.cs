using Gantry.Protocol.Inventory;

namespace Gantry.Estate.Instrumentation;

/// <summary>States as people and programs read them.</summary>
public static class InstrumentationWords
{
    /// <summary>In the order in which a process goes through them.</summary>
    public static IReadOnlyList<(InstrumentationState State, string Word, string Meaning)> States { get; } =
    [
        (InstrumentationState.Detected, "detected", "Found; no plan reaches its host."),
        (InstrumentationState.Eligible, "eligible", "It could be instrumented; no rule matches it."),
        (InstrumentationState.Blocked, "blocked", "It will not be instrumented; the reason says what would change that."),
        (InstrumentationState.Configured, "configured", "Written or asked for; not yet seen to have reached it."),
        (InstrumentationState.RestartPending, "restart pending", "What is written acts on its next start only."),
        (InstrumentationState.Loaded, "loaded", "The instrumentation is in the process; no telemetry was seen yet."),
        (InstrumentationState.Observed, "observed", "Its telemetry was seen."),
        (InstrumentationState.Healthy, "healthy", "Its telemetry is fresh, and its service has rate, errors and duration."),
        (InstrumentationState.Conflicting, "conflicting", "Two instrumentations are in it."),
    ];

    public static string Of(InstrumentationState state) => States[(int)state].Word;

    /// <param name="word">As <see cref="Of"/> has it, also with '-' for a blank.</param>
    public static InstrumentationState? Parse(string word)
    {
        foreach (var (state, known, _) in States)
        {
            if (known.Equals(word.Replace('-', ' '), StringComparison.OrdinalIgnoreCase))
            {
                return state;
            }
        }

        return null;
    }
}
