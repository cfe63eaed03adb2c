namespace Gantry.Hub.FleetManagement.Collectors;

/// <summary>All collectors, hot in memory: a poll touches one object and no row. What operators decide is written before it is acknowledged, the rest behind.</summary>
internal sealed class CollectorStore(TimeProvider time, ILogger<CollectorStore> logger)
{
    public const int MostCollectors = 100_000;

    private readonly Dictionary<string, CollectorState> _collectors = [];
    private bool _toldFull;

    public Lock Gate { get; } = new();

    /// <summary>When this store began to hear of collectors: nobody was silent before that.</summary>
    public DateTimeOffset Started { get; } = time.GetUtcNow();

    public EffectiveConfigs Effective { get; } = new();

    public IReadOnlyCollection<CollectorState> All_NeedsLock => _collectors.Values;

    public CollectorState? Find_NeedsLock(string id) => _collectors.GetValueOrDefault(id);

    public void Add_NeedsLock(CollectorState collector) => _collectors.Add(collector.Id, collector);

    public void Remove_NeedsLock(string id) => _collectors.Remove(id);

    public bool IsFull_NeedsLock => _collectors.Count >= MostCollectors;

    /// <summary>The collector that speaks, known from now on. Beyond the bound it is served like any other and not kept, for its start must not fail.</summary>
    public CollectorState Speaking_NeedsLock(string id)
    {
        var now = time.GetUtcNow();
        if (!_collectors.TryGetValue(id, out var collector))
        {
            collector = new CollectorState(id) { Created = now, Updated = now };
            if (!IsFull_NeedsLock)
            {
                _collectors.Add(id, collector);
            }
            else if (!_toldFull)
            {
                _toldFull = true;
                Log.CollectorsFull(logger, MostCollectors);
            }
        }

        collector.Dirty |= collector.Inactive is not null || collector.LastSeen is null;
        (collector.Inactive, collector.Unregistered) = (null, false);
        return collector;
    }

    /// <summary>Takes the attributes that a collector tells, when they are others than before.</summary>
    public void TakeAttributes_NeedsLock(CollectorState collector, IReadOnlyDictionary<string, string> attributes)
    {
        if (Same(collector.Local, attributes))
        {
            return;
        }

        var taken = AttributeRules.TakeLocal(attributes, out var problem);
        collector.Problem = problem;
        if (!Same(collector.Local, taken))
        {
            collector.Local = taken;
            collector.Updated = time.GetUtcNow();
            collector.Dirty = true;
            // Another version or place may load what this one could not.
            collector.Progress.Failed = null;
        }
    }

    private static bool Same(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other) =>
        one.Count == other.Count && one.All(item => other.TryGetValue(item.Key, out var value) && value == item.Value);
}
