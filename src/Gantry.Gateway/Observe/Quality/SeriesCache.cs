namespace Gantry.Gateway.Observe.Quality;

/// <summary>
/// Series that came within this hour, by a hash of everything that is looked at: an SDK sends the same ones again and again, and there is nothing to learn
/// from them. A series that finds its place taken is only looked at anew.
/// </summary>
internal sealed class SeriesCache
{
    /// <summary>192 KiB a shard.</summary>
    private const int Places = 16_384;

    private readonly ulong[] _hashes = new ulong[Places];
    private readonly int[] _metrics = new int[Places];

    /// <returns>The number of its metric; -1 when it must be looked at.</returns>
    public int Find(ulong hash) => _hashes[hash % Places] == hash ? _metrics[hash % Places] : -1;

    public void Set(ulong hash, int metric)
    {
        _hashes[hash % Places] = hash;
        _metrics[hash % Places] = metric;
    }

    public void Clear() => Array.Clear(_hashes);
}
