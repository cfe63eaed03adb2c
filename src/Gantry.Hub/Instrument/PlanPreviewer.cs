using Gantry.Estate.Agents;
using Gantry.Estate.Instrumentation;
using Gantry.Estate.Ladder;
using Gantry.Estate.Methods;
using Gantry.Estate.Pipelines;
using Gantry.Hub.Compile;
using Gantry.Hub.Fleet;
using Gantry.Hub.Rollouts;
using Gantry.Protocol.Inventory;

namespace Gantry.Hub.Instrument;

/// <summary>
/// Says what documents would do before anything is written: it puts each agent's plan together with them and without them, and holds both against the
/// processes that the agent reports. The same code decides on the host.
/// </summary>
internal sealed class PlanPreviewer(NewestRevision assignments, IAgentDirectory agents, FleetStore fleet, TimeProvider time)
{
    private static readonly string[] Order = ["begins", "changes", "ends", "stays", "left"];

    /// <param name="drafts">Each takes the place of the stored one of its name.</param>
    /// <returns>Null while the estate cannot be read.</returns>
    public PlanPreview? Of(IReadOnlyList<Pipeline> drafts)
    {
        if (assignments.Index is not { } index)
        {
            return null;
        }

        var names = drafts.Select(draft => draft.Name).ToHashSet();
        var stored = index.All.Where(pipeline => pipeline.Type == PipelineType.Instrumentation && pipeline.Matchers.Count > 0 && pipeline.Enabled).ToList();
        var inventories = Inventories();
        var (affected, silent, unmatched, restarts) = (0, 0, 0, 0);
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var rows = new List<PreviewRow>();
        foreach (var agent in agents.All.Where(agent => agent.Kind == AgentKind.Gantry))
        {
            var attributes = index.AttributesOf(agent);
            var before = Pipeline.InOrder(stored.Where(pipeline => attributes.Satisfy(pipeline.Matchers))).ToList();
            var matching = drafts.Where(draft => draft is { Enabled: true, Matchers.Count: > 0 } && attributes.Satisfy(draft.Matchers)).ToList();
            if (matching.Count == 0 && !before.Exists(pipeline => names.Contains(pipeline.Name)))
            {
                continue;
            }

            affected++;
            if (!inventories.TryGetValue(agent.Id, out var inventory))
            {
                silent++;
                continue;
            }

            var planBefore = InstrumentationPlan.Of(before);
            var plan = InstrumentationPlan.Of(Pipeline.InOrder(before.Where(pipeline => !names.Contains(pipeline.Name)).Concat(matching)));
            var (then, now) = (new Side(planBefore, inventory), new Side(plan, inventory));
            foreach (var process in inventory.Processes)
            {
                if (Row(inventory, process, then, now) is not { } row)
                {
                    unmatched++;
                    continue;
                }

                counts[row.Change] = counts.GetValueOrDefault(row.Change) + 1;
                restarts += row.Restart ? 1 : 0;
                if (counts[row.Change] <= PlanPreview.MostRows)
                {
                    rows.Add(row);
                }
            }
        }

        rows.Sort(static (a, b) => Compare(a, b));
        return new PlanPreview(affected, silent, counts, rows, unmatched, restarts, []);
    }

    private Dictionary<string, ProcessInventory> Inventories()
    {
        var now = time.GetUtcNow();
        lock (fleet.Gate)
        {
            return fleet.Inventories_NeedsLock.Where(inventory => now - inventory.Received < Ladder.FreshFor)
                .GroupBy(inventory => inventory.Agent).ToDictionary(group => group.Key.ToString(), group => group.MaxBy(inventory => inventory.Received)!.Processes);
        }
    }

    private static int Compare(PreviewRow a, PreviewRow b)
    {
        var order = Array.IndexOf(Order, a.Change).CompareTo(Array.IndexOf(Order, b.Change));
        order = order != 0 ? order : string.CompareOrdinal(a.HostName, b.HostName);
        order = order != 0 ? order : string.CompareOrdinal(a.Name, b.Name);
        return order != 0 ? order : a.Pid.CompareTo(b.Pid);
    }

    private static PreviewRow? Row(ProcessInventory inventory, ProcessFact process, Side sideBefore, Side side)
    {
        var (before, rule) = (sideBefore.Plan.RuleFor(process), side.Plan.RuleFor(process));
        if (before is null && rule is null)
        {
            return null;
        }

        var was = MethodOf(process, before, sideBefore.Limits);
        var then = MethodOf(process, rule, side.Limits);
        var change = (was.Id.Length > 0, then.Id.Length > 0) switch
        {
            (false, true) => "begins",
            (true, false) => "ends",
            (false, false) => "left",
            _ => Key(before!, was, sideBefore) == Key(rule!, then, side) ? "stays" : "changes",
        };
        var isNew = change is "begins" or "changes";
        return new PreviewRow(
            change,
            inventory.HostId,
            inventory.HostName,
            process.Pid,
            process.DisplayName,
            process.Executable,
            process.Language,
            process.Unit,
            InstrumentationWords.Of(process.Instrumentation?.State ?? InstrumentationState.Detected),
            before?.Name ?? "",
            rule?.Name ?? "",
            rule is null ? "" : rule.Action == RuleAction.Allow ? "allow" : "block",
            then.Id,
            isNew && then.Restarts,
            then.Id.Length > 0 ? rule!.ServiceOf(process) : "",
            then.Message);
    }

    /// <summary>The environment acts on what is instrumented by a restart only: another one is another start.</summary>
    private static (string, string, string, string, string) Key(InstrumentationRule rule, PlannedMethod method, Side side) =>
        (rule.Name, method.Id, rule.Service, rule.Namespace, method.Restarts ? side.Environment : "");

    private static PlannedMethod MethodOf(ProcessFact process, InstrumentationRule? rule, HostLimits limits) => rule switch
    {
        null => new PlannedMethod("", Message: "no rule matches it"),
        { Action: RuleAction.Block } => new PlannedMethod("", Reason: InstrumentationReasons.RuleBlocks, Message: $"rule {rule.Name} leaves it alone"),
        _ => PlannedMethod.Choose(process, rule, limits),
    };

    private sealed class Side(InstrumentationPlan plan, ProcessInventory inventory)
    {
        public InstrumentationPlan Plan { get; } = plan;

        public HostLimits Limits { get; } = PlannedMethod.LimitsOf(inventory, plan);

        public string Environment { get; } = string.Join('\n', plan.Environment.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => $"{pair.Key}={pair.Value}"));
    }
}
