using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Observe;

/// <summary>
/// Finds the entry of a resource by its bytes, which a process repeats in every request: the steady state is one hash and one compare for each
/// block of spans, and no attribute is looked at. Not thread-safe: one per shard.
/// </summary>
internal sealed class ResourceTable(ServiceRegistry services)
{
    /// <summary>Beyond this many, a resource is read anew each time and its evidence is not kept; RED stays exact.</summary>
    public const int MaxResources = 50_000;

    // Two resources that share a 64-bit seeded hash are as good as impossible; the bytes are compared all the same.
    private readonly Dictionary<ulong, ResourceEntry> _entries = [];

    public IEnumerable<ResourceEntry> Entries => _entries.Values;

    public ResourceEntry Find(ReadOnlySpan<byte> resource)
    {
        var hash = SeededHash.Of(resource);
        if (_entries.TryGetValue(hash, out var known) && resource.SequenceEqual(known.Bytes))
        {
            return known;
        }

        var entry = ResourceReader.Read(resource, services);
        if (_entries.Count < MaxResources)
        {
            _entries[hash] = entry;
        }

        return entry;
    }

    /// <summary>Forgets resources that sent nothing since <paramref name="beforeUnixNano"/> and whose last news was reported.</summary>
    public void Expire(ulong beforeUnixNano)
    {
        foreach (var (hash, entry) in _entries)
        {
            if (!entry.Dirty && entry.LastUnixNano < beforeUnixNano)
            {
                _entries.Remove(hash);
            }
        }
    }
}
