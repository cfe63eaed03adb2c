namespace Gantry.Hub.Objectives;

/// <summary>Counts of all objectives, as the table has them; filled by <see cref="ObjectiveAccumulator"/>, read by every door.</summary>
internal sealed class ObjectiveSlots
{
    private readonly Dictionary<ObjectiveKey, ObjectiveSeries> _series = [];

    public Lock Gate { get; } = new();

    public ObjectiveSeries? Find_NeedsLock(ObjectiveKey key) => _series.GetValueOrDefault(key);

    public ObjectiveSeries Of_NeedsLock(ObjectiveKey key)
    {
        if (!_series.TryGetValue(key, out var series))
        {
            _series.Add(key, series = new ObjectiveSeries());
        }

        return series;
    }

    /// <summary>What is no longer declared takes no room.</summary>
    public void Keep_NeedsLock(IReadOnlySet<ObjectiveKey> keys)
    {
        foreach (var key in _series.Keys.Where(key => !keys.Contains(key)).ToList())
        {
            _series.Remove(key);
        }
    }

    public void Clear_NeedsLock() => _series.Clear();
}
