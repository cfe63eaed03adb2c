using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Gantry.Estate.Journeys;

namespace Gantry.Hub.Objectives.OpenSlo;

/// <summary>The PromQL of an indicator: over Gantry's own span metrics (docs/metrics.md) when Gantry writes it, and what can be told of anybody's when it is read.</summary>
/// <param name="Metric">The first metric in it.</param>
/// <param name="Labels">Its matchers of equality; of a name that is there twice the last.</param>
internal sealed partial record SliQuery(string Metric, IReadOnlyDictionary<string, string> Labels)
{
    public const string Calls = "traces_span_metrics_calls_total";

    private const string Duration = "traces_span_metrics_duration_seconds";

    private const string Inbound = "span_kind=~\"SPAN_KIND_SERVER|SPAN_KIND_CONSUMER\"";

    /// <summary>Counts what Gantry counts.</summary>
    public bool IsOwn => Metric is Calls or Duration + "_bucket" or Duration + "_count";

    public string Service => Labels.GetValueOrDefault("service_name", "");

    public string Operation => Labels.GetValueOrDefault("span_name", "");

    /// <summary>The bound of a histogram's bucket; null where it is no bucket.</summary>
    public TimeSpan? Bound =>
        Metric.EndsWith("_bucket", StringComparison.Ordinal) && double.TryParse(Labels.GetValueOrDefault("le"), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 86_400
            ? TimeSpan.FromTicks((long)Math.Round(seconds * (Metric.Contains("milliseconds", StringComparison.Ordinal) ? TimeSpan.TicksPerMillisecond : TimeSpan.TicksPerSecond)))
            : null;

    public static (string Good, string Total) Of(Journey journey, Objective objective)
    {
        var labels = Selector(journey, objective);
        return objective.Indicator == ObjectiveIndicator.Errors
            ? ($"sum({Calls}{{{labels},status_code!=\"STATUS_CODE_ERROR\"}})", $"sum({Calls}{{{labels}}})")
            : ($"sum({Duration}_bucket{{{labels},le=\"{objective.Threshold.TotalSeconds.ToString("0.0##", CultureInfo.InvariantCulture)}\"}})", $"sum({Duration}_count{{{labels}}})");
    }

    /// <summary>Null for what has no metric with a selector.</summary>
    public static SliQuery? Read(string query)
    {
        if (Series().Match(query) is not { Success: true } series)
        {
            return null;
        }

        var labels = new Dictionary<string, string>();
        foreach (Match matcher in Matcher().Matches(series.Groups["labels"].Value))
        {
            if (matcher.Groups["op"].Value == "=")
            {
                labels[matcher.Groups["name"].Value] = Unescape(matcher.Groups["value"].Value);
            }
        }

        return new SliQuery(series.Groups["metric"].Value, labels);
    }

    private static string Selector(Journey journey, Objective objective)
    {
        var labels = new StringBuilder();
        Add("service_name", objective.Service.Length > 0 ? objective.Service : journey.Entry.Service);
        Add("service_namespace", journey.Entry.Namespace);
        Add("deployment_environment_name", journey.Entry.Environment);
        Add("span_name", objective.Service.Length > 0 ? "" : journey.Entry.Operation);
        return labels.Append(Inbound).ToString();

        void Add(string name, string value)
        {
            if (value.Length > 0)
            {
                labels.Append(name).Append("=\"").Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)).Append("\",");
            }
        }
    }

    private static string Unescape(string value) => Escaped().Replace(value, "$1");

    [GeneratedRegex("""(?<metric>[a-zA-Z_:][a-zA-Z0-9_:]*)\s*\{(?<labels>([^"{}]|"([^"\\]|\\.)*")*)\}""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Series();

    [GeneratedRegex("""(?<name>[a-zA-Z_][a-zA-Z0-9_]*)\s*(?<op>=~|!~|!=|=)\s*"(?<value>([^"\\]|\\.)*)"?""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Matcher();

    [GeneratedRegex(@"\\(.)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Escaped();
}
