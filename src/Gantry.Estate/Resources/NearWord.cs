namespace Gantry.Estate.Resources;

/// <summary>What somebody probably meant.</summary>
public static class NearWord
{
    /// <summary>The first of the words that is within two typing errors, or differs in '_', '-' and case only; null without one.</summary>
    public static string? Of(string word, IEnumerable<string> words)
    {
        var plain = Plain(word);
        return words.FirstOrDefault(other => Plain(other) == plain || Distance(other, word) <= (Math.Min(word.Length, other.Length) < 4 ? 1 : 2));
    }

    private static string Plain(string word) => word.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>Typing errors between two words; they are short. 3 stands for more than two.</summary>
    public static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 2)
        {
            return 3;
        }

        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var here = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = row[j];
                row[j] = here;
            }
        }

        return row[^1];
    }
}
