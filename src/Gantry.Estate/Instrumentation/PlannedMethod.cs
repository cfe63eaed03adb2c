using Gantry.Estate.Methods;
using Gantry.Protocol.Inventory;

namespace Gantry.Estate.Instrumentation;

/// <summary>The method that a process will be instrumented by. Hub and agent ask here, so a preview says what the agent will do.</summary>
/// <param name="Id">"" when none fits.</param>
/// <param name="Restarts">It acts on the next start of the process only.</param>
/// <param name="Reason">One of <see cref="InstrumentationReasons"/> when none fits.</param>
/// <param name="Message">For a person, with what would change it.</param>
public sealed record PlannedMethod(string Id, bool Restarts = false, string Reason = "", string Message = "")
{
    /// <summary>As the agent of the process decides.</summary>
    /// <param name="rule">Null: nothing is asked for yet; would any method fit?</param>
    /// <param name="host">What the host does not allow, or lacks.</param>
    public static PlannedMethod Choose(ProcessFact process, InstrumentationRule? rule, HostLimits? host = null)
    {
        var advice = MethodCatalogue.Advise(process, MethodCatalogue.PlatformOf(process), host?.For(process));
        return rule is { IsAuto: false } ? Asked(rule.Method, advice) : Best(advice);
    }

    /// <summary>As the agent of this host would decide by another plan: what it told of its host, with OBI as that plan has it.</summary>
    public static HostLimits LimitsOf(ProcessInventory inventory, InstrumentationPlan plan)
    {
        var refused = inventory.MethodLimits.GroupBy(limit => limit.Method).ToDictionary(group => group.Key, group => (group.First().Reason, group.First().Message));
        if (plan.Obi && refused.TryGetValue(AgentMethods.Obi, out var obi) && obi.Reason == InstrumentationReasons.NoRule)
        {
            refused.Remove(AgentMethods.Obi);
        }
        else if (!plan.Obi)
        {
            refused[AgentMethods.Obi] = (InstrumentationReasons.NoRule, NoObi);
        }

        return new HostLimits(refused) { AllowedUnits = inventory.MethodLimits.Count + inventory.AllowedUnits.Count > 0 ? inventory.AllowedUnits : null };
    }

    /// <summary>Said where a process could be looked at with OBI, and no plan runs it.</summary>
    public const string NoObi = "It could be looked at with OBI, and no plan runs OBI on this host; write obi: true into an Instrumentation.";

    /// <summary>Traces before none; of these, what acts on the running process before what waits for its next start.</summary>
    private static PlannedMethod Best(MethodAdvice advice)
    {
        var best = advice.Transactions.Applicable.Where(OfAnAgent).OrderBy(static choice => choice.Cost.Restart).FirstOrDefault()
            ?? advice.Baseline.Applicable.FirstOrDefault(OfAnAgent);
        if (best is not null)
        {
            return new PlannedMethod(best.Method.Id, best.Cost.Restart != MethodRestart.None);
        }

        // What would have been taken first says best what is in the way; the program's own limits before the host's.
        var refusals = advice.Transactions.Refused.Concat(advice.Baseline.Refused).Where(refusal => refusal.Method is null || AgentMethods.All.Contains(refusal.Method.Id)).ToList();
        var refusal = refusals.Find(static refusal => refusal.Reason is not (InstrumentationReasons.Host or InstrumentationReasons.NotInstalled or InstrumentationReasons.Guard or InstrumentationReasons.NoRule)) ?? refusals.FirstOrDefault();
        return refusal is null
            ? new PlannedMethod("", Reason: InstrumentationReasons.UnsupportedLanguage, Message: string.Join(' ', advice.Limits))
            : new PlannedMethod("", Reason: refusal.Reason, Message: refusal.Message);
    }

    private static PlannedMethod Asked(string method, MethodAdvice advice)
    {
        if (advice.Transactions.Applicable.Concat(advice.Baseline.Applicable).FirstOrDefault(choice => choice.Method.Id == method && OfAnAgent(choice)) is { } choice)
        {
            return new PlannedMethod(method, choice.Cost.Restart != MethodRestart.None);
        }

        return (advice.Transactions.RefusalOf(method) ?? advice.Baseline.RefusalOf(method)) is { } refusal
            ? new PlannedMethod("", Reason: refusal.Reason, Message: refusal.Message)
            : new PlannedMethod("", Reason: InstrumentationReasons.UnsupportedLanguage, Message: $"method {method} is not for {advice.Traits.Language?.Title ?? "a program of an unknown language"} on {advice.Platform.Title}");
    }

    private static bool OfAnAgent(MethodChoice choice) => AgentMethods.All.Contains(choice.Method.Id);
}
