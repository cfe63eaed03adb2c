namespace Gantry.Gateway.Report;

/// <summary>
/// Messages for the hub by what they count, each with the round in which it last moved. The hub may be away: what it has not acknowledged stays,
/// also when it is idle, as long as there is room.
/// </summary>
internal sealed class ReportTable<TKey, TMessage>
    where TKey : notnull
{
    private readonly Dictionary<TKey, Reported<TMessage>> _entries = [];

    public int Count => _entries.Count;

    public Reported<TMessage>? Find(TKey key) => _entries.GetValueOrDefault(key);

    public Reported<TMessage> Add(TKey key, TMessage message)
    {
        var entry = new Reported<TMessage>(message);
        _entries.Add(key, entry);
        return entry;
    }

    /// <summary>What moved after <paramref name="round"/>; 0 gives all.</summary>
    public IEnumerable<TMessage> ChangedSince(ulong round)
    {
        foreach (var entry in _entries.Values)
        {
            if (entry.Round > round)
            {
                yield return entry.Message;
            }
        }
    }

    /// <param name="acknowledged">The last round that the hub has.</param>
    /// <param name="mostUntold">Above this many entries, idle ones go though the hub was not told.</param>
    public void Expire(Predicate<TMessage> isIdle, ulong acknowledged, int mostUntold)
    {
        foreach (var (key, entry) in _entries)
        {
            if (isIdle(entry.Message) && (entry.Round <= acknowledged || _entries.Count > mostUntold))
            {
                _entries.Remove(key);
            }
        }
    }
}

internal sealed class Reported<TMessage>(TMessage message)
{
    public TMessage Message { get; } = message;

    public ulong Round { get; set; }
}
