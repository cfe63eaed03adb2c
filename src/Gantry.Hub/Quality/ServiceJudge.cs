using Gantry.Estate.Quality;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Quality;

/// <summary>Judges the official rules for one service over one window. Pure: the same evidence gives the same verdicts.</summary>
/// <param name="from">The window's beginning.</param>
internal sealed class ServiceJudge(QualityCopy service, MetricNamesSeen names, DateTimeOffset from, DateTimeOffset now)
{
    private const string NoResources = "nothing came from it";
    private const string NoTraces = "no whole trace of it was chosen yet";
    private const string NoMetrics = "it sends no metrics";
    private const string NoLogs = "it sends no logs";

    /// <summary>LOG-001.</summary>
    private static readonly TimeSpan MostDebug = TimeSpan.FromDays(14);

    private static readonly string[] Production = ["production", "prod"];

    public Judgement Of(ScoreRule rule) => rule.Undecidable.Length > 0 ? Judgement.None(rule.Undecidable) : rule.Id switch
    {
        "RES-001" => Check(QualityChecks.InstanceId, NoResources, "without service.instance.id: "),
        "RES-002" => Check(Checks.UniqueInstance, "no resource of it has a service.instance.id"),
        "RES-003" => Check(QualityChecks.PodUid, "no resource of it describes a pod", "without k8s.pod.uid: "),
        "RES-004" => Levels(),
        "RES-005" => Check(QualityChecks.ServiceName, NoResources, "without service.name: "),
        "SPA-001" => Check(Checks.InternalSpans, NoTraces),
        "SPA-002" => Check(Checks.Orphans, Find(Checks.InternalSpans) is null ? NoTraces : "its traces have spans that were sampled at their source"),
        "SPA-004" => Check(Checks.ClientRoots, NoTraces),
        "SPA-005" => Check(Checks.ShortSpans, NoTraces),
        "MET-001" => Check(Checks.Cardinality, NoMetrics),
        "MET-002" => Metrics(from, metric => !UcumUnits.IsUnit(metric.Unit), metric => metric.Unit.Length == 0 ? $"{metric.Name} has no unit" : $"{metric.Name} has unit \"{metric.Unit}\", which is none of UCUM"),
        "MET-003" => Metrics(Recent, metric => names.OtherUnit(metric) is not null, metric => $"{metric.Name} has unit \"{metric.Unit}\" here and \"{names.OtherUnit(metric)!.Value.Unit}\" in {names.OtherUnit(metric)!.Value.Service}"),
        "MET-004" => Metrics(Recent, metric => names.OtherBounds(metric) is not null, metric => $"{metric.Name} has other buckets in {names.OtherBounds(metric)!.Value.Service}: {names.OtherBounds(metric)!.Value.Bounds}", metric => metric.Bounds != 0),
        "MET-005" => Metrics(from, metric => MetricNames.UnitIn(metric.Name, metric.Unit).Length > 0, metric => $"{metric.Name} has its unit in its name: {MetricNames.UnitIn(metric.Name, metric.Unit)}"),
        "MET-006" => Metrics(from, metric => MetricNames.IsAttributeKey(metric.Name), metric => $"{metric.Name} is the key of an attribute"),
        "LOG-001" => Debug(),
        "LOG-002" => Check(QualityChecks.Severity, NoLogs, "without a severity number: "),
        "SDK-001" => Check(Checks.Runtime, "it does not tell SDK and runtime with their versions, or they are not in our table"),
        _ => Judgement.None("this version of Gantry does not know it"),
    };

    private DateTimeOffset Recent => from > now - MetricNamesSeen.Window ? from : now - MetricNamesSeen.Window;

    private CheckSeen? Find(string check) => service.Checks.TryGetValue(check, out var seen) ? seen : null;

    private Judgement Check(string check, string unseen, string says = "")
    {
        var judgement = Judgement.Of(Find(check), from, unseen);
        return judgement.Verdict == RuleVerdict.Failed && says.Length > 0 ? judgement with { Finding = $"{says}{(judgement.Finding.Length > 0 ? judgement.Finding : "a resource that names nothing else")}" } : judgement;
    }

    /// <summary>Resources and log records are looked at by every gateway, spans by a sample: without one, all that can be said is that they were not.</summary>
    private Judgement Levels()
    {
        var (others, spans) = (Judgement.Of(Find(QualityChecks.Level), from, NoResources), Judgement.Of(Find(QualityChecks.SpanLevel), from, ""));
        if (others.Verdict == RuleVerdict.Failed || spans.Verdict == RuleVerdict.Failed)
        {
            return others.Verdict == RuleVerdict.Failed ? others : spans;
        }

        var sendsSpans = Find(Checks.Traces) is { } traces && traces.Last >= from;
        return sendsSpans && spans.Verdict == RuleVerdict.NotJudged ? Judgement.None("none of its spans was looked at yet") : others;
    }

    private Judgement Debug()
    {
        if (!Production.Contains(service.Key.Environment, StringComparer.OrdinalIgnoreCase))
        {
            return Judgement.None(service.Key.Environment.Length == 0 ? "it does not say in which environment it runs" : $"its environment is {service.Key.Environment}, not production");
        }

        var judgement = Judgement.Of(Find(QualityChecks.Debug), from, NoLogs);
        if (judgement is not { Verdict: RuleVerdict.Failed, Since: { } since, LastFailed: { } last })
        {
            return judgement;
        }

        return last - since > MostDebug
            ? judgement with { Finding = $"DEBUG came for {(int)(last - since).TotalDays} days: {judgement.Finding}" }
            : new Judgement(RuleVerdict.Passed, $"DEBUG came since {since:yyyy-MM-dd}; from {since + MostDebug:yyyy-MM-dd} on it fails", judgement.LastSeen);
    }

    private Judgement Metrics(DateTimeOffset since, Func<MetricVariant, bool> fails, Func<MetricVariant, string> say, Func<MetricVariant, bool>? applies = null)
    {
        var (failing, last) = (0, default(DateTimeOffset?));
        MetricCopy? worst = null;
        foreach (var metric in service.Metrics.Where(metric => metric.Last >= since && (applies is null || applies(metric.Variant))))
        {
            last = last > metric.Last ? last : metric.Last;
            if (fails(metric.Variant))
            {
                failing++;
                // The newest; by name where two are as new, so that every node says the same.
                worst = worst is { } known && (known.Last, metric.Variant.Name).CompareTo((metric.Last, known.Variant.Name)) >= 0 ? worst : metric;
            }
        }

        if (last is null)
        {
            return Judgement.None(applies is null ? NoMetrics : "it sends no histograms with explicit bounds");
        }

        return worst is { } bad
            ? new Judgement(RuleVerdict.Failed, $"{say(bad.Variant)}{(failing > 1 ? $"; and {failing - 1} more" : "")}", last, LastFailed: bad.Last)
            : new Judgement(RuleVerdict.Passed, "", last);
    }
}
