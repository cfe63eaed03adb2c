using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Gantry.Estate.Agents;

/// <summary>A few attributes, for one agent of very many: one array and nothing else, a third of what a hash table takes. Later ones go first where a name
/// is there twice.</summary>
public sealed class AttributeCollection : IReadOnlyDictionary<string, string>
{
    private readonly KeyValuePair<string, string>[] _sorted;

    public AttributeCollection(IEnumerable<KeyValuePair<string, string>> attributes)
    {
        var last = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in attributes)
        {
            last[name] = value;
        }

        _sorted = [.. last];
    }

    public int Count => _sorted.Length;

    public IEnumerable<string> Keys => _sorted.Select(static pair => pair.Key);

    public IEnumerable<string> Values => _sorted.Select(static pair => pair.Value);

    public string this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"there is no attribute \"{key}\"");

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
    {
        var (low, high) = (0, _sorted.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = string.CompareOrdinal(_sorted[middle].Key, key);
            if (order == 0)
            {
                value = _sorted[middle].Value;
                return true;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        value = null;
        return false;
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, string>>)_sorted).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _sorted.GetEnumerator();
}
