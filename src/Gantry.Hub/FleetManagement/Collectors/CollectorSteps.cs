using Gantry.Hub.Fleet.Views;

namespace Gantry.Hub.FleetManagement.Collectors;

/// <summary>The steps of a collector from wanted to in effect, each with its evidence: the same five as of every agent.</summary>
internal static class CollectorSteps
{
    /// <param name="state">Of the fleet's words.</param>
    public static IReadOnlyList<AgentStep> Of_NeedsLock(CollectorState collector, string state)
    {
        if (collector.Desired is not { Hash: var hash })
        {
            return [.. new[] { "desired", "offered", "received", "applied", "in-effect" }.Select(name => new AgentStep(name, "unknown", null, "", ""))];
        }

        var progress = collector.Progress;
        var isFailed = progress.Failed?.Hash == hash;
        var isApplied = progress.Applied?.Hash == hash;
        var isReceived = isApplied || isFailed || progress.Received?.Hash == hash;
        var isOffered = isReceived || progress.Offered?.Hash == hash;
        var missed = state == AgentStates.NoAnswer ? "failed" : "waiting";
        return
        [
            new AgentStep("desired", "done", null, hash, DesiredOf(collector)),
            Step("offered", isOffered ? "done" : "waiting", progress.Offered, hash),
            Step("received", isReceived ? "done" : missed, progress.Received, hash),
            new AgentStep(
                "applied", isApplied ? "done" : isFailed ? "failed" : isReceived && !progress.TellsStatus ? "unknown" : missed,
                isFailed ? progress.Failed?.At : isApplied ? progress.Applied?.At : null, progress.Applied?.Hash ?? "",
                isFailed ? progress.Failed?.Text ?? "" : isReceived && !progress.TellsStatus ? "its version never tells whether it loaded it (Alloy does from 1.12 on)" : ""),
            new AgentStep(
                "in-effect", progress.EffectiveHash.Length == 0 ? "unknown" : CollectorStanding.Shows(collector) ? "done" : isApplied ? "failed" : "waiting", progress.EffectiveAt, "",
                progress.EffectiveHash.Length > 0 && !CollectorStanding.Shows(collector) ? "it shows another text to run" : ""),
        ];
    }

    private static string DesiredOf(CollectorState collector) => collector switch
    {
        { Enabled: false } => "an operator switched it off: a configuration with nothing in it",
        { Remembered.Assignment: { } assignment } => $"revision {assignment.Revision} of {assignment.Cohort}",
        _ => "",
    };

    /// <summary>A mark of another configuration says when that one came, which is nothing of this one.</summary>
    private static AgentStep Step(string name, string state, ConfigMark? mark, string desired) =>
        new(name, state, mark?.Hash == desired ? mark.At : null, mark?.Hash ?? "", "");
}
