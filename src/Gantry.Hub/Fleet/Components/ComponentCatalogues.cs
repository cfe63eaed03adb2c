using Gantry.Protocol.OpAmp;

namespace Gantry.Hub.Fleet.Components;

/// <summary>
/// Which components the builds of agents have, by the agents' own hash: one build has one list, so one agent is asked and all others with the same hash are
/// not. Thread-safe.
/// </summary>
internal sealed class ComponentCatalogues
{
    private const int MostCatalogues = 1_000;
    private const int MostComponents = 20_000;

    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, IReadOnlySet<string>> _known = [];
    private readonly Dictionary<string, DateTimeOffset> _asked = [];

    public bool Knows(string hash)
    {
        lock (_lock)
        {
            return _known.ContainsKey(hash);
        }
    }

    /// <returns>"receivers/otlp", "processors/batch" …; null: no agent with that hash has said.</returns>
    public IReadOnlySet<string>? Find(string hash)
    {
        lock (_lock)
        {
            return _known.GetValueOrDefault(hash);
        }
    }

    /// <summary>One agent of a build is asked, and another one only when that does not answer.</summary>
    public bool MayAsk(string hash, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_asked.TryGetValue(hash, out var at) && now - at < AskEvery)
            {
                return false;
            }

            if (_asked.Count >= MostCatalogues)
            {
                _asked.Clear();
            }

            _asked[hash] = now;
            return true;
        }
    }

    public void Learn(string hash, AvailableComponents components)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var group in components.Components)
        {
            Add(names, group.Name, group.Value);
        }

        lock (_lock)
        {
            if (_known.Count < MostCatalogues || _known.ContainsKey(hash))
            {
                _known[hash] = names;
                _asked.Remove(hash);
            }
        }
    }

    private static void Add(SortedSet<string> names, string path, ComponentDetails details)
    {
        if (names.Count >= MostComponents)
        {
            return;
        }

        if (details.Parts.Count == 0)
        {
            names.Add(path);
        }

        foreach (var part in details.Parts)
        {
            Add(names, $"{path}/{part.Name}", part.Value);
        }
    }
}
