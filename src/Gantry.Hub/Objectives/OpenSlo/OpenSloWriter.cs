using System.Globalization;
using System.Text;
using System.Text.Json;
using Gantry.Estate.Journeys;
using Gantry.Hub.Observations;
using static Gantry.Hub.Objectives.OpenSlo.YamlText;

namespace Gantry.Hub.Objectives.OpenSlo;

/// <summary>
/// A journey as OpenSLO v1 (https://github.com/OpenSLO/OpenSLO): a Service, and for each objective an SLO with a ratio of two Prometheus counters and an AlertPolicy for each burn rate.
/// What OpenSLO has no word for (the entry, the hops, the short window of an alert) is in annotations, so that the same journey comes back.
/// </summary>
public static class OpenSloWriter
{
    public const string ApiVersion = "openslo/v1";

    /// <summary>Before the names of Gantry's annotations.</summary>
    public const string Prefix = "gantry/";

    private const int LongestDescription = 1050;

    private const int LongestName = 63;

    public static string Write(Journey journey)
    {
        var text = new StringBuilder();
        var service = Name(journey.Name);
        Head(text, "Service", service, journey.Title, [
            ("journey", journey.Name), ("owner", journey.Owner), ("entry-service", journey.Entry.Service), ("entry-operation", journey.Entry.Operation), ("entry-namespace", journey.Entry.Namespace),
            ("entry-environment", journey.Entry.Environment), ("hops", Hops(journey)), ("description", journey.Description.Length > LongestDescription ? journey.Description : ""),
        ]);
        text.Append(journey.Description.Length > 0 ? $"spec:\n  description: {Quote(Cut(journey.Description))}\n" : "spec: {}\n");
        foreach (var objective in journey.Objectives)
        {
            Slo(text, journey, objective, service);
        }

        return text.ToString();
    }

    /// <summary>Up to 63 lower-case letters, digits and '-', as every implementation takes it (RFC 1123). What had to be changed ends with a hash, so that no two are the same.</summary>
    public static string Name(params ReadOnlySpan<string> parts)
    {
        var whole = string.Join('-', parts!);
        var name = string.Concat(whole.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');
        return name == whole && name.Length is > 0 and <= LongestName && parts.Length == 1 ? name
            : $"{name[..Math.Min(name.Length, LongestName - 9)].Trim('-')}-{RowId.Of("", parts)[^8..]}".Trim('-');
    }

    private static void Slo(StringBuilder text, Journey journey, Objective objective, string service)
    {
        var name = Name(journey.Name, objective.Name);
        var (good, total) = SliQuery.Of(journey, objective);
        text.Append("---\n");
        Head(text, "SLO", name, $"{journey.Title}: {objective.Name}", [("objective", objective.Name)]);
        text.Append(
            $$"""
            spec:
              service: {{Word(service)}}
              indicator:
                metadata: {name: {{name}}}
                spec:
                  ratioMetric:
                    counter: true
                    good: {metricSource: {type: Prometheus, spec: {query: {{Quote(good)}} } } }
                    total: {metricSource: {type: Prometheus, spec: {query: {{Quote(total)}} } } }
              timeWindow: [{duration: {{JourneyWords.Window(objective.Window)}}, isRolling: true}]
              budgetingMethod: Occurrences
              objectives: [{displayName: {{Quote(objective.Name)}}, target: {{((decimal)objective.Target).ToString(CultureInfo.InvariantCulture)}} }]

            """);
        var rules = BurnRule.For(objective.Window).Select(rule => (Name: Name(name, rule.Alert, JourneyWords.Window(rule.Long)), Rule: rule)).ToList();
        text.Append("  alertPolicies:\n");
        foreach (var (policy, _) in rules)
        {
            text.Append($"  - {{alertPolicyRef: {policy}}}\n");
        }

        foreach (var (policy, rule) in rules)
        {
            text.Append("---\n");
            Head(text, "AlertPolicy", policy, "", [("short-window", JourneyWords.Window(rule.Short))]);
            var threshold = rule.ThresholdFor(objective.Window).ToString(CultureInfo.InvariantCulture);
            text.Append(
                $$"""
                spec:
                  description: {{Quote($"The budget burns {threshold} times faster than it may, over {JourneyWords.Window(rule.Long)} and still over the last {JourneyWords.Window(rule.Short)}")}}
                  alertWhenBreaching: true
                  alertWhenResolved: false
                  alertWhenNoData: false
                  conditions:
                  - kind: AlertCondition
                    metadata: {name: {{policy}}}
                    spec:
                      severity: {{rule.Alert}}
                      condition: {kind: burnrate, threshold: {{threshold}}, lookbackWindow: {{JourneyWords.Window(rule.Long)}}, alertAfter: 0m}
                  notificationTargets: []

                """);
        }
    }

    private static void Head(StringBuilder text, string kind, string name, string title, ReadOnlySpan<(string Name, string Value)> annotations)
    {
        text.Append($"apiVersion: {ApiVersion}\nkind: {kind}\nmetadata:\n  name: {Word(name)}\n{(title.Length > 0 ? $"  displayName: {Quote(title)}\n" : "")}  annotations:\n");
        foreach (var (key, value) in annotations)
        {
            if (value.Length > 0)
            {
                text.Append($"    {Prefix}{key}: {Quote(value)}\n");
            }
        }
    }

    private static string Hops(Journey journey) => journey.Hops.Count == 0 ? "" : JsonSerializer.Serialize(journey.Hops, HopJson.Options);

    private static string Cut(string text) => text.Length <= LongestDescription ? text
        : text[..(char.IsHighSurrogate(text[LongestDescription - 1]) ? LongestDescription - 1 : LongestDescription)];
}

/// <summary>How hops stand in an annotation.</summary>
internal static class HopJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow };
}
