using System.Data.Common;
using Gantry.Estate.Journeys;
using Gantry.Hub.Estate;
using Gantry.Hub.Journeys;
using Gantry.Hub.Nodes;
using Gantry.Hub.Observations;
using Gantry.Hub.Storage;

namespace Gantry.Hub.Objectives;

/// <summary>
/// Takes finished minutes of RED into the objectives' counts. The last hour of RED is in memory by the minute and is the truth: each round works every minute of it
/// out anew and overwrites what differs. So a report that comes late is added, a round that runs twice adds nothing, and a hub that starts again goes on where it was.
/// </summary>
internal sealed class ObjectiveAccumulator(
    HubDatabase database, ObservationStore observations, ResourceStore resources, DeclaredNames serviceNames, ObjectiveSlots slots, Node node, TimeProvider time, ILogger<ObjectiveAccumulator> logger)
    : PeriodicService(Every, time, logger)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan TidyEvery = TimeSpan.FromMinutes(10);

    // RED keeps sixty; the oldest of them may have lost its first seconds.
    private const int Recent = 59;

    // Services of one name in many namespaces and environments.
    private const int MostServices = 50;

    private bool _isLoaded;

    private DateTimeOffset _tidied;

    protected override string What => "Counting objectives";

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the doors open, so that no page says "unknown" of what is known.
        Run();
        return base.StartAsync(cancellationToken);
    }

    /// <summary>Everything up to the last finished minute is in the table when it returns. What is not counted when the hub stops is in RED after the next start.</summary>
    protected override void Round()
    {
        using var turn = ObserverTurn.Take(database, node);
        if (turn is null)
        {
            Forget();
            return;
        }

        var connection = turn.Connection;
        var now = Time.GetUtcNow();
        var current = now.UtcTicks / TimeSpan.TicksPerMinute;
        var from = current - Recent;
        var (declared, isWhole) = Declared();
        if (!_isLoaded)
        {
            Load(connection, from);
            _isLoaded = true;
        }

        var counted = Count(declared, from, current, now);
        var changes = new List<(ObjectiveKey Key, List<ServiceSlot> Slots)>();
        lock (slots.Gate)
        {
            foreach (var (key, minutes, services) in counted)
            {
                changes.Add((key, slots.Of_NeedsLock(key).Changes(minutes, services, from, current)));
            }
        }

        foreach (var (key, rows) in changes)
        {
            ObjectiveTable.Write(connection, key, rows);
        }

        var tidies = now - _tidied >= TidyEvery;
        if (tidies)
        {
            Tidy(connection, declared, isWhole, current);
        }

        turn.Commit();
        lock (slots.Gate)
        {
            foreach (var (key, rows) in changes)
            {
                slots.Of_NeedsLock(key).Take(rows, from);
            }

            if (tidies && isWhole)
            {
                slots.Keep_NeedsLock(declared.Keys.ToHashSet());
            }
        }

        _tidied = tidies ? now : _tidied;
    }

    private static void Tidy(DbConnection connection, Dictionary<ObjectiveKey, (Journey, Objective)> declared, bool isWhole, long current)
    {
        ObjectiveTable.RollUp(connection, (current - ObjectiveSeries.MinutesKept - 60) / 60 * 60);
        ObjectiveTable.Purge(connection, (current / 60) - ObjectiveSeries.HoursKept - 1);
        // A journey that this version cannot read is declared all the same.
        foreach (var key in isWhole ? ObjectiveTable.KeysOfHours(connection).Where(key => !declared.ContainsKey(key)) : [])
        {
            ObjectiveTable.PurgeHours(connection, key);
        }
    }

    private (Dictionary<ObjectiveKey, (Journey Journey, Objective Objective)> Declared, bool IsWhole) Declared()
    {
        var declared = new Dictionary<ObjectiveKey, (Journey, Objective)>();
        var isWhole = true;
        foreach (var resource in resources.OfKind(JourneyReader.Kind))
        {
            isWhole &= resource.Document is not null;
            if (resource.Document?.Model is Journey journey)
            {
                foreach (var objective in journey.Objectives)
                {
                    declared[ObjectiveKey.Of(journey, objective)] = (journey, objective);
                }
            }
        }

        return (declared, isWhole);
    }

    private List<(ObjectiveKey Key, List<MinuteCount> Minutes, HashSet<string> Services)> Count(
        Dictionary<ObjectiveKey, (Journey Journey, Objective Objective)> declared, long from, long current, DateTimeOffset now)
    {
        var names = declared.Values.Select(NameOf).ToHashSet();
        var counted = new List<(ObjectiveKey, List<MinuteCount>, HashSet<string>)>(declared.Count);
        lock (observations.Gate)
        {
            var services = observations.Services_NeedsLock.SelectMany(service => serviceNames.Of(service.Key).Where(names.Contains), (service, name) => (service, name)).ToLookup(item => item.name, item => item.service);
            foreach (var (key, item) in declared)
            {
                // The same namespace and environment as the entry's: a hop is named within them.
                var entry = item.Journey.Entry with { Service = NameOf(item) };
                var matching = services[entry.Service].Where(service => entry.IsOf(entry.Service, service.Key.Namespace, service.Key.Environment))
                    .OrderBy(service => service.Id, StringComparer.Ordinal).Take(MostServices).ToList();
                counted.Add((
                    key,
                    [.. matching.GroupBy(service => serviceNames.OneOf(service.Key)).SelectMany(one => OneEach([.. one.SelectMany(service => MinuteCount.Of_NeedsLock(service, item.Journey, item.Objective, from, current, now))]))],
                    matching.Select(service => service.Id).ToHashSet()));
            }
        }

        return counted;
    }

    /// <summary>Names of one declared service tell of the same requests: each minute is counted from the one that saw most of it.</summary>
    private static List<MinuteCount> OneEach(List<MinuteCount> minutes) => minutes.Select(minute => minute.ServiceId).Distinct().Take(2).Count() < 2 ? minutes
        : [.. minutes.GroupBy(minute => minute.Minute).Select(same => same.MaxBy(minute => Math.Max(minute.Spans.Requests, minute.Metrics.Requests)))];

    private void Load(DbConnection connection, long recentFrom)
    {
        lock (slots.Gate)
        {
            slots.Clear_NeedsLock();
            ObjectiveTable.Load(
                connection,
                (key, slot) => slots.Of_NeedsLock(key).Restore(slot, recentFrom),
                (key, hour, count) => slots.Of_NeedsLock(key).RestoreHour(hour, count));
        }
    }

    private void Forget()
    {
        _isLoaded = false;
        lock (slots.Gate)
        {
            slots.Clear_NeedsLock();
        }
    }

    private static string NameOf((Journey Journey, Objective Objective) item) => item.Objective.Service.Length > 0 ? item.Objective.Service : item.Journey.Entry.Service;
}
