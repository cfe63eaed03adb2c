using Gantry.Estate.Journeys;
using Gantry.Estate.Ladder;
using Gantry.Hub.Journeys;

namespace Gantry.Hub.Objectives;

/// <summary>How the objectives of a journey stand. Cheap: sums are kept until a count changes or a minute ends.</summary>
internal sealed class ObjectiveView(ObjectiveSlots slots)
{
    // Bounded by what can be declared; emptied when journeys came and went.
    private const int MostKept = 2 * JourneyReader.MostObjectivesTogether;

    // Counts are of finished minutes, and come a little later than what they count.
    private static readonly TimeSpan Fresh = Ladder.FreshFor + TimeSpan.FromMinutes(2);

    private readonly Dictionary<(ObjectiveKey Key, double Target, TimeSpan Window), (long Minute, long Version, ObjectiveRow Row)> _kept = [];

    public IReadOnlyList<ObjectiveRow> Of(Journey journey, DateTimeOffset now)
    {
        var current = now.UtcTicks / TimeSpan.TicksPerMinute;
        lock (slots.Gate)
        {
            return [.. journey.Objectives.Select(objective => Of_NeedsLock(journey, objective, current))];
        }
    }

    /// <summary>How the counts of a series are judged.</summary>
    internal static ObjectiveRow Judge(Objective objective, ObjectiveSeries? series, long current)
    {
        var all = series?.Sum(objective.Window, current) ?? default;
        var allowed = 1 - objective.Target;
        var burns = BurnRule.For(objective.Window).Select(rule =>
        {
            var threshold = rule.ThresholdFor(objective.Window);
            var (longer, shorter) = (Rate(series?.Sum(rule.Long, current) ?? default), Rate(series?.Sum(rule.Short, current) ?? default));
            return new BurnRow(rule.Alert, rule.Long.TotalSeconds, rule.Short.TotalSeconds, threshold, longer, shorter, longer > threshold && shorter > threshold);
        }).ToList();
        double? good = all.Requests == 0 ? null : (double)(all.Requests - all.Bad) / all.Requests;
        double? budget = all.Requests == 0 ? null : 1 - ((double)all.Bad / all.Requests / allowed);
        var last = series?.Last(current);
        return new ObjectiveRow(
            objective.Name, objective.Service, objective.Indicator == ObjectiveIndicator.Errors ? "errors" : "duration", objective.Target, objective.Window.TotalSeconds,
            objective.Threshold.TotalSeconds, all.Requests, all.Bad, good, budget, burns, State(good, objective.Target, burns, isFresh: current - last <= (long)Fresh.TotalMinutes))
        {
            Since = At(series?.First(objective.Window, current)),
            LastAt = At(last),
        };

        static DateTimeOffset? At(long? minute) => minute is { } at ? new DateTimeOffset(at * TimeSpan.TicksPerMinute, TimeSpan.Zero) : null;

        double? Rate(SlotCount count) => count.Requests == 0 ? null : (double)count.Bad / count.Requests / allowed;
    }

    /// <summary>A promise that was not kept stays that; that one is kept now needs requests of now.</summary>
    private static string State(double? good, double target, List<BurnRow> burns, bool isFresh) =>
        good is not { } share ? "unknown" : share < target ? "missed" : !isFresh ? "stale" : burns.Exists(burn => burn.Holds) ? "burning" : "met";

    private ObjectiveRow Of_NeedsLock(Journey journey, Objective objective, long current)
    {
        var key = ObjectiveKey.Of(journey, objective);
        var series = slots.Find_NeedsLock(key);
        var version = series?.Version ?? -1;
        var kept = (key, objective.Target, objective.Window);
        if (_kept.TryGetValue(kept, out var before) && before.Minute == current && before.Version == version)
        {
            return before.Row;
        }

        if (_kept.Count >= MostKept)
        {
            _kept.Clear();
        }

        var row = Judge(objective, series, current);
        _kept[kept] = (current, version, row);
        return row;
    }
}
