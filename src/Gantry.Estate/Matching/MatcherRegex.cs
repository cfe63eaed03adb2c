using System.Text;
using System.Text.RegularExpressions;

namespace Gantry.Estate.Matching;

/// <summary>
/// The regular expressions of matchers: anchored at both ends, the syntax of RE2, linear in the length of the value. What .NET would read in another way
/// than RE2 is translated (<c>\d</c>, <c>\w</c>, <c>\s</c> and <c>$</c> mean ASCII and the very end) or refused.
/// </summary>
internal static class MatcherRegex
{
    /// <summary>RE2 has the same bound.</summary>
    private const int MostRepeats = 1000;

    /// <param name="error">What is wrong, and what to write; "" when nothing is.</param>
    public static Regex? Parse(string pattern, out string error)
    {
        if (Translate(pattern, out error) is not { } translated)
        {
            return null;
        }

        try
        {
            // Without backtracking the time is linear in the value, whoever wrote the pattern.
            return new Regex($@"\A(?:{translated})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            error = $"is not a regular expression of RE2 syntax: {exception.Message.TrimEnd('.')}";
            return null;
        }
    }

    private static string? Translate(string pattern, out string error)
    {
        var text = new StringBuilder();
        var inClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length)
            {
                if (Escape(pattern[++i], inClass) is not { } escape)
                {
                    error = $@"\{pattern[i]} inside [ ] is not read; write the characters out";
                    return null;
                }

                text.Append(escape);
                continue;
            }

            var rest = pattern.AsSpan(i);
            if (rest.StartsWith("[[:") || (inClass && rest.StartsWith("[:")) || (inClass && rest.StartsWith("-[")))
            {
                error = "classes such as [[:alpha:]] and [a-z-[b]] are not read; write the characters out, as in [A-Za-z]";
                return null;
            }

            if (!inClass && rest.StartsWith("(?P<"))
            {
                error = "named groups are not read; a matcher needs none, write ( )";
                return null;
            }

            if (!inClass && c == '{' && Repeats(rest) > MostRepeats)
            {
                error = $"repeats more than {MostRepeats} times";
                return null;
            }

            inClass = inClass ? c != ']' || pattern[i - 1] == '[' || (pattern[i - 1] == '^' && i > 1 && pattern[i - 2] == '[') : c == '[';
            text.Append(!inClass && c == '$' ? @"\z" : c.ToString());
        }

        error = "";
        return text.ToString();
    }

    private static string? Escape(char c, bool inClass) => (c, inClass) switch
    {
        ('d', false) => "[0-9]",
        ('w', false) => "[0-9A-Za-z_]",
        ('s', false) => @"[\t\n\f\r ]",
        ('D', false) => "[^0-9]",
        ('W', false) => "[^0-9A-Za-z_]",
        ('S', false) => @"[^\t\n\f\r ]",
        ('d', true) => "0-9",
        ('w', true) => "0-9A-Za-z_",
        ('s', true) => @"\t\n\f\r ",
        ('D' or 'W' or 'S', true) => null,
        _ => $@"\{c}",
    };

    private static int Repeats(ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOf('}');
        var most = 0;
        foreach (var part in end < 0 ? default : rest[1..end].Split(','))
        {
            most = int.TryParse(rest[1..end][part], out var count) && count > most ? count : most;
        }

        return most;
    }
}
