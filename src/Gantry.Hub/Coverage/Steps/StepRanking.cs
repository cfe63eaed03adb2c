using Gantry.Estate.Ladder;
using Gantry.Hub.Journeys;

namespace Gantry.Hub.Coverage.Steps;

/// <summary>
/// Every step there is, ranked: for the whole estate, for one journey, or for one owner. The rule is in docs/steps.md, and is <see cref="Compare"/>. It knows no
/// clock and no chance: the same rows give the same list.
/// </summary>
public sealed class StepRanking
{
    private readonly IReadOnlyList<StepRow> _steps;

    private readonly IReadOnlyList<string> _journeys;

    private readonly Dictionary<string, string> _ownersOfJourneys;

    private readonly Lazy<IReadOnlyList<StepRow>> _all;

    public StepRanking(StepScope scope)
    {
        _steps = StepCauses.Of(scope);
        _journeys = InOrder(scope.Journeys, _steps);
        _ownersOfJourneys = scope.Journeys.GroupBy(journey => journey.Name).ToDictionary(group => group.Key, group => group.First().Owner);
        _all = new Lazy<IReadOnlyList<StepRow>>(() => Rank(_steps, _journeys));
    }

    public static StepRanking Empty { get; } = new(new StepScope([], [], [], [], [], []));

    /// <summary>Of the whole estate.</summary>
    public IReadOnlyList<StepRow> All => _all.Value;

    /// <summary>The one next step. One that nobody can take only where there is no other, and it says so; null when nothing is left at all.</summary>
    public StepRow? First => All is [var first, ..] ? first : null;

    /// <summary>Names of journeys in the order in which they are to be finished.</summary>
    public IReadOnlyList<string> Journeys => _journeys;

    /// <summary>Who has to do something, by name.</summary>
    public IReadOnlyList<string> Owners => [.. _steps.SelectMany(OwnersOf).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>What makes one journey whole.</summary>
    public IReadOnlyList<StepRow> OfJourney(string name) => Rank(_steps.Where(step => step.Journeys.Any(journey => journey.Name == name)), [name]);

    /// <summary>What a person or team has to do: about services that are theirs, and, where a service is nobody's, about their journeys.</summary>
    /// <param name="within">Only of this journey; null for all.</param>
    public IReadOnlyList<StepRow> OfOwner(string owner, string? within = null) => Rank(
        _steps.Where(step => OwnersOf(step).Contains(owner) && (within is null || step.Journeys.Any(journey => journey.Name == within))), within is null ? _journeys : [within]);

    /// <summary>The same journeys, each with the first of its steps.</summary>
    public IReadOnlyList<JourneyRow> Complete(IReadOnlyList<JourneyRow> journeys)
    {
        var first = new Dictionary<string, StepRow>();
        var byJourney = _steps.SelectMany(step => step.Journeys, (step, journey) => (journey.Name, step)).ToLookup(item => item.Name, item => item.step);
        foreach (var group in byJourney)
        {
            first[group.Key] = Rank(group, [group.Key])[0];
        }

        return [.. journeys.Select(journey => journey with { Next = first.GetValueOrDefault(journey.Name)?.ToStep() })];
    }

    private IEnumerable<string> OwnersOf(StepRow step) =>
        step.Owner.Length > 0 ? [step.Owner] : step.Journeys.Select(journey => _ownersOfJourneys.GetValueOrDefault(journey.Name, "")).Where(owner => owner.Length > 0).Distinct();

    private static List<StepRow> Rank(IEnumerable<StepRow> steps, IReadOnlyList<string> journeys)
    {
        var order = journeys.Select((name, at) => (name, at)).ToDictionary(item => item.name, item => item.at);
        var keyed = steps.Select(step => (Step: step, Key: KeyOf(step, order))).ToList();
        keyed.Sort(static (left, right) => Compare(left, right));
        return [.. keyed.Select((item, at) => item.Step with { Rank = at + 1 })];
    }

    /// <summary>The rule.</summary>
    private static int Compare((StepRow Step, Key Key) left, (StepRow Step, Key Key) right)
    {
        var order = left.Key.CompareTo(right.Key);
        order = order != 0 ? order : string.CompareOrdinal(left.Step.Title, right.Step.Title);
        return order != 0 ? order : string.CompareOrdinal(left.Step.Id, right.Step.Id);
    }

    private static Key KeyOf(StepRow step, Dictionary<string, int> journeys)
    {
        var journey = step.Journeys.Select(item => journeys.GetValueOrDefault(item.Name, int.MaxValue)).DefaultIfEmpty(int.MaxValue).Min();
        var phase = step switch
        {
            { IsTakeable: false } => 4,
            { Rung: (int)Rung.Infrastructure, MayBeGone: false } => 0,
            { Rung: (int)Rung.Custom } => 3,
            _ => journey < int.MaxValue ? 1 : 2,
        };
        return new Key(phase, journey, step.Rung, CriticalityOf(step.Criticality), step.IsRecognised ? 0 : 1, -WorthOf(step));
    }

    /// <summary>What it gains, in doublings of requests an hour (so that a rate that trembles does not change places), less one for each point of cost.</summary>
    private static int WorthOf(StepRow step) =>
        (int)Math.Floor(Math.Log2(1 + Math.Max(0, step.Gain.RequestsPerHour ?? 0))) + (step.Subject == "host" ? step.Gain.Services : 0) - PointsOf(step.Cost);

    /// <summary>Each halves what a step is worth.</summary>
    private static int PointsOf(StepCost cost) => cost.Restart switch
    {
        "none" => 0,
        "process" or "pod" => 1,
        "task" or "function" => 2,
        "unknown" => 3,
        _ => 4,
    } + (cost.Rebuild && cost.Restart != "rebuild" ? 2 : 0);

    public static int CriticalityOf(string criticality) => criticality switch { "mission_critical" => 0, "high" => 1, "medium" => 2, "low" => 3, _ => 4 };

    /// <summary>The order in which journeys are finished: seen before never seen, then the fewest steps left, then the most critical entry, then by name.</summary>
    private static List<string> InOrder(IReadOnlyList<JourneyRow> journeys, IReadOnlyList<StepRow> steps)
    {
        var left = steps.SelectMany(step => step.Journeys).GroupBy(journey => journey.Name).ToDictionary(group => group.Key, group => group.Count());
        var criticality = steps.SelectMany(step => step.Journeys, (step, journey) => (journey.Name, step.Criticality)).GroupBy(item => item.Name)
            .ToDictionary(group => group.Key, group => group.Min(item => CriticalityOf(item.Criticality)));
        return [.. journeys.OrderBy(journey => journey.State == "dark" ? 1 : 0)
            .ThenBy(journey => left.GetValueOrDefault(journey.Name))
            .ThenBy(journey => criticality.GetValueOrDefault(journey.Name, 4))
            .ThenBy(journey => journey.Name, StringComparer.Ordinal)
            .Select(journey => journey.Name).Distinct()];
    }

    /// <param name="Phase">0 infrastructure, 1 on a journey, 2 on none, 3 custom, 4 nobody can take it.</param>
    /// <param name="Journey">Place of the first of its journeys.</param>
    private readonly record struct Key(int Phase, int Journey, int Rung, int Criticality, int Unrecognised, int Worth) : IComparable<Key>
    {
        public int CompareTo(Key other) => (Phase, Journey, Rung, Criticality, Unrecognised, Worth).CompareTo((other.Phase, other.Journey, other.Rung, other.Criticality, other.Unrecognised, other.Worth));
    }
}
