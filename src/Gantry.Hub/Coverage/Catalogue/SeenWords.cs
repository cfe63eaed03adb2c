namespace Gantry.Hub.Coverage.Catalogue;

/// <summary>What the emitters of one service say in one attribute, the newest few of it: a build that makes up a version at each start must not fill rows and pages.</summary>
internal sealed class SeenWords
{
    /// <summary>Of so many the words are kept, of the others the number.</summary>
    public const int Most = 5;

    public const int Longest = 200;

    private readonly Dictionary<string, DateTimeOffset> _words = new(StringComparer.Ordinal);

    /// <summary>At most <see cref="Most"/>, those that were seen last, in order.</summary>
    public IReadOnlyList<string> Newest => _words.Count < 2 ? [.. _words.Keys] :
        [.. _words.OrderByDescending(item => item.Value).ThenByDescending(item => item.Key, StringComparer.Ordinal).Take(Most).Select(item => item.Key).Order(StringComparer.Ordinal)];

    /// <summary>How many there are besides.</summary>
    public int More => Math.Max(0, _words.Count - Most);

    /// <param name="word">"" says nothing.</param>
    /// <param name="at">When its emitter was last seen.</param>
    public void Add(string word, DateTimeOffset at)
    {
        if (word.Length == 0)
        {
            return;
        }

        var cut = word.Length <= Longest ? word : $"{word.AsSpan(0, char.IsHighSurrogate(word[Longest - 2]) ? Longest - 2 : Longest - 1)}…";
        if (!_words.TryGetValue(cut, out var before) || before < at)
        {
            _words[cut] = at;
        }
    }

    /// <summary>"1.0, 1.1 and 3 more".</summary>
    public static string Text(IEnumerable<string> words, int more) => $"{string.Join(", ", words)}{(more > 0 ? $" and {more} more" : "")}";
}
