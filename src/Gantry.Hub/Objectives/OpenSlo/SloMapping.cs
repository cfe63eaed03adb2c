using Gantry.Estate.Journeys;
using Gantry.Estate.Resources;
using Gantry.Estate.Sampling;

namespace Gantry.Hub.Objectives.OpenSlo;

/// <summary>One SLO to objectives of a journey, as far as it means the same here.</summary>
internal sealed class SloMapping(OpenSloObject slo, IReadOnlyList<OpenSloObject> all, JourneyEntry entry, IReadOnlyList<Objective> earlier)
{
    private static readonly string[] Sides = ["good", "bad", "total"];

    /// <summary>The queries of an SLO's inline indicator.</summary>
    public static IEnumerable<string> Queries(OpenSloObject slo) => Sides.Select(side => QueryOf(slo.Find("spec", "indicator", "spec", "ratioMetric"), side)).Where(query => query.Length > 0);

    public IReadOnlyList<Objective> Objectives()
    {
        if (slo.Text("spec", "budgetingMethod") is var method and not "Occurrences")
        {
            slo.Note(slo.Find("spec", "budgetingMethod"), "spec.budgetingMethod", $"is left out: Gantry counts requests (Occurrences){(method.Length > 0 ? ", and this counts slices of time" : "")}");
            return [];
        }

        if (Window() is not { } window || Indicator() is not var (indicator, threshold, service))
        {
            return [];
        }

        var objectives = new List<Objective>();
        var list = (slo.Find("spec", "objectives") as ListNode)?.Items ?? [];
        for (var i = 0; i < list.Count; i++)
        {
            if (Target(list[i], $"spec.objectives[{i}]") is { } target)
            {
                objectives.Add(new Objective(Name(list, i, objectives), service, indicator, target, window, threshold));
            }
        }

        if (list.Count == 0)
        {
            slo.Note(null, "spec.objectives", "is left out: it has no target");
        }

        return objectives;
    }

    private string Name(IReadOnlyList<Node> list, int index, List<Objective> objectives)
    {
        var given = slo.Annotation("objective") is { Length: > 0 } own && list.Count == 1 ? own : list.Count == 1 ? slo.Name : $"{slo.Name}-{index + 1}";
        var name = ResourceDocument.NamePattern().IsMatch(given) ? given : OpenSloWriter.Name(given.Length > 0 ? given : "objective");
        // Two SLOs that Gantry did not write may become one journey.
        return earlier.Concat(objectives).Any(other => other.Name == name) ? OpenSloWriter.Name(name, slo.Name, $"{earlier.Count + index}") : name;
    }

    private TimeSpan? Window()
    {
        var windows = (slo.Find("spec", "timeWindow") as ListNode)?.Items ?? [];
        var text = windows.Count == 1 ? OpenSloObject.TextOf(windows[0], "duration") : "";
        var problem = windows.Count != 1 ? "expected one time window"
            : OpenSloObject.Find(windows[0], "calendar") is not null || OpenSloObject.TextOf(windows[0], "isRolling") != "true" ? "windows that begin with a calendar are not known here, only rolling ones"
            : JourneyWords.ParseWindow(text) is not { } parsed ? "months, quarters and years are not of one length; write days, such as 30d"
            : parsed < JourneyWords.ShortestWindow || parsed > JourneyWords.LongestWindow ? "expected 1h to 90d"
            : "";
        if (problem.Length > 0)
        {
            slo.Note(slo.Find("spec", "timeWindow"), $"spec.timeWindow{(text.Length > 0 ? $" ({text})" : "")}", $"is left out: {problem}");
            return null;
        }

        return JourneyWords.ParseWindow(text);
    }

    private (ObjectiveIndicator Indicator, TimeSpan Threshold, string Service)? Indicator()
    {
        var spec = slo.Find("spec", "indicator", "spec") ?? Referred();
        if (OpenSloObject.Find(spec, "ratioMetric") is not MappingNode ratio || OpenSloObject.Find(ratio, "raw") is not null)
        {
            slo.Note(spec, "spec.indicator", spec is null ? "is left out: its indicator is not in these files"
                : OpenSloObject.Find(spec, "thresholdMetric") is not null ? "is left out: a thresholdMetric is a value over time, and Gantry counts requests; write a ratio of a histogram's bucket and its count"
                : "is left out: a raw ratio was counted elsewhere; write good and total");
            return null;
        }

        var (good, bad, total) = (QueryOf(ratio, "good"), QueryOf(ratio, "bad"), QueryOf(ratio, "total"));
        var side = SliQuery.Read(good.Length > 0 ? good : bad);
        var service = side is { IsOwn: true } && side.Service.Length > 0 && side.Service != entry.Service ? side.Service : "";
        if (side?.Bound is { } bound)
        {
            if (JourneyWords.BucketOf(bound) is null || good.Length == 0)
            {
                slo.Note(ratio, "spec.indicator", good.Length == 0 ? "is left out: what is slower than a bound is written as bad; write what is as fast as good"
                    : $"is left out: {SamplingWords.Duration(bound)} is no bound of the buckets in which durations are counted here; the nearest: {string.Join(", ", JourneyWords.NearestBounds(bound).Select(SamplingWords.Duration))}");
                return null;
            }

            Foreign(ratio, side, good, $"requests that take at most {SamplingWords.Duration(bound)}", service);
            return (ObjectiveIndicator.Duration, bound, service);
        }

        if (total.Length == 0 || good.Length + bad.Length == 0)
        {
            slo.Note(ratio, "spec.indicator", "is left out: it has no query for good or bad, or none for total");
            return null;
        }

        Foreign(ratio, side, good.Length > 0 ? good : bad, "requests that do not fail", service);
        return (ObjectiveIndicator.Errors, TimeSpan.Zero, service);
    }

    /// <summary>A query over other metrics is not asked here: what it most probably means is counted from spans, and that is said.</summary>
    private void Foreign(Node at, SliQuery? query, string text, string what, string service)
    {
        if (query is not { IsOwn: true })
        {
            slo.Note(at, "spec.indicator", $"is taken for {what}, counted from the spans of {(service.Length > 0 ? service : entry.Service)}: its own query ({text}) is not asked");
        }
        else if (service.Length == 0 && query.Operation != entry.Operation)
        {
            slo.Note(at, "spec.indicator", $"is taken for {what} of the entry {entry.Service} {entry.Operation}: it counted {(query.Operation.Length > 0 ? query.Operation : "every operation")}");
        }
    }

    private double? Target(Node objective, string field)
    {
        var (share, percent) = (OpenSloObject.TextOf(objective, "target"), OpenSloObject.TextOf(objective, "targetPercent"));
        var target = share.Length > 0 ? JourneyWords.ParseShare(share) : percent.Length > 0 ? JourneyWords.ParseShare(percent + "%") : null;
        if (target is > 0 and < 1)
        {
            return target;
        }

        slo.Note(objective, field, $"is left out: its target {(share.Length > 0 ? share : percent)} is not above 0 and below 1");
        return null;
    }

    private Node? Referred()
    {
        var name = slo.Text("spec", "indicatorRef");
        return name.Length > 0 ? all.FirstOrDefault(item => item.Kind == "SLI" && item.Name == name)?.Find("spec") : null;
    }

    private static string QueryOf(Node? ratio, string side) => OpenSloObject.TextOf(ratio, side, "metricSource", "spec", "query");
}
