using Gantry.Estate.Quality;
using Gantry.Hub.Coverage;
using Gantry.Hub.Observations;

namespace Gantry.Hub.Quality;

/// <summary>The scores of all services, judged together when somebody asks and at most once in <see cref="Fresh"/>: a rule looks at days. Thread-safe.</summary>
internal sealed class Scores(ObservationStore observations, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private static readonly string Specification = $"{OfficialRules.SpecVersion} {OfficialRules.SpecCommit[..7]}";

    private readonly Lock _building = new();
    private volatile Built? _current;

    /// <summary>By service id.</summary>
    public IReadOnlyDictionary<string, Judged> Current
    {
        get
        {
            var current = _current;
            if (current is not null && (time.GetElapsedTime(current.Timestamp) < Fresh || !_building.TryEnter()))
            {
                return current.Scores;
            }

            if (current is null)
            {
                _building.Enter();
            }

            try
            {
                return (_current = new Built(time.GetTimestamp(), Build(time.GetUtcNow()))).Scores;
            }
            finally
            {
                _building.Exit();
            }
        }
    }

    public ScoreNow? Short(string serviceId) => Current.GetValueOrDefault(serviceId)?.Row is { Value: { } value } row ? new ScoreNow(value, row.Band, row.Judged, row.Rules) : null;

    /// <summary>Lowest first.</summary>
    public IReadOnlyList<ScoreRow> All =>
        [.. Current.Values.Select(judged => judged.Row).OrderBy(row => row.Value ?? double.MaxValue).ThenBy(row => row.Service, StringComparer.Ordinal).ThenBy(row => row.ServiceId, StringComparer.Ordinal)];

    /// <param name="service">Id or name; of two with one name the first by id.</param>
    public ScoreDetail? Find(string service)
    {
        var all = Current;
        var found = all.GetValueOrDefault(service)
            ?? all.Values.Where(judged => judged.Row.Service == service).MinBy(judged => judged.Row.ServiceId, StringComparer.Ordinal);
        return found is null ? null : new ScoreDetail(found.Row, found.RuleRows());
    }

    /// <summary>Of a service that sent nothing within the window: no official rule can be judged.</summary>
    public static ScoreDetail Nothing(ServiceRow service)
    {
        var row = new ScoreRow(
            service.SeriesId, service.Name, service.Namespace, service.Environment, null, "", null, null, null, 0, OfficialRules.All.Count, [], null, null, (int)QualityStore.Window.TotalDays, Specification);
        var judged = new Judged(row, [.. OfficialRules.All.Select(rule => (rule, Judgement.None(rule.Undecidable.Length > 0 ? rule.Undecidable : "nothing came from it")))]);
        return new ScoreDetail(row, judged.RuleRows());
    }

    private Dictionary<string, Judged> Build(DateTimeOffset now)
    {
        List<QualityCopy> services;
        lock (observations.Gate)
        {
            services = QualityCopy.All_NeedsLock(observations.Quality);
        }

        var names = new MetricNamesSeen(services, now - MetricNamesSeen.Window);
        var today = new MetricNamesSeen(services, now - Day);
        return services.ToDictionary(service => service.Id, service => Judge(service, names, today, now));
    }

    private static Judged Judge(QualityCopy service, MetricNamesSeen names, MetricNamesSeen today, DateTimeOffset now)
    {
        var judge = new ServiceJudge(service, names, now - QualityStore.Window, now);
        var rules = OfficialRules.All.Select(rule => (Rule: rule, Judgement: judge.Of(rule))).ToList();
        var day = new ServiceJudge(service, today, now - Day, now);
        var lastDay = ScoreFormula.Of(OfficialRules.All.Select(rule => (rule.Impact, day.Of(rule).Verdict)));
        var score = ScoreFormula.Of(rules.Select(item => (item.Rule.Impact, item.Judgement.Verdict)));
        var row = new ScoreRow(
            service.Id,
            service.Key.Name,
            service.Key.Namespace,
            service.Key.Environment,
            score?.Value,
            score?.Band ?? "",
            score?.Lowest,
            score?.Highest,
            lastDay?.Value,
            score?.Judged ?? 0,
            rules.Count,
            [.. rules.Where(item => item.Judgement.Verdict == RuleVerdict.Failed).OrderByDescending(item => item.Rule.Weight).Select(item => item.Rule.Id)],
            service.Checks.Values.Min(check => check.First),
            service.Checks.Values.Max(check => check.Last),
            (int)QualityStore.Window.TotalDays,
            Specification);
        return new Judged(row, rules);
    }

    /// <param name="Timestamp">Of the monotonic clock.</param>
    private sealed record Built(long Timestamp, IReadOnlyDictionary<string, Judged> Scores);
}

/// <summary>A score, and what came of each rule in the order of the catalogue.</summary>
internal sealed record Judged(ScoreRow Row, IReadOnlyList<(ScoreRule Rule, Judgement Judgement)> Rules)
{
    /// <summary>Worst first: what failed by its weight, then what could not be judged, then what passed.</summary>
    public IReadOnlyList<RuleRow> RuleRows() =>
        [.. Rules.OrderBy(item => item.Judgement.Verdict switch { RuleVerdict.Failed => 0, RuleVerdict.NotJudged => 1, _ => 2 })
            .ThenByDescending(item => item.Rule.Weight)
            .Select(item => RuleRowOf(item.Rule, item.Judgement))];

    private static RuleRow RuleRowOf(ScoreRule rule, Judgement judgement) => new(
        rule.Id,
        rule.Target.ToString().ToLowerInvariant(),
        rule.Impact.ToString(),
        rule.Weight,
        rule.Title,
        rule.Criteria,
        judgement.Verdict switch { RuleVerdict.Failed => "failed", RuleVerdict.Passed => "passed", _ => "not-judged" },
        judgement.Finding,
        judgement.LastSeen,
        judgement.Since,
        judgement.LastFailed,
        rule.Why,
        rule.Fix,
        rule.Setting,
        rule.Evidence);
}
