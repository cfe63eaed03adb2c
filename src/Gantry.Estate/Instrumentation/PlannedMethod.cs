using Gantry.Protocol.Inventory;

namespace Gantry.Estate.Instrumentation;

/// <summary>The method that a process will be instrumented by. Hub and agent ask here, so a preview says what the agent will do.</summary>
/// <param name="Id">"" when none fits.</param>
/// <param name="Restarts">It acts on the next start of the process only.</param>
/// <param name="Reason">One of <see cref="InstrumentationReasons"/> when none fits.</param>
/// <param name="Message">For a person, with what would change it.</param>
public sealed record PlannedMethod(string Id, bool Restarts = false, string Reason = "", string Message = "")
{
    /// <param name="rule">Null: nothing is asked for yet; would any method fit?</param>
    /// <param name="available">Methods that the agent can carry out; null: not known.</param>
    public static PlannedMethod For(ProcessFact process, InstrumentationRule? rule, IReadOnlyCollection<string>? available = null) =>
        new(rule is { IsAuto: false } ? rule.Method : process.Instrumentation?.Method ?? "");
}
