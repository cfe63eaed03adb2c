namespace Gantry.Hub.Fleet;

/// <summary>One string for equal texts: fleets say the same few versions and names again and again. Two generations bound it without a count of users.</summary>
internal sealed class TextPool
{
    private const int MostEach = 50_000;

    // Longer ones are nobody's but the agent's own, and the pool would keep them after it.
    private const int Longest = 256;

    private readonly Lock _lock = new();
    private HashSet<string> _young = [];
    private HashSet<string> _old = [];

    public static TextPool Shared { get; } = new();

    public string Get(string text)
    {
        if (text.Length == 0)
        {
            return "";
        }

        if (text.Length > Longest)
        {
            return text;
        }

        lock (_lock)
        {
            if (_young.TryGetValue(text, out var known))
            {
                return known;
            }

            if (_young.Count >= MostEach)
            {
                (_old, _young) = (_young, []);
            }

            known = _old.TryGetValue(text, out var older) ? older : text;
            _young.Add(known);
            return known;
        }
    }
}
