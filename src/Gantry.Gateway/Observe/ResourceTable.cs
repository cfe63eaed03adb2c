using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Observe;

/// <summary>
/// Finds the entry of a resource by its bytes, which a process repeats in every request: the steady state is one hash and one compare for each
/// block of spans, and no attribute is looked at. Not thread-safe: one per shard.
/// </summary>
/// <param name="now">Unix nanoseconds; asked when a resource is new.</param>
internal sealed class ResourceTable(ServiceRegistry services, Func<ulong> now)
{
    /// <summary>Beyond this many, a resource is read anew each time and its evidence is not kept; RED stays exact.</summary>
    public const int MaxResources = 50_000;

    /// <summary>A resource is a page of attributes at most; a larger one is read anew each time, so that few requests cannot take much memory.</summary>
    public const int MaxResourceBytes = 16 * 1024;

    private const long MaxBytes = 64 * 1024 * 1024;

    // Two resources that share a 64-bit seeded hash are as good as impossible; the bytes are compared all the same.
    private readonly Dictionary<ulong, ResourceEntry> _entries = [];
    private readonly List<ulong> _added = [];
    private long _bytes;

    public IEnumerable<ResourceEntry> Entries => _entries.Values;

    public int Count => _entries.Count;

    /// <returns>Null for one that is not remembered.</returns>
    public ResourceEntry? TryFind(ReadOnlySpan<byte> resource) =>
        _entries.TryGetValue(SeededHash.Of(resource), out var known) && resource.SequenceEqual(known.Bytes) ? known : null;

    public ResourceEntry Find(ReadOnlySpan<byte> resource)
    {
        if (TryFind(resource) is { } known)
        {
            return known;
        }

        var hash = SeededHash.Of(resource);

        var entry = ResourceReader.Read(resource, services, now());
        if (_entries.Count < MaxResources && resource.Length <= MaxResourceBytes && _bytes + resource.Length <= MaxBytes)
        {
            _bytes += resource.Length;
            _entries[hash] = entry;
            _added.Add(hash);
        }

        return entry;
    }

    /// <summary>What is added from now on belongs to one request.</summary>
    public void Begin() => _added.Clear();

    /// <summary>The request was malformed: what it added goes again.</summary>
    public void Rollback()
    {
        foreach (var hash in _added)
        {
            Remove(hash);
        }

        _added.Clear();
    }

    /// <summary>Forgets resources that sent nothing since <paramref name="beforeUnixNano"/> and whose last news was reported.</summary>
    public void Expire(ulong beforeUnixNano)
    {
        foreach (var (hash, entry) in _entries)
        {
            if (!entry.Dirty && entry.LastUnixNano < beforeUnixNano)
            {
                Remove(hash);
            }
        }
    }

    private void Remove(ulong hash)
    {
        if (_entries.Remove(hash, out var entry))
        {
            _bytes -= entry.Bytes.Length;
        }
    }
}
