using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;

namespace Gantry.Hub.Storage;

/// <summary>What has to be said differently to PostgreSQL than in the house's SQL.</summary>
internal static partial class PostgresWords
{
    // Statements are constants: as many entries as the program has statements.
    private static readonly ConcurrentDictionary<string, string> Known = [];

    /// <summary><c>$name</c> is <c>@name</c> there.</summary>
    public static string Sql(string sql) => Known.GetOrAdd(sql, static sql => Parameter().Replace(sql, "@"));

    /// <summary>PostgreSQL's text takes no NUL and no half of a surrogate pair, and names of operations come from strangers: one must not keep the rows of
    /// all others from being written.</summary>
    public static object Value(object value) => value is string text && text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') | text.Contains('\0') ? Clean(text) : value;

    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            clean.Append(rune.Value == 0 ? Rune.ReplacementChar : rune);
        }

        return clean.ToString();
    }

    [GeneratedRegex(@"\$(?=[a-z])", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();
}
